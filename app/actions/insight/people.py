"""Annotators beside each other: how often they agree within a tolerance, and how far apart they are."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Asked, Drawn, chosen, nothing, rounded
from app.actions.kept import moves_of
from app.plots.people import Pair, agreement_plot, tolerance_plot
from spotting.agreement import limits, tolerance, within
from storage.moves import Moves
from storage.verdicts import Verdicts, differences, verdicts

GIVEN = "given labels"
WITHIN = (0, 1, 2, 4)
AGREEMENT = (
    *("first", "second", "labels", "mean_difference", "lower_limit", "upper_limit", "error_of_limits"),
    *(f"within_{at}" for at in WITHIN),
)
TOLERANCE = ("class", "pairs_of_frames", "within_1", "frames_for_90", "frames_for_95")
ALONE = "Nobody has decided anything here yet: agreement needs two frames for a label."


def _pairs(
    session: Any, dataset_id: int, asked: Asked
) -> Iterator[tuple[str, str, Moves, NDArray[np.int64]]]:
    """Two who settled the same labels, those labels, and second - first, frames. The tags count as one."""
    part = chosen(moves_of(session, dataset_id), asked)
    order = np.argsort(part.ids_L)
    sorted_part = part.where(order)
    given = Verdicts(ids_G=sorted_part.ids_L, frames_G=sorted_part.tagged_L.astype(np.int64))
    raters = {GIVEN: given, **verdicts(session, dataset_id)}
    for first, second in combinations(raters, 2):
        ids_P, apart_P = differences(raters[first], raters[second])
        inside_P = np.isin(ids_P, sorted_part.ids_L)
        if inside_P.any():
            places = np.searchsorted(sorted_part.ids_L, ids_P[inside_P])
            yield first, second, sorted_part.where(places), apart_P[inside_P]


def agreement(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """P(|difference| <= δ) and the limits of agreement of every two annotators."""
    pairs = [
        Pair(first, second, within(apart_P, WITHIN), limits(apart_P))
        for first, second, _, apart_P in _pairs(session, dataset_id, asked)
    ]
    if not pairs:
        return nothing(AGREEMENT, ALONE)
    rows = [
        (
            *(pair.first, pair.second, pair.limits.count),
            *map(rounded, (pair.limits.mean, pair.limits.lower, pair.limits.upper, pair.limits.error)),
            *(rounded(one.share) for one in pair.within),
        )
        for pair in pairs
    ]
    return Drawn(columns=AGREEMENT, rows=rows, plot=agreement_plot(pairs))


def tolerances(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Per class the frames within which annotators agree; the tags count only where nobody has a second."""
    found = list(_pairs(session, dataset_id, asked))
    people = [pair for pair in found if GIVEN not in pair[:2]] or found
    if not people:
        return nothing(TOLERANCE, ALONE)
    labels_P = np.concatenate([part.labels_L for _, _, part, _ in people])
    apart_P = np.concatenate([apart for *_, apart in people])
    rows = [
        (
            *(name, int((labels_P == name).sum()), rounded(within(apart_P[labels_P == name], (1,))[0].share)),
            *(tolerance(apart_P[labels_P == name], share) for share in (0.9, 0.95)),
        )
        for name in np.unique(labels_P).tolist()
    ]
    return Drawn(columns=TOLERANCE, rows=rows, plot=tolerance_plot(rows))
