"""Labels that no evidence speaks for: out of fold, their class scores nowhere near them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 10
SHARE = 0.25
"""A best score below this share of its class's median is none."""


def without_evidence(classes: Sequence[str], best: ArrayLike) -> NDArray[np.float64]:
    """How much speaks for each of G labels being spurious, in [0, 1]; 0: its class scores there as usual.

    `best` [G] is the highest out-of-fold score of the label's class around it. Compared within classes of 10
    labels or more; one minus score / (median * 0.25) where that is positive.
    """
    best_G = np.asarray(best, dtype=np.float64)
    names_G = np.array(classes, dtype=object)
    weight_G = np.zeros(len(best_G))
    for name in set(classes):
        rows = names_G == name
        usual = np.median(best_G[rows]) * SHARE
        if rows.sum() >= FEWEST and usual > 0:
            weight_G[rows] = np.maximum(0.0, 1 - best_G[rows] / usual)
    return weight_G
