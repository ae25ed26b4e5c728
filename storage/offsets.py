"""How far labels, suggestions and present frames are from the truth, where it is known."""

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.tables import Clip, Label, Standing, SuggestionRow


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
