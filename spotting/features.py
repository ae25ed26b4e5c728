"""Backbone features of whole clips, every frame once; kept on disk for trainings that freeze the backbone."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spotting import augment
from spotting.config import TrainConfig
from spotting.device import autocast
from spotting.events import Frames, LabelledClip
from spotting.progress import Progress
from spotting.spotter import Spotter
from spotting.windows import read_window

_CHUNK, _REACHES = 256, 20
"""Frames seen at once: as many, or so many times the backbone's reach; margins stay a tenth of the work."""


@torch.no_grad()
def span_features(
    spotter: Spotter,
    frames: Frames,
    limits: tuple[int, int],
    device: str,
    progress: Callable[[float, float], None],
) -> Tensor:
    """Features [N, D] of the frames between `limits`, on the device; blank frames outside the clip.

    `progress` is told frames.
    """
    spotter.eval()
    first, last = limits
    chunks, chunk = [], max(_CHUNK, _REACHES * spotter.backbone.reach)
    for begin in range(first, last, chunk):
        end = min(begin + chunk, last)
        chunks.append(clip_features(spotter, frames, begin, end, limits, device))
        progress(min(end, len(frames)), len(frames))
    return torch.cat(chunks)


def clip_features(
    spotter: Spotter, frames: Frames, first: int, last: int, limits: tuple[int, int], device: str
) -> Tensor:
    """Backbone features [last - first, D] of frames `first` to `last`, blank outside the clip.

    Read with a margin as wide as the backbone looks, within `limits`: they equal those of one run over all
    frames between the limits.
    """
    model, reach = spotter.config.model, spotter.backbone.reach
    left, right = max(limits[0], first - reach), min(limits[1], last + reach)
    pictures, present = read_window(frames, left, right - left, model.size, model.framing)
    draws = augment.plain_draws([pictures.shape[2]], model.size)
    batch = augment.crop([pictures], draws, model.size).to(device)
    shown = augment.apply(batch, torch.from_numpy(present)[None], draws)
    with autocast(device, enabled=spotter.config.amp):
        features = spotter.features(shown)
    return features[0, first - left : last - left].float()


def cached_features(
    spotter: Spotter, clips: Sequence[LabelledClip], folder: Path, device: str, progress: Progress
) -> list[NDArray[np.float32]]:
    """Per clip the features [N, D] of all frames that a window may show, memory-mapped from `folder`.

    Frame i of a file is frame i - `blank_frames` of the clip. A file is keyed by the backbone's weights and
    the clip; what is there is not made again. `progress` is told frames.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config, weights = spotter.config, _fingerprint(spotter)
    total, done = sum(len(clip.frames) for clip in clips), 0
    kept: list[NDArray[np.float32]] = []
    for clip in clips:
        path = folder / f"{_key(clip, weights, config)}.npy"
        if not path.exists():
            limits = (-config.blank_frames, _end(len(clip.frames), config))

            def tell(read: float, _: float, before: int = done) -> None:
                progress(before + read, total, "features of the frozen backbone")

            _write(path, span_features(spotter, clip.frames, limits, device, tell).cpu().numpy())
        done += len(clip.frames)
        kept.append(np.load(path, mmap_mode="r"))
    return kept


def _end(length: int, config: TrainConfig) -> int:
    """The frame past the last one that a window may show."""
    return max(length + config.blank_frames, config.model.window - config.blank_frames)


def _fingerprint(spotter: Spotter) -> str:
    told = hashlib.sha256()
    for name, weight in spotter.backbone.state_dict().items():
        told.update(name.encode())
        told.update(weight.cpu().numpy().tobytes())
    return told.hexdigest()


def _key(clip: LabelledClip, weights: str, config: TrainConfig) -> str:
    model = config.model
    told = (weights, clip.source, clip.name, len(clip.frames), model.framing, model.size)
    shape = (model.window, config.blank_frames, config.amp)
    return hashlib.sha256("\0".join(map(str, told + shape)).encode()).hexdigest()[:24]


def _write(path: Path, features_ND: NDArray[np.float32]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.npy")
    try:
        np.save(beside, features_ND)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
