"""Windows put together in continuous time: a better read-out than averaging rounded scores, beside it.

Averaging Eq. 9's frames halves the score of an event on which two windows differ by one frame. Here the
windows' predictions keep their real-valued times; those of different windows that lie together become one
moment, and how far they lie apart stays known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Suppression = Literal["soft", "hard", "none"]

TOGETHER = 1.5
"""Frames: predictions of two windows up to this far apart mean the same event."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """What windows predict of one class: real-valued frame in the clip, score, number of the window."""

    time_K: NDArray[np.float64]
    score_K: NDArray[np.float64]
    window_K: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moment:
    """An event seen by one or more windows.

    `time`: real-valued frame in the clip. `score` in [0, 1]: the mean over all windows that cover the time, 0
    of those that saw nothing. `disagreement`: spread (sd, frames) of the windows' times; NaN if one saw it.
    """

    time: float
    score: float
    disagreement: float


def edge_weight(frame: NDArray[np.floating], window: int) -> NDArray[np.float64]:
    """Weight in (0, 1] of what a window of `window` frames says about its `frame`: low at its ends."""
    near = np.minimum(frame + 0.5, window - 0.5 - frame) / (window / 2)
    return np.clip(near, 1 / window, 1).astype(np.float64)


def spread(time_K: NDArray[np.floating], weight_K: NDArray[np.floating]) -> float:
    """Weighted standard deviation of times, frames; NaN of fewer than two."""
    if len(time_K) < 2:
        return float("nan")
    centre = np.average(time_K, weights=weight_K)
    return float(np.sqrt(np.average((time_K - centre) ** 2, weights=weight_K)))


def merge(seen: Sightings, starts_W: NDArray[np.int64], window: int) -> list[Moment]:
    """The moments of one class, best first.

    Repeatedly the best remaining sighting is joined by the best one of every other window within `TOGETHER`
    frames of it. Time and score are means, weighted by the distance to the window's edge (times by the score
    as well).
    """
    left = np.ones(len(seen.time_K), np.bool_)
    moments: list[Moment] = []
    for best in np.argsort(-seen.score_K, kind="stable"):
        if not left[best]:
            continue
        joined = _partners(seen, left, best)
        left[joined] = False
        moments.append(_moment(seen, joined, starts_W, window))
    return sorted(moments, key=lambda moment: -moment.score)


def _partners(seen: Sightings, left: NDArray[np.bool_], best: int) -> NDArray[np.int64]:
    """`best`, and of every other window its best sighting that lies together with it."""
    near = np.flatnonzero(left & (np.abs(seen.time_K - seen.time_K[best]) <= TOGETHER))
    ranked = near[np.argsort(-seen.score_K[near], kind="stable")]
    others = ranked[seen.window_K[ranked] != seen.window_K[best]]
    _, first = np.unique(seen.window_K[others], return_index=True)
    return np.concatenate(([best], others[first]))


def _moment(seen: Sightings, joined: NDArray[np.int64], starts_W: NDArray[np.int64], window: int) -> Moment:
    time_J, score_J = seen.time_K[joined], seen.score_K[joined]
    edge_J = edge_weight(time_J - starts_W[seen.window_K[joined]], window)
    time = float(np.average(time_J, weights=edge_J * score_J + 1e-12))
    frame_W = time - starts_W
    covers_W = (frame_W >= -0.5) & (frame_W <= window - 0.5)
    covers_W[seen.window_K[joined]] = True
    total = edge_weight(frame_W[covers_W], window).sum()
    score = float(edge_weight(time - starts_W[seen.window_K[joined]], window) @ score_J / total)
    return Moment(time, score, spread(time_J, edge_J))


def peaks(scores_TC: NDArray[np.float32], column: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Real-valued frames and heights of the local maxima of one class's scores [T, C].

    The time is the vertex of the parabola through the maximum and its neighbours; of equal neighbours the
    earlier is the maximum.
    """
    padded = np.pad(scores_TC[:, column].astype(np.float64), 1)
    before, here, after = padded[:-2], padded[1:-1], padded[2:]
    top = np.flatnonzero((here > before) & (here >= after) & (here > 0))
    bend = before[top] - 2 * here[top] + after[top]
    return top + 0.5 * (before[top] - after[top]) / bend, here[top]


def suppress(moments: Sequence[Moment], suppression: Suppression, lowest: float = 0.01) -> list[Moment]:
    """The moments of one class after suppression in continuous time, those below `lowest` left out.

    "soft": at distance d <= 3 frames from a better moment the score is multiplied by (d / 3)^2; "hard":
    within 1 frame of one a moment goes.
    """
    time_M = np.array([moment.time for moment in moments])
    left_M = np.array([moment.score for moment in moments])
    kept: list[Moment] = []
    while left_M.max(initial=0) >= lowest:
        best = int(left_M.argmax())
        kept.append(replace(moments[best], score=float(left_M[best])))
        distance_M = np.abs(time_M - time_M[best])
        left_M[best] = 0
        if suppression == "soft":
            left_M *= np.minimum(distance_M / 3, 1) ** 2
        elif suppression == "hard":
            left_M *= distance_M > 1
    return kept
