"""Confidence intervals of shares, and which of many findings remain when all are looked at together."""

import math

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig

NORMAL_95 = 1.959963984540054
"""A normal variable lies within this many standard deviations of its mean 95 % of the time."""


def wilson(hits: int, count: int, z: float = NORMAL_95) -> tuple[float, float]:
    """The interval of a share of which `hits` of `count` were seen, in [0, 1] (Wilson 1927, eq. 1).

    (0, 1) when nothing was seen. Raises `BadConfig` unless 0 <= hits <= count.
    """
    if not 0 <= hits <= count:
        raise BadConfig(f"{hits} of {count}: hits must lie between 0 and the count")
    if count == 0:
        return 0.0, 1.0
    share, room = hits / count, z * z / count
    middle = share + room / 2
    half = z * math.sqrt(share * (1 - share) / count + room / (4 * count))
    low, high = (middle - half) / (1 + room), (middle + half) / (1 + room)
    return (0.0 if hits == 0 else low), (1.0 if hits == count else high)


def discoveries(p_values_K: NDArray[np.floating], rate: float = 0.05) -> NDArray[np.bool_]:
    """Which of K findings hold when at most a share `rate` of those named may be chance; bool [K].

    Benjamini and Hochberg (1995): the k smallest p-values hold, k the largest with p_(k) <= rate * k / K.
    """
    order = np.argsort(p_values_K, kind="stable")
    count = len(p_values_K)
    below = np.nonzero(p_values_K[order] <= rate * np.arange(1, count + 1) / max(count, 1))[0]
    holds = np.zeros(count, dtype=bool)
    holds[order[: below[-1] + 1 if len(below) else 0]] = True
    return holds
