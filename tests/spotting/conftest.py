"""Tiny clips that a spotter learns in seconds: a coloured square appears at each event and fades."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from spotting.config import ModelConfig, TrainConfig
from spotting.events import Event, LabelledClip

COLOURS = {"red": (230, 40, 40), "blue": (40, 40, 230)}


@dataclass(frozen=True)
class Pictures:
    """`Frames` held in memory."""

    pictures: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pictures)

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        return self.pictures[np.asarray(indices, np.int64)]


def film(events: Sequence[Event], length: int, height: int = 32, width: int = 32) -> Pictures:
    """Grey pictures; a square of the event's colour lights up at each event and fades in three frames."""
    pictures = np.full((length, height, width, 3), 90, np.uint8)
    for event in events:
        for age in range(min(3, length - event.frame)):
            square = pictures[event.frame + age, 8:24, 8:24]
            square[:] = (np.array(COLOURS[event.label]) * (3 - age) + 90 * age) // 3
    return Pictures(pictures)


def make_clip(number: int, length: int, rng: np.random.Generator, **size: int) -> LabelledClip:
    frames = np.arange(4, length - 4, 9) + rng.integers(0, 4, len(range(4, length - 4, 9)))
    events = tuple(Event(("red", "blue")[rng.integers(2)], int(frame)) for frame in frames)
    return LabelledClip(f"clip_{number}", f"match_{number % 2}", events, film(events, length, **size))


@pytest.fixture
def clips() -> list[LabelledClip]:
    """Four clips of 40 frames, 32 pixels square, from two sources, two classes."""
    rng = np.random.default_rng(0)
    return [make_clip(number, 40, rng) for number in range(4)]


@pytest.fixture
def classes() -> tuple[str, ...]:
    return ("red", "blue")


@pytest.fixture
def tiny() -> Callable[..., TrainConfig]:
    """A config that trains in seconds; keyword arguments change fields, of the model too."""

    def make(**changes: object) -> TrainConfig:
        model = ModelConfig(
            size=32, window=16, width=32, heads=2, feedforward=32, queries=16, decoder_layers=2
        )
        fields = set(ModelConfig.__dataclass_fields__)
        inner = {name: changes.pop(name) for name in list(changes) if name in fields}
        config = TrainConfig(model=replace(model, **inner), epochs=2, batch=4, warmup_epochs=0.5)
        return replace(config, **{"shift": 2, "colour": 0.2, "sigma": 1.0, "amp": False, **changes})

    return make
