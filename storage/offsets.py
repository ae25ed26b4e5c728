"""How far labels are moved, and how far that leaves them from the truth: the numbers behind the plots."""

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.tables import Clip, Label, Standing, SuggestionRow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histogram:
    """Counts of whole-frame offsets (+ is later): `offsets_K` ascending, `counts_K` labels at each."""

    offsets_K: NDArray[np.int64]
    counts_K: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """Signed errors in frames against the known truth, one row per label that has one, in file order.

    float64 [L]: of the tag, of the suggested frame (NaN: none) and of the frame that holds now (the
    decision's, else the tag; NaN: removed). `labels` are the classes.
    """

    labels: tuple[str, ...]
    tagged_L: NDArray[np.float64]
    suggested_L: NDArray[np.float64]
    final_L: NDArray[np.float64]


def suggested(session: Session, dataset_id: int) -> dict[str, Histogram]:
    """Suggested - tagged frame, per class, over the labels with a suggestion."""
    query = (
        sa.select(Label.label, SuggestionRow.frame - Label.frame, sa.func.count())
        .join(Standing, Standing.label_id == Label.id)
        .join(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(Standing.dataset_id == dataset_id)
        .group_by(Label.label, SuggestionRow.frame - Label.frame)
    )
    return _histograms(session, query)


def decided(session: Session, dataset_id: int) -> dict[str, Histogram]:
    """Decided - tagged frame, per class, over the labels settled at a frame (accept, keep, set)."""
    query = (
        sa.select(Label.label, Standing.frame - Label.frame, sa.func.count())
        .join(Standing, Standing.label_id == Label.id)
        .where(Standing.dataset_id == dataset_id, Standing.frame.is_not(None))
        .group_by(Label.label, Standing.frame - Label.frame)
    )
    return _histograms(session, query)


def _histograms(
    session: Session, query: sa.Select[str, int, int] | sa.Select[str, int | None, int]
) -> dict[str, Histogram]:
    counts: dict[str, list[tuple[int, int]]] = {}
    for label, offset, count in session.execute(query):
        counts.setdefault(label, []).append((offset, count))
    return {label: _histogram(sorted(pairs)) for label, pairs in sorted(counts.items())}


def _histogram(pairs: list[tuple[int, int]]) -> Histogram:
    offsets_K, counts_K = np.array(pairs, dtype=np.int64).T
    return Histogram(offsets_K=offsets_K, counts_K=counts_K)


def residuals(session: Session, dataset_id: int) -> Residuals | None:
    """Errors of tag, suggestion and present frame, or None where no truth is known."""
    rows = session.execute(
        sa.select(
            Label.label, Label.true_frame, Label.frame, SuggestionRow.frame, Standing.frame, Standing.verdict
        )
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(Clip.dataset_id == dataset_id, Label.true_frame.is_not(None))
        .order_by(Standing.place)
    ).all()
    if not rows:
        return None
    finals = [
        None if verdict == "remove" else tag if now is None else now for *_, tag, _, now, verdict in rows
    ]
    true_L = _floats([row[1] for row in rows])
    return Residuals(
        labels=tuple(row[0] for row in rows),
        tagged_L=_floats([row[2] for row in rows]) - true_L,
        suggested_L=_floats([row[3] for row in rows]) - true_L,
        final_L=_floats(finals) - true_L,
    )


def _floats(values: list[float | None] | list[int | None] | list[int]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
