"""How the matches of labels moved from epoch to epoch: the training trace behind Figs. 3 and 5."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage import runs

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traces:
    """Matched - tagged frame (+ is later) over the epochs of a run, mean of its members, NaN unmatched.

    `epochs_E` ascending; `offsets_LE` of the labels asked for; `quantiles_QE` of all labels (`QUANTILES`).
    """

    epochs_E: NDArray[np.int64]
    offsets_LE: NDArray[np.float64]
    quantiles_QE: NDArray[np.float64]


def traces(session: Session, run_id: int, label_ids: NDArray[np.int64]) -> Traces:
    """The traces of some labels and the quantiles of all. Raises `NotFound` for an unknown run."""
    found = list(_by_epoch(session, run_id))
    offsets_LE = np.full((len(label_ids), len(found)), np.nan)
    for column, (_, ids_G, offsets_G) in enumerate(found):
        for row, label_id in enumerate(label_ids):
            own = offsets_G[ids_G == label_id]
            offsets_LE[row, column] = own.mean() if len(own) else np.nan
    return Traces(
        epochs_E=np.array([epoch for epoch, _, _ in found], dtype=np.int64),
        offsets_LE=offsets_LE,
        quantiles_QE=np.array(
            [np.quantile(offsets_G.astype(np.float64), QUANTILES) for _, _, offsets_G in found]
        )
        .reshape(-1, len(QUANTILES))
        .T,
    )


def distances(
    session: Session, run_id: int, label_ids: NDArray[np.int64], moves_L: NDArray[np.float64]
) -> dict[int, float]:
    """Mean |matched - reference| by epoch over the labels `label_ids` that were matched, frames.

    `moves_L`: reference - tagged frame of each label. Epochs that matched none of them are left out.
    """
    order = np.argsort(label_ids)
    ids_L, moves_L = label_ids[order], moves_L[order]
    told: dict[int, float] = {}
    for epoch, ids_G, offsets_G in _by_epoch(session, run_id) if len(ids_L) else ():
        place_G = np.minimum(np.searchsorted(ids_L, ids_G), len(ids_L) - 1)
        known_G = ids_L[place_G] == ids_G
        if known_G.any():
            told[epoch] = float(np.abs(offsets_G[known_G] - moves_L[place_G[known_G]]).mean())
    return told


def _by_epoch(session: Session, run_id: int) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """Epoch, label ids [G] and offsets [G] over all members of it, epochs ascending, those with matches."""
    runs.get_run(session, run_id)
    told = runs.epochs(session, run_id)
    for number in sorted({epoch.epoch for epoch in told}):
        matched = [runs.matches(session, epoch.id) for epoch in told if epoch.epoch == number]
        offsets_G = np.concatenate([one.offsets_G for one in matched])
        if len(offsets_G):
            yield number, np.concatenate([one.label_ids_G for one in matched]), offsets_G
