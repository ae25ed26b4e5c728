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
from tests.spotting.conftest import make_clip
from tests.spotting.trained import CLASSES, trained

Tiny = Callable[..., TrainConfig]


def crossfitted(clips: list[LabelledClip], config: TrainConfig, folder: Path) -> Realignment:
    """Suggestions for the labels of `clips`, each from a spotter that did not see its source."""
    folds = assign_folds([clip.source for clip in clips], 2, seed=0)
    scores, labels = [], []
    for fold in range(2):
        held = [number for number, other in enumerate(folds) if other == fold]
        train = [clip for clip, other in zip(clips, folds, strict=True) if other != fold]
        place = folder / str(fold)
        place.mkdir(parents=True)
        spotter = trained(train, config, place)
        given = [clips[number] for number in held]
        for piece in evidence(spotter, given, CLASSES, radius=8, device="cpu", progress=silent):
            scores.append(piece.scores_S)
            labels.append((held[piece.clip], given[piece.clip].events[piece.event]))
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
    rng = np.random.default_rng(0)
    clips = [make_clip(number, 60, rng) for number in range(16)]
    noisy = [_relabelled(clip, clip, rng, sigma=1.0) for clip in clips]
    mixed = [_relabelled(clip, clips[(at + 5) % 16], rng, sigma=3.0) for at, clip in enumerate(clips)]
    config = tiny(objective="convolved", epochs=25, frames_per_epoch=960, colour=0.0, flip=False)
    honest = crossfitted(noisy, config, tmp_path / "honest")
    shuffled = crossfitted(mixed, config, tmp_path / "shuffled")
    assert sure(honest) > 0.5
    assert sure(shuffled) < 0.05
    assert np.mean([suggestion.offset == 0 for suggestion in shuffled.suggestions]) > 0.9


def _relabelled(
    clip: LabelledClip, other: LabelledClip, rng: np.random.Generator, sigma: float
) -> LabelledClip:
    """The clip's pictures with another's labels, moved by noise."""
    frames = jitter(np.array([event.frame for event in other.events]), sigma, len(clip.frames), rng)
    labels = [event.label for event in other.events]
    events = tuple(Event(label, int(frame)) for label, frame in zip(labels, frames, strict=True))
    return replace(clip, events=events)
