"""Where each person set each label: the frames that annotators are compared by."""

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.standings import FINAL
from storage.tables import Decision

AT_ONCE = 10_000
"""Rows in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """One annotator's frames, newest verdict per label: int64 [G] each, by rising label id."""

    ids_G: NDArray[np.int64]
    frames_G: NDArray[np.int64]


def verdicts(session: Session, dataset_id: int) -> dict[str, Verdicts]:
    """Per annotator the labels that they settled at a frame (accept, keep, set) and did not take back.

    Adjudications are left out: they were made in sight of the others' frames.
    """
    rows = session.execute(
        sa.select(
            Decision.id,
            Decision.label_id,
            Decision.annotator,
            Decision.verdict,
            Decision.frame,
            Decision.undoes,
        )
        .where(Decision.dataset_id == dataset_id, Decision.adjudicates.is_(False))
        .order_by(Decision.id.desc())
        .execution_options(yield_per=AT_ONCE)
    )
    dead: set[int | None] = set()
    newest: dict[str, dict[int, int | None]] = {}
    for decision_id, label_id, annotator, verdict, frame, undoes in rows:
        if decision_id in dead:
            continue
        if verdict == "undo":
            dead.add(undoes)
        elif verdict in FINAL:
            newest.setdefault(annotator, {}).setdefault(label_id, frame)
    return {annotator: _frames(found) for annotator, found in sorted(newest.items())}


def annotators(session: Session, dataset_id: int) -> list[str]:
    """Who decided anything in a dataset, by name."""
    found = sa.select(Decision.annotator).where(Decision.dataset_id == dataset_id).distinct()
    return list(session.scalars(found.order_by(Decision.annotator)))


def _frames(found: dict[int, int | None]) -> Verdicts:
    settled = sorted((label_id, frame) for label_id, frame in found.items() if frame is not None)
    ids_G, frames_G = np.array(settled, dtype=np.int64).reshape(-1, 2).T
    return Verdicts(ids_G=ids_G, frames_G=frames_G)


def differences(first: Verdicts, second: Verdicts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The labels that both settled, and second - first there, frames; int64 [P] each."""
    both_P, at_first, at_second = np.intersect1d(
        first.ids_G, second.ids_G, assume_unique=True, return_indices=True
    )
    return both_P, second.frames_G[at_second] - first.frames_G[at_first]
