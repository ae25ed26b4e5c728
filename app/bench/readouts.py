"""Ways to read a corrected frame from a label and its evidence, and how each fares against the truth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bench.labels import Labels
from spotting.certificate import certify
from spotting.metrics import calibration_error, change, residuals, risk_coverage
from spotting.posterior import Realignment, suggest

REVIEWS = (0, 10, 50, 200)
REFERENCE_REVIEWS = 50
"""With how many the reference is read, and labels are cleaned to train on."""
_WINDOW = 6
_CLAIMED = 0.95
_AUDIT, _RESAMPLES, _ALLOWED = 100, 200, 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """Corrected frames of G labels; reviewed labels are not scored.

    Where they are claimed: P(within 1 frame), and `likelihood`, the labels' log probability, nats per label.
    """

    frame_G: NDArray[np.int64]
    scored_G: NDArray[np.bool_]
    confidence_G: NDArray[np.float64] | None = None
    likelihood: float | None = None


def unmoved(labels: Labels) -> Readout:
    """No correction."""
    return Readout(labels.frame_G, labels.right_class_G)


def argmax(labels: Labels) -> Readout:
    """The frame with the best score within 6 frames of the label."""
    radius = labels.scores_GS.shape[1] // 2
    near_GS = np.nan_to_num(labels.scores_GS, nan=-1.0)[:, radius - _WINDOW : radius + _WINDOW + 1]
    return Readout(labels.frame_G + near_GS.argmax(axis=1) - _WINDOW, labels.right_class_G)


def matched(labels: Labels, offsets: dict[tuple[int, int], float]) -> Readout:
    """The paper's in-sample match, rounded to frames; a label that was never matched stays."""
    places = zip(labels.clip_G.tolist(), labels.event_G.tolist(), strict=True)
    offset_G = np.array([offsets.get(place, 0.0) for place in places])
    return Readout(labels.frame_G + np.rint(offset_G).astype(np.int64), labels.right_class_G)


def ours(labels: Labels, reviews: int, seed: int) -> tuple[Readout, Realignment]:
    """The posterior's suggestions once `reviews` labels, drawn blindly, are reviewed."""
    known = reviewed(labels, reviews, seed)
    found = suggest(
        labels.scores_GS,
        labels.frame_G,
        labels.class_G.tolist(),
        labels.length_G,
        clip_ids=labels.clip_G,
        reviewed=known,
        annotators=[name or None for name in labels.annotator_G.tolist()],
        sources=labels.source_G.tolist(),
    )
    scored_G = labels.right_class_G.copy()
    scored_G[list(known)] = False
    frame_G = np.array([each.frame for each in found.suggestions])
    confidence_G = np.array([each.confidence for each in found.suggestions])
    return Readout(frame_G, scored_G, confidence_G, found.likelihood), found


def reference_reviews(labels: Labels) -> int:
    """50 reviews; fewer where that would leave less than half of the labels to be scored."""
    return max(number for number in REVIEWS if number <= REFERENCE_REVIEWS and enough(labels, number))


def enough(labels: Labels, reviews: int) -> bool:
    """True if no more than half of the labels of the right class are reviewed."""
    return 2 * reviews <= int(labels.right_class_G.sum())


def reviewed(labels: Labels, reviews: int, seed: int) -> dict[int, int]:
    """The precise frames of `reviews` labels of the right class, drawn blindly, by place in `labels`."""
    drawn = np.random.default_rng([seed, reviews]).permutation(np.flatnonzero(labels.right_class_G))[:reviews]
    return {int(row): int(labels.true_G[row]) for row in drawn}


def fare(labels: Labels, readout: Readout, seed: int) -> dict[str, Any]:
    """How a read-out fares on the labels that are scored: JSON values, frames and shares in [0, 1]."""
    rows = np.flatnonzero(readout.scored_G)
    frame_K, true_K = readout.frame_G[rows], labels.true_G[rows]
    rest, moved = residuals(frame_K, true_K), change(labels.frame_G[rows], frame_K, true_K)
    told: dict[str, Any] = {
        "labels": len(rows),
        "mean": rest.mean,
        "signed": rest.signed,
        "within_0": rest.within_0,
        "within_1": rest.within_1,
        "within_2": rest.within_2,
        "better": moved.better,
        "worse": moved.worse,
        "likelihood": readout.likelihood,
    }
    if readout.confidence_G is not None:
        told |= _confidence(readout.confidence_G[rows], np.abs(frame_K - true_K) > 1, seed)
    return told


def _confidence(confidence_K: NDArray[np.float64], wrong_K: NDArray[np.bool_], seed: int) -> dict[str, Any]:
    """`accepted`, `precision`: at a claimed 95 %; `acceptable`: the most at a realised 95 %."""
    sure_K = confidence_K >= _CLAIMED
    coverage_K, risk_K = risk_coverage(confidence_K, wrong_K)
    violated, certified = _guarantee(confidence_K, wrong_K, np.random.default_rng([seed, 95]))
    return {
        "calibration_error": calibration_error(confidence_K, ~wrong_K),
        "accepted": float(sure_K.mean()),
        "precision": float(1 - wrong_K[sure_K].mean()) if sure_K.any() else None,
        "acceptable": float(coverage_K[risk_K <= _ALLOWED].max(initial=0.0)),
        "area": float(risk_K.mean()),
        "curve": _thinned(coverage_K, risk_K),
        "violated": violated,
        "certified": certified,
    }


def _thinned(coverage_K: NDArray[np.float64], risk_K: NDArray[np.float64]) -> list[list[float]]:
    """About a hundred points (coverage, risk) of a curve."""
    points_K2 = np.stack([coverage_K, risk_K], axis=1)[:: max(1, len(risk_K) // 100)]
    return points_K2.round(4).tolist()


def _guarantee(
    confidence_K: NDArray[np.float64], wrong_K: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[float, float]:
    """Over 200 audits of 100 labels: how often a certificate was wrong; the share of labels certified."""
    violated, certified = 0, 0.0
    for _ in range(_RESAMPLES):
        order = rng.permutation(len(confidence_K))
        audit, rest = order[:_AUDIT], order[_AUDIT:]
        promise = certify(confidence_K[audit], wrong_K[audit], alpha=_ALLOWED)
        if promise.certified and promise.threshold is not None and len(rest):
            taken = rest[confidence_K[rest] >= promise.threshold]
            certified += len(taken) / len(rest)
            violated += bool(len(taken)) and wrong_K[taken].mean() > _ALLOWED
    return violated / _RESAMPLES, certified / _RESAMPLES
