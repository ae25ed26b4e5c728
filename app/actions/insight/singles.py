"""Single labels worth looking at: moved farthest, typical of their class, least certain."""

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Pick
from storage.moves import Moves


def pick(moves: Moves, how: Pick, count: int) -> NDArray[np.int64]:
    """Up to `count` labels with a suggestion, best first, the classes taking turns; places in `moves`.

    largest: by |offset|, of those whose suggestion is likelier right than wrong. typical: nearest to the mean
    offset of their class. unsure: least confidence. Labels of the blind audit are left out: nobody may see
    what is suggested for them.
    """
    known = np.nonzero(np.isfinite(moves.offsets_L) & ~moves.audit_L)[0]
    ranked = [_ranked(moves, how, known[moves.labels_L[known] == name]) for name in np.unique(moves.labels_L)]
    turns = [(turn, number, place) for number, found in enumerate(ranked) for turn, place in enumerate(found)]
    return np.array([place for _, _, place in sorted(turns)[:count]], dtype=np.int64)


def _ranked(moves: Moves, how: Pick, places: NDArray[np.int64]) -> list[int]:
    offsets, confidence = moves.offsets_L[places], moves.confidence_L[places]
    if not len(places):
        return []
    if how == "unsure":
        worth = confidence
    elif how == "typical":
        worth = np.abs(offsets - offsets.mean()) - 1e-3 * confidence
    else:
        worth = np.where(confidence >= 0.5, -np.abs(offsets), 1.0)
    return places[np.argsort(worth, kind="stable")].tolist()
