"""Training: it learns, resumes as if nothing had happened, stops at once, and tells what it saw."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from spotting.checkpoint import load_spotter
from spotting.config import OBJECTIVES, TrainConfig
from spotting.epochs import Epoch
from spotting.errors import BadCheckpoint, BadConfig
from spotting.events import LabelledClip
from spotting.feed import PictureFeed, Plan
from spotting.infer import predict
from spotting.metrics import mean_average_precision
from spotting.progress import Stopped, silent
from spotting.spotter import Spotter
from spotting.train import fit, make_optimiser

Tiny = Callable[..., TrainConfig]
CLASSES = ("red", "blue")


class StopAfter:
    """A person who presses stop at a step, counted over all trainings it watches."""

    def __init__(self, step: int) -> None:
        self.step, self.seen = step, 0
        self.notes: list[str] = []

    def __call__(self, done: float, total: float, note: str = "") -> None:
        self.seen += 1
        self.notes.append(note)
        if self.seen == self.step:
            raise Stopped


def train(
    clips: list[LabelledClip], config: TrainConfig, folder: Path, progress: Callable[..., None] = silent
) -> tuple[Spotter, list[Epoch]]:
    epochs: list[Epoch] = []
    spotter = fit(
        clips, CLASSES, config, folder=folder, device="cpu", progress=progress, on_epoch=epochs.append
    )
    return spotter, epochs


def curve(epochs: list[Epoch]) -> list[tuple[object, ...]]:
    """All that does not depend on the clock."""
    return [(e.epoch, e.loss, e.parts, e.learning_rate, e.matches) for e in epochs]


@pytest.mark.parametrize("objective", ["dla", "convolved"])
@pytest.mark.parametrize("stop", [2, 3, 4])
def test_a_resumed_training_equals_one_that_never_stopped(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path, objective: str, stop: int
) -> None:
    """Stopped within an epoch, at its end, and in the next; with dropout, MixUp and every augmentation on."""
    config = tiny(objective=objective, dropout=0.1, mixup=0.2, blur=True, frames_per_epoch=3 * 64, epochs=2)
    whole, expected = train(clips, config, tmp_path / "whole")
    epochs: list[Epoch] = []
    with pytest.raises(Stopped):
        fit(
            clips,
            CLASSES,
            config,
            folder=tmp_path / "parts",
            device="cpu",
            progress=StopAfter(stop),
            on_epoch=epochs.append,
        )
    resumed, rest = train(clips, config, tmp_path / "parts")
    assert curve(epochs + rest) == curve(expected)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_a_finished_training_is_not_trained_again(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    first, _ = train(clips, tiny(epochs=1), tmp_path)
    again, epochs = train(clips, tiny(epochs=1), tmp_path)
    assert epochs == []
    assert all(map(torch.equal, first.parameters(), again.parameters()))


def test_a_stop_asked_while_an_epoch_is_handed_over_loses_nothing(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    seen: list[int] = []

    def stop_in_the_first(epoch: Epoch) -> None:
        seen.append(epoch.epoch)
        if epoch.epoch == 1:
            raise Stopped

    arguments = {"folder": tmp_path, "device": "cpu", "progress": silent, "on_epoch": stop_in_the_first}
    with pytest.raises(Stopped):
        fit(clips, CLASSES, tiny(), **arguments)
    fit(clips, CLASSES, tiny(), **arguments)
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("objective", "temporal", "losses"),
    [
        ("dla", "transformer", (7.1054, 5.5342)),
        ("time_matching", "transformer", (7.1054, 5.5342)),
        ("static", "transformer", (4.1053, 2.4548)),
        ("static", "gru", (3.8560, 2.8131)),
        ("convolved", "transformer", (4.6592, 3.4237)),
    ],
)
def test_the_first_two_steps_have_their_known_losses(
    clips: list[LabelledClip],
    tiny: Tiny,
    tmp_path: Path,
    objective: str,
    temporal: str,
    losses: tuple[float, float],
) -> None:
    config = tiny(objective=objective, temporal=temporal, frames_per_epoch=64, locality=0.0)
    _, epochs = train(clips, config, tmp_path)
    assert [epoch.loss for epoch in epochs] == pytest.approx(losses, rel=2e-3)


def test_every_label_seen_is_matched_with_its_offset(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    _, epochs = train(clips, tiny(objective="dla", frames_per_epoch=16 * 80), tmp_path)
    labels = {(clip, event) for clip in range(4) for event in range(len(clips[clip].events))}
    for epoch in epochs:
        assert {(match.clip, match.event) for match in epoch.matches} == labels
        assert all(abs(match.offset) < 8 and 0 <= match.score <= 1 for match in epoch.matches)


def test_an_epoch_says_how_it_went(clips: list[LabelledClip], tiny: Tiny, tmp_path: Path) -> None:
    watcher = StopAfter(1000)
    _, epochs = train(clips, tiny(objective="dla", epochs=3), tmp_path, watcher)
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]
    assert all(set(epoch.parts) == {"class", "time"} for epoch in epochs)
    assert all(epoch.frames_per_second > 0 and epoch.seconds > 0 for epoch in epochs)
    rates = [epoch.learning_rate for epoch in epochs]
    assert rates[0] > rates[1] > rates[2] > 0
    assert watcher.notes[-1].startswith("epoch 3/3, step 2/2, ")
    assert watcher.notes[-1].endswith(" frames/s")


def test_after_every_epoch_the_spotter_can_be_loaded(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    loaded: list[Spotter] = []
    spotter = fit(
        clips,
        CLASSES,
        tiny(),
        folder=tmp_path,
        device="cpu",
        progress=silent,
        on_epoch=lambda epoch: loaded.append(load_spotter(tmp_path)),
    )
    assert len(loaded) == 2
    assert all(map(torch.equal, loaded[1].parameters(), spotter.parameters()))
    assert not all(map(torch.equal, loaded[0].parameters(), spotter.parameters()))


def test_another_runs_checkpoint_is_refused(clips: list[LabelledClip], tiny: Tiny, tmp_path: Path) -> None:
    train(clips, tiny(epochs=1), tmp_path)
    for other in (tiny(epochs=2), tiny(epochs=1, seed=1)):
        with pytest.raises(BadCheckpoint, match="holds a run with other settings, classes or labels"):
            train(clips, other, tmp_path)
    with pytest.raises(BadCheckpoint):
        train(clips[:3], tiny(epochs=1), tmp_path)


def test_a_loss_that_blows_up_is_said_and_not_saved(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    wild = tiny(objective="static", transformer_rate=1e30, backbone_rate=1e30, epochs=5)
    with pytest.raises(BadConfig, match="the loss is not finite after step"):
        train(clips, wild, tmp_path)
    if (tmp_path / "spotter.safetensors").exists():
        weights = load_spotter(tmp_path).parameters()
        assert all(torch.isfinite(weight).all() for weight in weights)


def test_backbone_and_transformer_have_their_own_learning_rates(tiny: Tiny) -> None:
    spotter = Spotter(tiny(objective="dla"), CLASSES)
    backbone, rest = make_optimiser(spotter, tiny(backbone_rate=3e-3, transformer_rate=5e-4)).param_groups
    assert (backbone["lr"], rest["lr"]) == (3e-3, 5e-4)
    assert {id(w) for w in backbone["params"]} == {id(w) for w in spotter.backbone.parameters()}
    assert len(backbone["params"]) + len(rest["params"]) == len(list(spotter.parameters()))


def test_mirrored_classes_are_swapped_where_a_window_is_flipped(
    clips: list[LabelledClip], tiny: Tiny
) -> None:
    configs = tiny(), tiny(mirrored=(CLASSES,))
    feeds = [PictureFeed(Plan(clips, CLASSES, config), "cpu") for config in configs]
    before, after = (feed.read(0).targets.labels_BTC for feed in feeds)
    swapped = [torch.equal(a.flip(-1), b) for a, b in zip(before, after, strict=True)]
    kept = [torch.equal(a, b) for a, b in zip(before, after, strict=True)]
    assert all(one or other for one, other in zip(swapped, kept, strict=True))
    assert any(swapped)
    assert any(kept)


@pytest.mark.parametrize(
    ("objective", "temporal"), [*((name, "transformer") for name in OBJECTIVES), ("static", "gru")]
)
def test_one_clip_is_learned_to_the_frame(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path, objective: str, temporal: str
) -> None:
    """Every event of a clip seen in training is among its best predictions: mAP@0 is 1."""
    config = tiny(objective=objective, temporal=temporal, sigma=0.0, epochs=60, frames_per_epoch=2 * 64)
    config = replace(config, flip=False, colour=0.0)
    config = replace(config, shift=0, reach=2.0, backbone_rate=5e-3, transformer_rate=3e-3)
    clip = clips[0]
    spotter, _ = train([clip], config, tmp_path)
    found = predict(spotter, clip.frames, device="cpu", suppression="hard")
    assert mean_average_precision([found], [clip.events], [0])[0] == 1.0
    best = sorted(found, key=lambda prediction: -prediction.score)[: len(clip.events)]
    assert np.mean([prediction.score for prediction in best]) > 0.3
