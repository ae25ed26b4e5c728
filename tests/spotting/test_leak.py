"""A leak between folds would show here: spotters of shuffled labels must not be sure of clips held out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spotting.config import TrainConfig
from spotting.crossfit import assign_folds
from spotting.events import Event, LabelledClip
from spotting.infer import evidence
from spotting.noise import jitter
from spotting.posterior import Realignment, suggest
from spotting.progress import silent
from spotting.spotter import Spotter
from tests.spotting.conftest import make_clip
from tests.spotting.trained import CLASSES, trained

Tiny = Callable[..., TrainConfig]


def trained_folds(
    clips: list[LabelledClip], config: TrainConfig, folder: Path
) -> tuple[list[int], list[Spotter]]:
    """The fold of every clip, and per fold the spotter that did not see its clips."""
    folds = assign_folds([clip.source for clip in clips], 2, seed=0)
    spotters = []
    for fold in range(2):
        place = folder / str(fold)
        place.mkdir(parents=True)
        kept = [clip for clip, other in zip(clips, folds, strict=True) if other != fold]
        spotters.append(trained(kept, config, place))
    return folds, spotters


def suggested(clips: list[LabelledClip], asked_K: list[int], spotters: list[Spotter]) -> Realignment:
    """Suggestions for the labels of `clips`, clip k by the evidence of spotter `asked_K[k]`."""
    scores, labels = [], []
    for number, (clip, asked) in enumerate(zip(clips, asked_K, strict=True)):
        for piece in evidence(spotters[asked], [clip], CLASSES, radius=8, device="cpu", progress=silent):
            scores.append(piece.scores_S)
            labels.append((number, clip.events[piece.event]))
    return suggest(
        np.array(scores),
        [event.frame for _, event in labels],
        [event.label for _, event in labels],
        [len(clips[number].frames) for number, _ in labels],
        clip_ids=[number for number, _ in labels],
        sigma=1.0,
    )


def sure(found: Realignment) -> float:
    return float(np.mean([suggestion.confidence >= 0.95 for suggestion in found.suggestions]))


@pytest.mark.slow
def test_confidence_collapses_when_labels_are_shuffled(tiny: Tiny, tmp_path: Path) -> None:
    """But not if the spotters are asked about the clips whose labels they learned: a leak would show so."""
    rng = np.random.default_rng(0)
    clips = [make_clip(number, 60, rng) for number in range(16)]
    noisy = [_relabelled(clip, clip, rng, sigma=1.0) for clip in clips]
    mixed = [_relabelled(clip, clips[(at + 5) % 16], rng, sigma=3.0) for at, clip in enumerate(clips)]
    config = tiny(objective="convolved", epochs=25, frames_per_epoch=960, colour=0.0, flip=False)
    honest = suggested(noisy, *trained_folds(noisy, config, tmp_path / "honest"))
    folds, spotters = trained_folds(mixed, config, tmp_path / "shuffled")
    shuffled = suggested(mixed, folds, spotters)
    leaked = suggested(mixed, [1 - fold for fold in folds], spotters)
    assert sure(honest) > 0.5
    assert sure(shuffled) < 0.05
    assert np.mean([suggestion.offset == 0 for suggestion in shuffled.suggestions]) > 0.9
    assert sure(leaked) > 0.1


def _relabelled(
    clip: LabelledClip, other: LabelledClip, rng: np.random.Generator, sigma: float
) -> LabelledClip:
    """The clip's pictures with another's labels, moved by noise."""
    frames = jitter(np.array([event.frame for event in other.events]), sigma, len(clip.frames), rng)
    labels = [event.label for event in other.events]
    events = tuple(Event(label, int(frame)) for label, frame in zip(labels, frames, strict=True))
    return replace(clip, events=events)
