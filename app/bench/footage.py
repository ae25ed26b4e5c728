"""Rendered clips of a benchmark at training size, with precise labels of distinct or ambiguous events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spotting.cache import cached_clips
from spotting.config import ModelConfig
from spotting.conventions import AMBIGUOUS, convention_of, slow_events
from spotting.events import Event, LabelledClip, nearest_frame
from spotting.progress import Progress
from spotting.rally import CLASSES
from spotting.render import Film, films
from spotting.schematic import schematic
from spotting.venue import Picture

EventSet = Literal["distinct", "ambiguous"]
Look = Literal["filmed", "schematic"]
EVENT_SETS: tuple[EventSet, ...] = ("distinct", "ambiguous")
CLASSES_OF: dict[EventSet, tuple[str, ...]] = {"distinct": CLASSES, "ambiguous": AMBIGUOUS}
_SHORTEST_SIDE = 160
_SIDES = (("near_hit", "far_hit"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootageSize:
    """What is rendered: clips to train on, clips to test on (of other matches), pictures in each, their look.

    "filmed": as a camera would see it. "schematic": plain shapes from the side, for a quick look on a CPU.
    """

    train: int
    test: int
    frames: int = 256
    look: Look = "schematic"


@dataclass(frozen=True, slots=True)
class Footage:
    """Clips with precise labels: `train`, and `test` from other matches.

    `mirrored`: pairs of classes that a horizontal flip of the pictures swaps.
    """

    classes: tuple[str, ...]
    mirrored: tuple[tuple[str, str], ...]
    train: tuple[LabelledClip, ...]
    test: tuple[LabelledClip, ...]


class DrawnFrames:
    """`Frames` of a film; drawn when first read, and forgotten once the last picture was read."""

    def __init__(self, film: Film, look: Look) -> None:
        self._film, self._look = film, look
        self._drawn: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return self._film.frames

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        """Pictures at `indices`; raises `IndexError` outside the clip."""
        if self._drawn is None:
            self._drawn = np.stack(list(self._pictures()))
        found = self._drawn[np.asarray(indices, np.int64)]
        if max(indices) == len(self) - 1:
            self._drawn = None
        return found

    def _pictures(self) -> Iterator[Picture]:
        film = self._film
        if self._look == "filmed":
            return film.pictures(film.rng())
        return schematic(film.rally, film.frames, film.size, film.rng())


def precise_clips(size: FootageSize, events: EventSet, height: int) -> list[LabelledClip]:
    """All clips, those to train on first, with precise labels; their pictures are drawn when read."""
    drawn = films(clips=size.train + size.test, frames=size.frames, size=height, seed=0)
    return [
        LabelledClip(film.name, f"match{film.match}", _precise(film, events), DrawnFrames(film, size.look))
        for film in drawn
    ]


def footage(
    folder: Path, size: FootageSize, events: EventSet, model: ModelConfig, progress: Progress
) -> Footage:
    """The clips, drawn into `folder` at training size unless they are there; the same whoever asks.

    Both event sets label the same pictures. `progress` is told frames.
    """
    height = max(_SHORTEST_SIDE, model.size) if size.look == "filmed" else model.size
    clips = precise_clips(size, events, height)
    names = [f"{size.look} {len(clips)} {size.frames} {clip.name}" for clip in clips]
    cached = cached_clips(clips, names, folder, model, progress)
    return Footage(
        classes=CLASSES_OF[events],
        mirrored=_SIDES if size.look == "schematic" and events == "distinct" else (),
        train=tuple(cached[: size.train]),
        test=tuple(cached[size.train :]),
    )


def _precise(film: Film, events: EventSet) -> tuple[Event, ...]:
    if events == "distinct":
        timed = film.rally.events
    else:
        timed = slow_events(film.rally, film.frames, convention_of(film.match))
    return tuple(Event(label, int(nearest_frame(time))) for time, label in timed)
