"""Minimum-cost matching of labels and predictions in time (Sec. 3.2, Eqs. 3 to 5)."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from spotting.position import to_time


def matching_costs(
    scores_LBQC: Tensor,
    times_LBQ: Tensor,
    classes_BGC: Tensor,
    frames_BG: Tensor,
    *,
    window: int,
    reach: float,
    use_scores: bool,
) -> Tensor:
    """Cost [L, B, G, Q], in frames, of giving label g to query q (Eq. 5).

    It is Eq. 5 times N_c * R, where R = T / (lambda * N_c) is the reach: the distance in frames minus R times
    (2c - 1).c^. A positive factor changes no matching, and so costs mean the same for any number of classes
    and any T. The term of Eq. 3 that does not depend on the query is left out. `classes_BGC` are soft
    labels in [0, 1] at integer `frames_BG`; `use_scores` False is the time-only matching (c2) of Table 2.
    """
    label_times_BG = to_time(frames_BG.float(), window)
    distances = window * (label_times_BG[None, :, :, None] - times_LBQ[:, :, None, :]).abs()
    if not use_scores:
        return distances
    agreement = torch.einsum("bgc,lbqc->lbgq", 2 * classes_BGC - 1, scores_LBQC)
    return distances - reach * agreement


def assign(costs_LBGQ: NDArray[np.float32], counts_B: NDArray[np.int64]) -> NDArray[np.int64]:
    """The query of each label, [L, B, G], that minimises the summed cost one-to-one (Hungarian algorithm).

    `counts_B` says how many of the G rows of a window are labels; the rest, and labels beyond N_q, get -1.
    A cost that is not finite counts as very high.
    """
    layers, batch, rows, _ = costs_LBGQ.shape
    queries = np.full((layers, batch, rows), -1, dtype=np.int64)
    costs = np.nan_to_num(costs_LBGQ, nan=1e6, posinf=1e6, neginf=-1e6)
    for layer in range(layers):
        for window, count in enumerate(counts_B):
            labels, matched = linear_sum_assignment(costs[layer, window, :count])
            queries[layer, window, labels] = matched
    return queries
