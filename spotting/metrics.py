"""How good spotting and label correction are: mAP at a tolerance, residuals, calibration."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting import precision
from spotting.errors import BadConfig
from spotting.events import Event, Prediction

TOLERANCES = (0, 1, 2, 4)


@dataclass(frozen=True, slots=True)
class Residuals:
    """Distances to the truth in frames: mean, signed mean, 95th percentile; shares within 0, 1, 2 frames."""

    count: int
    mean: float
    signed: float
    within_0: float
    within_1: float
    within_2: float
    p95: float


@dataclass(frozen=True, slots=True)
class Change:
    """Shares of labels, in [0, 1], that a correction brought nearer to the truth and farther from it."""

    better: float
    worse: float


def mean_average_precision(
    predictions: Sequence[Sequence[Prediction]],
    truth: Sequence[Sequence[Event]],
    tolerances: Sequence[int] = TOLERANCES,
) -> dict[int, float]:
    """mAP@δ in [0, 1] for every tolerance δ (frames), over the classes that occur in `truth`.

    `predictions` and `truth` hold one sequence per clip, in the same order. As in the field's reference code
    (E2E-Spot, util/score.py). Raises `BadConfig` when there is nothing to find or the clips do not pair up.
    """
    if len(predictions) != len(truth):
        raise BadConfig(f"{len(predictions)} clips predicted, {len(truth)} labelled: must be the same clips")
    found, events = _columns(predictions), _columns(truth)
    if not events:
        raise BadConfig("no events in the truth: mAP is not defined")
    precisions_CD = [
        [_precision(found.get(label, []), own, tolerance) for tolerance in tolerances]
        for label, own in sorted(events.items())
    ]
    return dict(zip(tolerances, np.mean(precisions_CD, axis=0).tolist(), strict=True))


def average_precision(
    predictions: Sequence[Sequence[Prediction]], truth: Sequence[Sequence[Event]], label: str, tolerance: int
) -> float:
    """AP of one class in [0, 1] (`spotting.precision`). Raises `BadConfig` for clips that do not pair up."""
    if len(predictions) != len(truth):
        raise BadConfig(f"{len(predictions)} clips predicted, {len(truth)} labelled: must be the same clips")
    return _precision(_columns(predictions).get(label, []), _columns(truth).get(label, []), tolerance)


Mark = tuple[int, int, float]


def _columns(clips: Sequence[Sequence[Event | Prediction]]) -> dict[str, list[Mark]]:
    """Clip, frame and score of every prediction, or every event, by class."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for number, clip in enumerate(clips):
        for one in clip:
            found[one.label].append((number, one.frame, getattr(one, "score", 1.0)))
    return found


def _precision(found: Sequence[Mark], events: Sequence[Mark], tolerance: int) -> float:
    (clips_P, frames_P, scores_P), (clips_E, frames_E, _) = _arrays(found), _arrays(events)
    return precision.average_precision(clips_P, frames_P, scores_P, clips_E, frames_E, tolerance)


def _arrays(marks: Sequence[Mark]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    clips, frames, scores = zip(*marks, strict=True) if marks else ((), (), ())
    return np.array(clips, np.int64), np.array(frames, np.int64), np.array(scores, np.float64)


def residuals(frames_G: NDArray[np.integer], true_G: NDArray[np.integer]) -> Residuals:
    """Statistics of `frames_G` - `true_G`, both in frames; NaN throughout when there are none."""
    errors_G = np.asarray(frames_G, dtype=np.float64) - np.asarray(true_G, dtype=np.float64)
    sizes_G = np.abs(errors_G)
    if not len(sizes_G):
        return Residuals(0, *[float("nan")] * 6)
    return Residuals(
        count=len(sizes_G),
        mean=float(sizes_G.mean()),
        signed=float(errors_G.mean()),
        within_0=float((sizes_G < 0.5).mean()),
        within_1=float((sizes_G < 1.5).mean()),
        within_2=float((sizes_G < 2.5).mean()),
        p95=float(np.percentile(sizes_G, 95)),
    )


def residuals_by_class(
    frames_G: NDArray[np.integer], true_G: NDArray[np.integer], classes: Sequence[str]
) -> Mapping[str, Residuals]:
    """`residuals` of every class, by name."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(classes):
        members[label].append(index)
    return {label: residuals(frames_G[members[label]], true_G[members[label]]) for label in sorted(members)}


def change(
    before_G: NDArray[np.integer], after_G: NDArray[np.integer], true_G: NDArray[np.integer]
) -> Change:
    """Shares of labels that moving from `before_G` to `after_G` made better and worse, against `true_G`."""
    moved_G = np.abs(after_G - true_G) - np.abs(before_G - true_G)
    return Change(better=float((moved_G < 0).mean()), worse=float((moved_G > 0).mean()))


def calibration_error(
    confidence_G: NDArray[np.floating], correct_G: NDArray[np.bool_], bins: int = 10
) -> float:
    """Mean gap in [0, 1] between claimed confidence and share correct, over `bins` equally full bins."""
    order = np.argsort(confidence_G, kind="stable")
    gaps = [
        abs(confidence_G[part].mean() - correct_G[part].mean()) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return float(np.sum(gaps) / len(order))


def score_gaps(
    predictions: Sequence[Sequence[Prediction]], truth: Sequence[Sequence[Event]], tolerance: int
) -> NDArray[np.float64]:
    """Highest minus second-highest score of an event's class within `tolerance` frames of it, per event [G].

    As in the paper's Fig. 7 and Table 3, of predictions before any suppression, and only of events without
    another one within `tolerance`. A frame that is not among the predictions scores 0.
    """
    gaps: list[float] = []
    for found, events in zip(predictions, truth, strict=True):
        for event in events:
            around = [other for other in events if abs(other.frame - event.frame) <= tolerance]
            if len(around) == 1:
                near = [
                    p.score
                    for p in found
                    if p.label == event.label and abs(p.frame - event.frame) <= tolerance
                ]
                best, second, *_ = [*sorted(near, reverse=True), 0.0, 0.0]
                gaps.append(best - second)
    return np.array(gaps)


def risk_coverage(
    confidence_G: NDArray[np.floating], wrong_G: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share accepted and share of those that is wrong, both (0, 1] [G], taking the surest first.

    The mean of the second is the area under the risk-coverage curve.
    """
    order = np.argsort(-np.asarray(confidence_G), kind="stable")
    accepted_G = np.arange(1, len(order) + 1)
    return accepted_G / max(1, len(order)), np.cumsum(np.asarray(wrong_G)[order]) / accepted_G
