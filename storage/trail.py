"""The trail: every decision ever made in a dataset, taken back or not, with what was shown for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.csv_lines import lines, moment, number, text
from storage.datasets import get_dataset
from storage.tables import Clip, Decision, Label, SuggestionRow

AT_ONCE = 1000
"""Rows in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One decision. Frames are ordinals in the clip.

    `original_frame` is None for an event that a person added; `frame` is what the decision set, None for
    remove, skip, flag and undo. `reason` is why it was flagged, `seconds` how long it was looked at. `undoes`
    is the decision (or undo) that it takes back, `batch` the batch that it came with. `shown_*` are the
    suggestion's that was on the screen; None where none was, as in the blind audit.
    """

    decision: int
    decided_at: datetime
    annotator: str
    clip: str
    label: str
    original_frame: int | None
    tagged_frame: int
    verdict: str
    frame: int | None
    reason: str | None
    seconds: float | None
    undoes: int | None
    batch: int | None
    shown_frame: int | None
    shown_confidence: float | None
    shown_run: int | None


def rows(session: Session, dataset_id: int) -> Iterator[TrailRow]:
    """The decisions in the order they were made, while the session is open. Raises `NotFound`."""
    get_dataset(session, dataset_id)
    found = session.execute(
        sa.select(
            Decision.id.label("decision"),
            Decision.decided_at,
            Decision.annotator,
            Clip.name.label("clip"),
            Label.label,
            Label.original_frame,
            Label.frame.label("tagged_frame"),
            Decision.verdict,
            Decision.frame,
            Decision.reason,
            Decision.seconds,
            Decision.undoes,
            Decision.batch_id.label("batch"),
            SuggestionRow.frame.label("shown_frame"),
            SuggestionRow.confidence.label("shown_confidence"),
            SuggestionRow.run_id.label("shown_run"),
        )
        .join(Label, Label.id == Decision.label_id)
        .join(Clip, Clip.id == Label.clip_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Decision.suggestion_id)
        .where(Decision.dataset_id == dataset_id)
        .order_by(Decision.id)
        .execution_options(yield_per=AT_ONCE)
    )
    return (TrailRow(**row._mapping) for row in found)


def csv_text(session: Session, dataset_id: int) -> Iterator[str]:
    """The trail as CSV, header first, line by line while the session is open. Raises `NotFound`."""
    return lines(TrailRow.__slots__, map(_cells, rows(session, dataset_id)))


def _cells(row: TrailRow) -> list[str]:
    return [
        str(row.decision),
        moment(row.decided_at),
        text(row.annotator),
        text(row.clip),
        text(row.label),
        number(row.original_frame, 0),
        str(row.tagged_frame),
        row.verdict,
        number(row.frame, 0),
        row.reason or "",
        number(row.seconds, 1),
        number(row.undoes, 0),
        number(row.batch, 0),
        number(row.shown_frame, 0),
        number(row.shown_confidence, 3),
        number(row.shown_run, 0),
    ]
