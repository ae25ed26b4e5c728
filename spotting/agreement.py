"""How well two people agree on frames: shares within a tolerance, limits of agreement, tolerance by class."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig
from spotting.intervals import NORMAL_95, wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The share of pairs at most `tolerance` frames apart, with its 95 % interval (Wilson)."""

    tolerance: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bland and Altman (1986): 95 % of the differences lie between `lower` and `upper`, frames.

    `error` is the standard error of either limit, sd * sqrt(3 / count).
    """

    count: int
    mean: float
    lower: float
    upper: float
    error: float


def within(differences_G: NDArray[np.integer], tolerances: tuple[int, ...] = (0, 1, 2, 4)) -> list[Within]:
    """P(|difference| <= tolerance) for each tolerance. Raises `BadConfig` without differences."""
    _refuse_none(differences_G)
    found = []
    for tolerance in tolerances:
        hits = int((np.abs(differences_G) <= tolerance).sum())
        low, high = wilson(hits, len(differences_G))
        found.append(Within(tolerance=tolerance, share=hits / len(differences_G), low=low, high=high))
    return found


def limits(differences_G: NDArray[np.integer]) -> Limits:
    """The limits of agreement of differences in frames. Raises `BadConfig` without differences."""
    _refuse_none(differences_G)
    mean = float(differences_G.mean())
    sd = float(differences_G.std(ddof=1)) if len(differences_G) > 1 else 0.0
    return Limits(
        count=len(differences_G),
        mean=mean,
        lower=mean - NORMAL_95 * sd,
        upper=mean + NORMAL_95 * sd,
        error=sd * math.sqrt(3 / len(differences_G)),
    )


def tolerance(differences_G: NDArray[np.integer], share: float = 0.95) -> int:
    """The fewest frames within which at least `share` of the pairs agree. Raises `BadConfig` without any."""
    _refuse_none(differences_G)
    sizes_G = np.sort(np.abs(differences_G))
    return int(sizes_G[math.ceil(share * len(sizes_G) - 1e-9) - 1])


def _refuse_none(differences_G: NDArray[np.integer]) -> None:
    if not len(differences_G):
        raise BadConfig("no label was set by both: agreement is not defined")
