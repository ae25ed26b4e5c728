"""Labels of one clip together: their order is kept softly, and no two of one class share a frame."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, shifts

_SWAP = 0.1
_LIKELY_SWAP = 0.02
_OPEN = 1e-4
_FEWEST_GAPS, _RARE_GAP = 100, 0.01


def keep_order(
    posterior_GS: Array,
    frames_G: NDArray[np.int64],
    classes_G: NDArray[np.int64],
    clips_G: NDArray[np.int64],
) -> Array:
    """Posteriors [G, S] given that labels of a clip rarely change places.

    Forward-backward over runs of neighbours that could: two of one class never come nearer than two of it
    do (`least_gaps`), nor meet nor pass; two of different classes are 10 times less likely to. Other rows
    come back as they were.
    """
    order_G = np.lexsort((frames_G, clips_G))
    least_G = least_gaps(frames_G, classes_G, clips_G)
    settled_GS = posterior_GS.copy()
    for run in _runs(posterior_GS, frames_G, least_G, clips_G, order_G):
        allowed = [
            _allowed(int(frames_G[b] - frames_G[a]), int(least_G[b]), posterior_GS.shape[1])
            for a, b in zip(run[:-1], run[1:], strict=True)
        ]
        settled_GS[run] = _forward_backward(posterior_GS[run], allowed)
    return settled_GS


def least_gaps(
    frames_G: NDArray[np.int64], classes_G: NDArray[np.int64], clips_G: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many frames must lie between each label and the one before it in its clip [G]; 0: of another class.

    The gap that one in a hundred pairs of neighbours of the class goes below, at least 1, where there are 100
    pairs; no more than the labels' own gap, so that nothing is pushed apart.
    """
    order_G = np.lexsort((frames_G, clips_G))
    before, after = order_G[:-1], order_G[1:]
    alike_P = (clips_G[before] == clips_G[after]) & (classes_G[before] == classes_G[after])
    gap_P = frames_G[after] - frames_G[before]
    least_G = np.zeros(len(frames_G), dtype=np.int64)
    for number in np.unique(classes_G).tolist():
        rows = np.flatnonzero(alike_P & (classes_G[after] == number))
        usual = np.quantile(gap_P[rows], _RARE_GAP) if len(rows) >= _FEWEST_GAPS else 1.0
        least_G[after[rows]] = np.maximum(np.minimum(np.floor(usual), gap_P[rows]), 1)
    return least_G


def _runs(
    posterior_GS: Array,
    frames_G: NDArray[np.int64],
    least_G: NDArray[np.int64],
    clips_G: NDArray[np.int64],
    order_G: NDArray[np.int64],
) -> Iterator[NDArray[np.int64]]:
    """Runs of neighbouring labels that might change places under their own posteriors."""
    before_P, after_P = order_G[:-1], order_G[1:]
    count = posterior_GS.shape[1]
    gap_P = frames_G[after_P] - frames_G[before_P]
    reached_PS = np.cumsum(posterior_GS[before_P], axis=1)
    at_PS = np.arange(count) + (gap_P - least_G[after_P])[:, None]
    below_PS = np.take_along_axis(reached_PS, np.clip(at_PS, 0, count - 1), axis=1)
    passed_PS = 1 - np.where(at_PS < 0, 0.0, below_PS)
    swap_P = (posterior_GS[after_P] * passed_PS).sum(axis=1)
    linked_P = (clips_G[before_P] == clips_G[after_P]) & (swap_P > _LIKELY_SWAP)
    edges_P = np.flatnonzero(np.diff(np.concatenate([[False], linked_P, [False]]).astype(int)))
    for first, last in edges_P.reshape(-1, 2).tolist():
        yield order_G[first : last + 1]


def _allowed(gap: int, least: int, count: int) -> Array:
    """Weight of the shifts [before, after] of two labels `gap` frames apart; `least` 0: of two classes."""
    shifts_S = shifts(count)
    kept_SS = shifts_S[None, :] + gap >= shifts_S[:, None] + least
    return np.where(kept_SS, 1.0, 0.0 if least else _SWAP)


def _forward_backward(posterior_KS: Array, allowed: list[Array]) -> Array:
    """Marginals [K, S] of a chain of `posterior_KS` and pairwise `allowed`; as given where impossible."""
    forward, backward = [posterior_KS[0]], [np.ones(posterior_KS.shape[1])]
    for row_S, pair_SS in zip(posterior_KS[1:], allowed, strict=True):
        message_S = row_S * (forward[-1] @ pair_SS)
        forward.append(message_S / max(message_S.sum(), 1e-300))
    for row_S, pair_SS in zip(posterior_KS[:0:-1], allowed[::-1], strict=True):
        message_S = pair_SS @ (row_S * backward[-1])
        backward.append(message_S / max(message_S.sum(), 1e-300))
    marginal_KS = np.stack(forward) * np.stack(backward[::-1])
    total_K1 = marginal_KS.sum(axis=1, keepdims=True)
    return np.where(total_K1 > 1e-12, marginal_KS / np.maximum(total_K1, 1e-300), posterior_KS)


def keep_apart(
    moves_G: NDArray[np.int64],
    posterior_GS: Array,
    frames_G: NDArray[np.int64],
    groups_G: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Moves [G] changed so that no two labels of a group (a class of a clip) come to share a frame or pass.

    Labels with move 0 stay; the others lose the least expected error (dynamic programming over the group's
    labels in order). Labels that shared a frame from the start may still do so.
    """
    order_G = np.lexsort((frames_G, groups_G))
    settled_G = moves_G.copy()
    before, after = order_G[:-1], order_G[1:]
    meet_P = (frames_G + moves_G)[after] <= (frames_G + moves_G)[before]
    meet_P &= (groups_G[before] == groups_G[after]) & (frames_G[before] < frames_G[after])
    for group in np.unique(groups_G[before[meet_P]]).tolist():
        rows = order_G[groups_G[order_G] == group]
        settled_G[rows] = _apart(moves_G[rows], posterior_GS[rows], frames_G[rows])
    return settled_G


def _apart(moves_K: NDArray[np.int64], posterior_KS: Array, frames_K: NDArray[np.int64]) -> NDArray[np.int64]:
    count = posterior_KS.shape[1]
    cost_KS = _costs(moves_K, posterior_KS)
    total_S, came_from = cost_KS[0], []
    for gap, cost_S in zip(np.diff(frames_K).tolist(), cost_KS[1:], strict=True):
        best_S = np.minimum.accumulate(total_S)
        first_S = np.maximum.accumulate(np.where(total_S == best_S, np.arange(count), 0))
        at_S = np.arange(count) + gap - (gap > 0)
        held_S = np.clip(at_S, 0, count - 1)
        came_from.append(first_S[held_S])
        total_S = cost_S + np.where(at_S < 0, np.inf, best_S[held_S])
    chosen = [int(np.argmin(total_S))]
    for from_S in came_from[::-1]:
        chosen.append(int(from_S[chosen[-1]]))
    return np.array(chosen[::-1]) - count // 2


def _costs(moves_K: NDArray[np.int64], posterior_KS: Array) -> Array:
    """Expected error [K, S] of each shift; infinite where a label may not go."""
    shifts_S = shifts(posterior_KS.shape[1])
    cost_KS = posterior_KS @ np.abs(shifts_S[:, None] - shifts_S)
    open_KS = (posterior_KS > _OPEN) & (moves_K != 0)[:, None]
    open_KS |= shifts_S == 0
    return np.where(open_KS, cost_KS, np.inf)
