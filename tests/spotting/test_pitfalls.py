"""What could go wrong from end to end, with trained spotters: a constant shift, asymmetry."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spotting.config import TrainConfig
from spotting.density import centres, log_intensity
from spotting.events import Event, LabelledClip
from spotting.infer import evidence
from spotting.posterior import suggest
from spotting.progress import silent
from tests.spotting.conftest import COLOURS, Pictures, make_clip
from tests.spotting.trained import CLASSES, trained

Tiny = Callable[..., TrainConfig]
LENGTH, RADIUS = 60, 5


def flashes(number: int, rng: np.random.Generator) -> LabelledClip:
    """A clip in which events light up and fade alike, so that it may be shown backwards."""
    clip = make_clip(number, LENGTH, rng)
    pictures = np.full((LENGTH, 32, 32, 3), 90, np.uint8)
    for event in clip.events:
        for away, light in ((-1, 0.5), (0, 1.0), (1, 0.5)):
            square = pictures[event.frame + away, 8:24, 8:24]
            square[:] = light * np.array(COLOURS[event.label]) + (1 - light) * 90
    return replace(clip, frames=Pictures(pictures))


def backwards(clip: LabelledClip) -> LabelledClip:
    """The clip shown backwards; its labels stay in their order."""
    assert isinstance(clip.frames, Pictures)
    events = tuple(Event(event.label, LENGTH - 1 - event.frame) for event in clip.events)
    return replace(clip, events=events, frames=Pictures(clip.frames.pictures[::-1]))


@pytest.mark.slow
def test_precise_labels_of_flashes_stay_and_evidence_is_mirrored_in_time(tiny: Tiny, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    clips = [flashes(number, rng) for number in range(8)]
    config = tiny(objective="convolved", sigma=0.0, epochs=30, frames_per_epoch=480, flip=False)
    spotter = trained(clips[:4], config, tmp_path)
    there, back = (
        np.stack(
            [
                each.scores_S
                for each in evidence(spotter, held, CLASSES, radius=RADIUS, device="cpu", progress=silent)
            ]
        )
        for held in (clips[4:], [backwards(clip) for clip in clips[4:]])
    )
    centre_2G = np.stack([centres(log_intensity(scores[None])) for scores in (there, back[:, ::-1])])
    assert np.abs(centre_2G[0] - centre_2G[1]).max() < 0.1
    labels = [event for clip in clips[4:] for event in clip.events]
    names = [event.label for event in labels]
    ids = [number for number, clip in enumerate(clips[4:]) for _ in clip.events]
    found = suggest(
        there, [event.frame for event in labels], names, [LENGTH] * len(ids), clip_ids=ids, sigma=0.5
    )
    for name in CLASSES:
        of_class = [name == other for other in names]
        assert (
            np.median([each.offset for each, own in zip(found.suggestions, of_class, strict=True) if own])
            == 0
        )
        assert np.median(np.argmax(there[of_class], axis=1) - RADIUS) == 0
