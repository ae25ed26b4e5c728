"""Average precision of one class at a tolerance, over columns: quick where events lie apart, exact anyway."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def average_precision(
    clips_P: Ints,
    frames_P: Ints,
    scores_P: NDArray[np.floating],
    clips_E: Ints,
    frames_E: Ints,
    tolerance: int,
) -> float:
    """AP in [0, 1] of P predictions against E events; 0 for no events.

    Predictions, best score first, are each compared to the closest event of their clip not yet found: a true
    positive within `tolerance` frames, else false, and the event stays open. Precision at the true positives,
    made monotone from the right, is summed over all events.
    """
    if not len(frames_E):
        return 0.0
    ranked_P = np.argsort(-scores_P, kind="stable")
    hit_P = _hits(clips_P[ranked_P], frames_P[ranked_P], clips_E, frames_E, tolerance)
    precisions = (np.cumsum(hit_P) / np.arange(1, len(hit_P) + 1))[hit_P]
    return float(np.maximum.accumulate(precisions[::-1]).sum()) / len(frames_E)


def _hits(clips_P: Ints, frames_P: Ints, clips_E: Ints, frames_E: Ints, tolerance: int) -> NDArray[np.bool_]:
    """Which predictions, in the order in which they choose, find an event."""
    hit_P = np.zeros(len(frames_P), dtype=bool)
    span = max(frames_E.max(), frames_P.max(initial=0)) + 2 * tolerance + 2
    places_P, places_E = clips_P * span + frames_P, clips_E * span + frames_E
    order_E = np.argsort(places_E, kind="stable")
    apart = np.diff(places_E[order_E]) > 2 * tolerance
    alone_E = np.concatenate([[True], apart]) & np.concatenate([apart, [True]])
    nearest_P = _nearest(places_E[order_E], places_P)
    near_P = np.abs(places_E[order_E][nearest_P] - places_P) <= tolerance
    single_S = np.nonzero(near_P & alone_E[nearest_P])[0]
    hit_P[single_S[np.unique(nearest_P[single_S], return_index=True)[1]]] = True
    crowded_P = np.nonzero(near_P & ~alone_E[nearest_P])[0]
    hit_P[_found_one_by_one(places_P, crowded_P, places_E[np.sort(order_E[~alone_E])], tolerance)] = True
    return hit_P


def _nearest(sorted_E: Ints, places_P: Ints) -> Ints:
    """For each place the nearest one of `sorted_E`."""
    right_P = np.clip(np.searchsorted(sorted_E, places_P), 1, max(1, len(sorted_E) - 1))
    right_P = np.minimum(right_P, len(sorted_E) - 1)
    left_P = np.maximum(right_P - 1, 0)
    return np.where(places_P - sorted_E[left_P] <= sorted_E[right_P] - places_P, left_P, right_P)


def _found_one_by_one(places_P: Ints, chosen: Ints, places_E: Ints, tolerance: int) -> list[int]:
    """Those of the predictions `chosen` that find one of the events, which lie near to each other."""
    found: list[int] = []
    open_E = places_E
    for prediction in chosen.tolist():
        closest = open_E[np.abs(open_E - places_P[prediction]).argmin()] if len(open_E) else None
        if closest is not None and abs(closest - places_P[prediction]) <= tolerance:
            open_E = open_E[open_E != closest]
            found.append(prediction)
    return found
