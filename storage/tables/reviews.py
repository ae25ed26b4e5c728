"""What people decide, appended only, and what follows from it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, BigId, Table, key, parent


class Decision(Table):
    """Append-only. `dataset_id` repeats the label's, for a person's undo to find its row by index."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "label_id", "id"),
        Index(None, "dataset_id", "annotator", "id"),
        NEVER_REUSE,
    )
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    label_id: Mapped[int] = parent("labels.id", index=False)
    key: Mapped[str] = mapped_column(unique=True)
    verdict: Mapped[str]
    frame: Mapped[int | None]
    annotator: Mapped[str]
    decided_at: Mapped[datetime]
    suggestion_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("suggestions.id"), index=True)
    undoes: Mapped[int | None] = mapped_column(BigId, ForeignKey("decisions.id"), index=True)


class Standing(Table):
    """Where a label stands: the fold of its decisions and its newest suggestion.

    Derived, and written in the same transaction as they are (`storage.standings`). `place` is file order
    (clip, frame, position). `turn` is minus the expected error of the tag in frames, `skipped` the id of the
    skip that holds (0: none): a queue is read upwards by (skipped, turn, label_id). `waiting` labels are
    neither decided nor flagged.
    """

    __tablename__ = "standings"
    __table_args__ = (
        Index("ix_standings_likely", "dataset_id", "waiting", "skipped", "turn", "label_id"),
        Index(
            "ix_standings_likely_of_class", "dataset_id", "waiting", "label", "skipped", "turn", "label_id"
        ),
        Index("ix_standings_in_file_order", "dataset_id", "waiting", "skipped", "place"),
        Index("ix_standings_all", "dataset_id", "place"),
        Index("ix_standings_flagged", "dataset_id", "flagged", "skipped", "place"),
        Index("ix_standings_mine", "dataset_id", "annotator", "decision_id"),
        Index("ix_standings_of_clip", "clip_id", "waiting"),
    )
    label_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    dataset_id: Mapped[int] = mapped_column(BigId)
    clip_id: Mapped[int] = mapped_column(BigId)
    label: Mapped[str]
    place: Mapped[int]
    turn: Mapped[float]
    suggestion_id: Mapped[int | None] = mapped_column(BigId)
    verdict: Mapped[str | None]
    frame: Mapped[int | None]
    decision_id: Mapped[int | None] = mapped_column(BigId)
    annotator: Mapped[str | None]
    skipped: Mapped[int] = mapped_column(BigId)
    flagged: Mapped[bool]
    waiting: Mapped[bool]


class Tally(Table):
    """How far the review of a dataset is: `standings` counted, kept in the same transaction."""

    __tablename__ = "tallies"
    dataset_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    total: Mapped[int]
    decided: Mapped[int]
    skipped: Mapped[int]
    flagged: Mapped[int]
    accepted: Mapped[int]
    kept: Mapped[int]
    set: Mapped[int]
    removed: Mapped[int]
