"""What was decided: one audit row for each label."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.csv_lines import lines, moment, number, text
from storage.datasets import get_dataset
from storage.tables import Clip, Decision, Label, Standing, SuggestionRow

BATCH = 500
"""Rows in memory at a time."""
SETTLED = ("accept", "keep", "set", "relabel", "remove")
"""Decisions of an audit row that settle its label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """What became of one label. Frames are ordinals; None: there is none.

    `offset` (real-valued, + is later) and `confidence` are the suggestion's: the one on the screen when the
    label was decided, else the newest. `decision` is the verdict that holds, else flag, move, skip or "".
    `flag_reason` is why it is flagged, if it is and anybody said so. `final_frame` is what the export holds;
    None for a removed label.
    """

    video: str
    label: str
    original_frame: int
    shifted_frame: int
    suggested_frame: int | None
    final_frame: int | None
    offset: float | None
    confidence: float | None
    decision: str
    flag_reason: str
    annotator: str
    decided_at: datetime | None
    run: int | None
    comment: str


def is_there() -> sa.ColumnElement[bool]:
    """Somebody wrote the label, or added it where it was proposed."""
    return sa.or_(Label.proposed.is_(False), Standing.verdict.is_not(None))


def holds_at(label: type[Label] = Label) -> sa.ColumnElement[int]:
    """The frame that holds for a label: what people settled, else its group's move, else its tag."""
    return sa.func.coalesce(Standing.frame, Standing.moved, label.frame)


def audit_rows(session: Session, dataset_id: int) -> Iterator[AuditRow]:
    """One row per label in file order, while the session is open. Raises `NotFound`."""
    get_dataset(session, dataset_id)
    shown = sa.func.coalesce(Decision.suggestion_id, Standing.suggestion_id)
    rows = session.execute(
        sa.select(
            Clip.name.label("video"),
            Label.label,
            Label.original_frame,
            Label.frame.label("shifted_frame"),
            SuggestionRow.frame.label("suggested_frame"),
            _final_frame().label("final_frame"),
            SuggestionRow.offset,
            SuggestionRow.confidence,
            decision_text().label("decision"),
            sa.func.coalesce(Standing.flag_reason, "").label("flag_reason"),
            sa.func.coalesce(Standing.annotator, "").label("annotator"),
            Decision.decided_at,
            SuggestionRow.run_id.label("run"),
            sa.func.coalesce(Label.comment, "").label("comment"),
        )
        .select_from(Label)
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(Decision, Decision.id == Standing.decision_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == shown)
        .where(Clip.dataset_id == dataset_id, is_there())
        .order_by(Clip.position, Label.position)
        .execution_options(yield_per=BATCH)
    )
    return (AuditRow(**row._mapping) for row in rows)


def _final_frame() -> sa.ColumnElement[int | None]:
    kept = holds_at()
    return sa.case((Standing.verdict == "remove", None), else_=kept)


def decision_text() -> sa.ColumnElement[str]:
    """The verdict that holds for a standing, else flag, move, skip or ""."""
    undecided = sa.case(
        (Standing.flagged.is_(True), "flag"),
        (Standing.moved.is_not(None), "move"),
        (Standing.skipped > 0, "skip"),
        else_="",
    )
    return sa.func.coalesce(Standing.verdict, undecided)


def audit_csv(session: Session, dataset_id: int) -> Iterator[str]:
    """The audit as CSV text, header first, line by line while the session is open. Raises `NotFound`."""
    return lines(AuditRow.__slots__, map(_cells, audit_rows(session, dataset_id)))


def _cells(row: AuditRow) -> list[str]:
    return [
        text(row.video),
        text(row.label),
        str(row.original_frame),
        str(row.shifted_frame),
        number(row.suggested_frame, 0),
        number(row.final_frame, 0),
        number(row.offset, 2),
        number(row.confidence, 3),
        row.decision,
        row.flag_reason,
        text(row.annotator),
        moment(row.decided_at),
        number(row.run, 0),
        text(row.comment),
    ]
