"""Doubts of a real spotter, trained for seconds: most labels that are wrong are found, and few others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from spotting.config import TrainConfig
from spotting.doubts import ClipLabels
from spotting.events import Event
from spotting.infer import predict
from spotting.unmatched import surprises
from tests.spotting.conftest import make_clip
from tests.spotting.trained import CLASSES, trained

Tiny = Callable[..., TrainConfig]
NEAR = 3


def test_a_trained_spotter_doubts_what_is_wrong_and_little_else(tiny: Tiny, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    clips = [make_clip(number, 60, rng) for number in range(30)]
    config = tiny(objective="convolved", epochs=20, frames_per_epoch=256, colour=0.0, flip=False)
    spotter = trained(clips[:6], config, tmp_path)
    told, wrong = [], set()
    for at, clip in enumerate(clips[6:]):
        events, nothing = list(clip.events), Event("red", clip.events[0].frame // 2)
        if at % 3 == 0:
            wrong.add(("missing", at, events.pop(3).frame))
        elif at % 3 == 1:
            events[2] = replace(events[2], label=CLASSES[events[2].label == "red"])
            wrong.add(("swapped", at, events[2].frame))
        elif events[0].frame - nothing.frame > NEAR:
            events.insert(0, nothing)
            wrong.add(("spurious", at, nothing.frame))
        told.append(ClipLabels(clip.name, 60, tuple(events)))
    seen = [predict(spotter, clip.frames, device="cpu", suppression="hard") for clip in clips[6:]]
    found = {
        (doubt.kind, doubt.clip, one.frame)
        for doubt in surprises(told, seen, NEAR)
        if (one := doubt.proposed if doubt.event is None else told[doubt.clip].events[doubt.event])
    }
    assert {kind for kind, _, _ in wrong} == {"missing", "swapped", "spurious"}
    assert len(found & wrong) >= 0.8 * len(wrong)
    assert len(found - wrong) <= 0.2 * len(wrong)
