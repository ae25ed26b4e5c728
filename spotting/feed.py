"""What each training step sees: windows read ahead and augmented on the device, or cached features.

What step k holds depends on the seed and k alone, however far ahead it was read.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spotting import augment
from spotting.config import TrainConfig
from spotting.device import available_cores
from spotting.errors import BadConfig
from spotting.events import LabelledClip
from spotting.targets import LabelRows, Targets, locate, make_targets
from spotting.windows import Placement, batches, class_numbers, label_rows, place_windows, read_batch

_MOST_READERS = 8


class Feed(Protocol):
    """Gives what the spotter sees in a step, and its targets, both on the device."""

    def batch(self, step: int) -> tuple[Tensor, Targets]: ...

    def close(self) -> None: ...


class Plan:
    """Which windows, draws and labels make up each step of a training on `clips`."""

    def __init__(self, clips: Sequence[LabelledClip], classes: Sequence[str], config: TrainConfig) -> None:
        self.clips, self.classes, self.config = clips, tuple(classes), config
        self.numbers = class_numbers(clips, classes)
        unknown = {name for pair in config.mirrored for name in pair} - set(classes)
        if unknown:
            raise BadConfig(f"mirrored names {min(unknown)!r}: it is not one of the classes")
        self.lengths = [len(clip.frames) for clip in clips]
        self.steps = batches(self.lengths, config)
        self.total = self.steps * config.epochs
        self._chances = [clip.chances_LS for clip in clips if clip.chances_LS is not None]
        self._placed: tuple[int, list[list[Placement]]] = (-1, [])

    def placements(self, step: int) -> list[Placement]:
        """The windows of a step."""
        epoch, within = divmod(step, self.steps)
        number, placed = self._placed
        if number != epoch:
            placed = place_windows(self.lengths, self.config, epoch)
            self._placed = (epoch, placed)
        return placed[within]

    def draws(self, step: int, widths_B: Sequence[int]) -> augment.Draws:
        """The augmentation of a step whose pictures are `widths_B` pixels wide."""
        return augment.draw(self.config, widths_B, np.random.default_rng([self.config.seed, 1, step]))

    def label_rate(self) -> Tensor:
        """Labels per frame and class [C] in the clips."""
        numbers_L = np.concatenate([*self.numbers, []]).astype(int)
        counts_C = np.bincount(numbers_L, minlength=len(self.classes))
        return torch.tensor(counts_C / max(1, sum(self.lengths)), dtype=torch.float32)

    def targets(self, rows: LabelRows, mix_B: NDArray[np.float32] | None) -> Targets:
        """Ground truth of a batch with the labels `rows`."""
        config = self.config
        window, classes = config.model.window, len(self.classes)
        made = make_targets(rows, config.batch, window, classes, dilation=config.dilation, mix_B=mix_B)
        if len(self._chances) < len(self.clips):
            return made
        return replace(made, located=locate(rows, self._chances, config.batch, mix_B))


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A step's uint8 pictures [B, T, size, size, 3] on the host, and what is to be done with them."""

    pictures: Tensor
    present_BT: Tensor
    draws: augment.Draws
    targets: Targets


class PictureFeed:
    """Feeds pictures: threads read and crop the next steps' windows while the device works on this one's.

    Pictures travel as bytes; colours, flips, blur and MixUp happen on the device.
    """

    def __init__(self, plan: Plan, device: str) -> None:
        self._plan, self._device = plan, device
        self._pinned = device.startswith("cuda")
        self._readers = min(_MOST_READERS, available_cores()) if self._pinned else 1
        self._pool = ThreadPoolExecutor(self._readers, thread_name_prefix="reader")
        self._coming: dict[int, Future[Read]] = {}

    def batch(self, step: int) -> tuple[Tensor, Targets]:
        """Normalised pictures [B, T, 3, H, W] and the targets of a step; raises what reading raised."""
        for soon in range(step, min(step + 1 + self._readers, max(self._plan.total, step + 1))):
            if soon not in self._coming:
                self._coming[soon] = self._pool.submit(self.read, soon)
        read = self._coming.pop(step).result()
        pictures = read.pictures.to(self._device, non_blocking=True)
        return augment.apply(pictures, read.present_BT, read.draws), read.targets.to(self._device)

    def read(self, step: int) -> Read:
        """The host's part of a step."""
        plan, config = self._plan, self._plan.config
        found = read_batch(plan.clips, plan.numbers, plan.placements(step), config)
        draws = plan.draws(step, [window.shape[2] for window in found.pictures])
        rows = augment.mirror_labels(found.rows, draws.flip_B, plan.classes, config.mirrored)
        pictures = augment.crop(found.pictures, draws, config.model.size)
        if self._pinned:
            pictures = pictures.pin_memory()
        return Read(pictures, found.present_BT, draws, plan.targets(rows, draws.mix_B))

    def close(self) -> None:
        """Stops reading ahead."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class FeatureFeed:
    """Feeds a frozen backbone's features of every clip, which start `blank_frames` before it.

    Of the augmentation MixUp alone is left, of features.
    """

    def __init__(self, plan: Plan, features_CND: Sequence[NDArray[np.float32]], device: str) -> None:
        self._plan, self._features, self._device = plan, features_CND, device

    def batch(self, step: int) -> tuple[Tensor, Targets]:
        """Features [B, T, D] and the targets of a step."""
        plan, model = self._plan, self._plan.config.model
        placed = plan.placements(step)
        blank = plan.config.blank_frames
        cut = [self._features[clip][start + blank : start + blank + model.window] for clip, start in placed]
        features_BTD = torch.from_numpy(np.stack(cut)).to(self._device)
        draws = plan.draws(step, [model.size] * len(placed))
        if draws.mix_B is not None:
            features_BTD = augment.mix(features_BTD, draws.mix_B)
        rows = label_rows(plan.clips, plan.numbers, placed, model.window)
        return features_BTD, plan.targets(rows, draws.mix_B).to(self._device)

    def close(self) -> None:
        """Nothing is open."""
