"""What steps see: every frame read once, the same however far ahead, or a frozen backbone's features."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from spotting.checkpoint import save_spotter, start_from
from spotting.config import TrainConfig
from spotting.errors import BadCheckpoint, BadConfig
from spotting.events import Frames, LabelledClip
from spotting.features import cached_features, clip_features
from spotting.feed import FeatureFeed, PictureFeed, Plan
from spotting.progress import silent
from spotting.spotter import Spotter
from spotting.train import fit, new_spotter
from spotting.windows import class_numbers, read_batch

Tiny = Callable[..., TrainConfig]
CLASSES = ("red", "blue")


@dataclass(frozen=True)
class Counted:
    """`Frames` that counts how often each is read."""

    frames: Frames
    reads: Counter[int] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        self.reads.update(indices)
        return self.frames.read(indices)


def test_no_frame_is_read_twice_in_a_batch(clips: list[LabelledClip], tiny: Tiny) -> None:
    watched = [replace(clip, frames=Counted(clip.frames)) for clip in clips]
    placed = [(0, -3), (1, 10), (0, 5), (0, 30)]
    batch = read_batch(watched, class_numbers(watched, CLASSES), placed, tiny(mixup=0.2))
    for clip in watched:
        assert isinstance(clip.frames, Counted)
        assert set(clip.frames.reads.values()) <= {1}
    for (clip, start), pictures, present in zip(placed, batch.pictures, batch.present_BT, strict=True):
        inside = [frame for frame in range(start, start + 16) if 0 <= frame < 40]
        assert np.array_equal(pictures[present.numpy()], clips[clip].frames.read(inside))
        assert int(present.sum()) == len(inside)


def test_a_mirrored_class_that_does_not_exist_is_named(clips: list[LabelledClip], tiny: Tiny) -> None:
    with pytest.raises(BadConfig, match="mirrored names 'green': it is not one of the classes"):
        Plan(clips, CLASSES, tiny(mirrored=(("red", "green"),)))


def test_a_step_is_the_same_read_ahead_or_alone(clips: list[LabelledClip], tiny: Tiny) -> None:
    plan = Plan(clips, CLASSES, tiny(mixup=0.2, blur=True, frames_per_epoch=3 * 64))
    ahead, alone = PictureFeed(plan, "cpu"), PictureFeed(plan, "cpu")
    in_order = [ahead.batch(step) for step in range(plan.total)]
    for step in reversed(range(plan.total)):
        pictures, targets = alone.batch(step)
        assert torch.equal(pictures, in_order[step][0])
        assert torch.equal(targets.labels_BTC, in_order[step][1].labels_BTC)
    ahead.close()
    alone.close()


def trained(clips: list[LabelledClip], config: TrainConfig, folder: Path) -> tuple[Spotter, list[float]]:
    losses: list[float] = []
    spotter = fit(
        clips,
        CLASSES,
        config,
        folder=folder,
        device="cpu",
        progress=silent,
        on_epoch=lambda epoch: losses.append(epoch.loss),
    )
    return spotter, losses


def test_a_frozen_backbone_trains_on_its_own_features_and_stays_as_it_was(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    first, _ = trained(clips[:2], tiny(objective="static"), tmp_path / "first")
    tuned = tiny(objective="dla", start=str(tmp_path / "first"), frozen=True, epochs=8, mixup=0.2)
    spotter, losses = trained(clips[2:], tuned, tmp_path / "tuned")
    assert losses[-1] < losses[0]
    for name, weight in first.backbone.state_dict().items():
        assert torch.equal(weight, spotter.backbone.state_dict()[name]), name
    assert not torch.equal(first.encoder.layers[0].query.weight, spotter.encoder.layers[0].query.weight)
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "tuned" / "features").iterdir()}
    assert len(made) == 2
    trained(clips[2:], tuned, tmp_path / "tuned")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "tuned" / "features").iterdir()} == made


def test_features_of_a_window_are_the_backbones(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    config = tiny(objective="static", frozen=True, start="elsewhere", blank_frames=2)
    torch.manual_seed(0)
    spotter = Spotter(config, CLASSES).eval()
    plan = Plan(clips, CLASSES, config)
    features = cached_features(spotter, clips, tmp_path, "cpu", silent)
    assert [len(part) for part in features] == [44] * 4
    seen, _ = FeatureFeed(plan, features, "cpu").batch(0)
    assert seen.shape == (4, 16, 32)
    for window, (clip, start) in enumerate(plan.placements(0)):
        with torch.no_grad():
            expected = clip_features(spotter, clips[clip].frames, start, start + 16, (-2, 42), "cpu")
        assert torch.allclose(seen[window], expected, atol=1e-5)


def test_a_start_keeps_the_scores_only_of_the_same_classes(tiny: Tiny, tmp_path: Path) -> None:
    torch.manual_seed(0)
    given = Spotter(tiny(objective="static"), CLASSES)
    save_spotter(tmp_path, given)
    same, other = (Spotter(tiny(objective="static"), classes) for classes in (CLASSES, ("blue", "red")))
    for spotter in (same, other):
        start_from(spotter, tmp_path)
        assert all(map(torch.equal, spotter.backbone.parameters(), given.backbone.parameters()))
    assert torch.equal(same.frame_head.weight, given.frame_head.weight)
    assert not torch.equal(other.frame_head.weight, given.frame_head.weight)


def test_a_start_with_another_backbone_or_none_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    save_spotter(tmp_path, Spotter(tiny(objective="static"), CLASSES))
    wider = tiny(objective="static", width=64, start=str(tmp_path))
    with pytest.raises(BadCheckpoint, match="its backbone has no backbone.project.weight"):
        new_spotter(wider, CLASSES)
    with pytest.raises(BadCheckpoint, match="no such file"):
        new_spotter(tiny(start=str(tmp_path / "nowhere")), CLASSES)


def test_freezing_weights_that_could_not_be_had_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    config = tiny(
        objective="static",
        frozen=True,
        pretrained=True,
        backbone="regnety_002",
        width=368,
        weights=str(tmp_path / "missing.pth"),
    )
    with pytest.raises(BadConfig, match="frozen is True: no ImageNet weights for regnety_002"):
        new_spotter(config, CLASSES)
