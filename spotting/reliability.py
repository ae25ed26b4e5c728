"""Whether confidence can be trusted: shares right at each confidence, and what is left wrong by coverage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.intervals import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Suggestions of about one confidence: mean `claimed`, share `right` with its 95 % interval (Wilson)."""

    count: int
    claimed: float
    right: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskCoverage:
    """Accepting the surest first: `coverage_G` accepted, of which `risk_G` are wrong; both in [0, 1].

    `best_G` is the risk if confidence put every right one before every wrong one. `confidence_G` is that of
    the last one accepted.
    """

    coverage_G: NDArray[np.float64]
    risk_G: NDArray[np.float64]
    best_G: NDArray[np.float64]
    confidence_G: NDArray[np.float64]


def bins(confidence_G: NDArray[np.floating], right_G: NDArray[np.bool_], count: int = 10) -> list[Bin]:
    """At most `count` equally full bins, lowest confidence first; none for no suggestions."""
    order = np.argsort(confidence_G, kind="stable")
    return [
        _bin(confidence_G[part], right_G[part])
        for part in np.array_split(order, max(1, min(count, len(order))))
        if len(part)
    ]


def _bin(confidence_G: NDArray[np.floating], right_G: NDArray[np.bool_]) -> Bin:
    low, high = wilson(int(right_G.sum()), len(right_G))
    return Bin(
        count=len(right_G),
        claimed=float(confidence_G.mean()),
        right=float(right_G.mean()),
        low=low,
        high=high,
    )


def risk_coverage(confidence_G: NDArray[np.floating], right_G: NDArray[np.bool_]) -> RiskCoverage:
    """The curve of accepting suggestions by falling confidence (El-Yaniv and Wiener 2010)."""
    order = np.argsort(-confidence_G, kind="stable")
    accepted_G = np.arange(1, len(order) + 1)
    wrong_G = np.cumsum(~right_G[order])
    fewest_G = np.maximum(accepted_G - int(right_G.sum()), 0)
    return RiskCoverage(
        coverage_G=accepted_G / max(len(order), 1),
        risk_G=wrong_G / accepted_G,
        best_G=fewest_G / accepted_G,
        confidence_G=np.asarray(confidence_G, dtype=np.float64)[order],
    )
