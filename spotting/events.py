"""The value types that every layer speaks: events, clips, matches, evidence, suggestions. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Event:
    """A class at a frame (ordinal within its clip, from 0)."""

    label: str
    frame: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a trained spotter says: a class at a frame with a score in [0, 1]."""

    label: str
    frame: int
    score: float


def nearest_frame(times: ArrayLike) -> NDArray[np.int64]:
    """The frames that show real-valued `times`, in frames from 0; halves round up."""
    return np.floor(np.asarray(times) + 0.5).astype(np.int64)


class Frames(Protocol):
    """Random access to the pictures of one clip by ordinal.

    `read` returns uint8 RGB [len(indices), H, W, 3], in the order asked, and raises `IndexError` for an
    ordinal below 0 or past the end.
    """

    def __len__(self) -> int: ...

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]: ...


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """A clip as the engine trains on it: its name, the source video it was cut from, its labels and pictures.

    `source` is the grouping key of cross-fitting: clips of one source are always held out together.
    `chances_LS`: P(event at shift -R .. R from its label), float32 [L, 2R + 1], where more than the label is
    known; the objective "convolved" learns from these, the others from the labels alone.
    """

    name: str
    source: str
    events: tuple[Event, ...]
    frames: Frames
    chances_LS: NDArray[np.float32] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """What the matcher gave one label: offset (real-valued frames, + is later) and class score in [0, 1]."""

    clip: int
    event: int
    offset: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Out-of-fold evidence for one label: its class's score per frame around it, and what the matcher said.

    `scores_S` is float32 [2R + 1] over shifts -R..R around the labelled frame, NaN outside the clip.
    `disagreement`: how far apart (sd, frames) the overlapping windows that hold the label put the event; NaN
    if one window holds it.
    """

    clip: int
    event: int
    scores_S: NDArray[np.float32]
    matched: Match | None
    disagreement: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """A proposed move of one label.

    `frame` is an ordinal inside the clip; `offset` is real-valued, suggested - labelled, in frames;
    `confidence` is P(|error| <= 1 frame) in [0, 1]; `posterior_S` sums to one over shifts -R..R;
    `scores_S` is the evidence it came from (NaN outside the clip); `reasons` say why, in words.
    `better` is P(nearer to the event than the label is), in [0, 1], 0 for a label that stays;
    `expected_error` the mean distance, in frames, that is left to the event. `stability` is the share of late
    epochs and seeds that agree within a frame, `disagreement` how far windows and models differ, frames (sd);
    both None where there is nothing to compare. `refused`: its class keeps its labels, by `spotting.refusal`.
    `claimed` is the confidence before `spotting.recalibration`; None where it was left as it is.
    """

    frame: int
    offset: float
    confidence: float
    posterior_S: NDArray[np.float32]
    scores_S: NDArray[np.float32]
    matched_offset: float | None
    reasons: tuple[str, ...]
    better: float = 0.0
    expected_error: float = 0.0
    stability: float | None = None
    disagreement: float | None = None
    refused: bool = False
    claimed: float | None = None
