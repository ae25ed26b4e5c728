"""What people decide, appended only, and what follows from it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, BigId, Table, key, parent


class Decision(Table):
    """Append-only. `dataset_id` repeats the label's, for a person's undo to find its row by index.

    `batch_id` is the batch that it was made with, if it was not made one by one. `reason` is why a label was
    flagged, `seconds` how long it was on the screen. One that `adjudicates` was made in sight of the two that
    it is about.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "label_id", "id"),
        Index(None, "dataset_id", "id"),
        Index(None, "dataset_id", "annotator", "batch_id", "id"),
        Index(None, "batch_id", "id"),
        NEVER_REUSE,
    )
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    label_id: Mapped[int] = parent("labels.id", index=False)
    key: Mapped[str] = mapped_column(unique=True)
    verdict: Mapped[str]
    label: Mapped[str | None]
    frame: Mapped[int | None]
    annotator: Mapped[str]
    decided_at: Mapped[datetime]
    suggestion_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("suggestions.id"), index=True)
    undoes: Mapped[int | None] = mapped_column(BigId, ForeignKey("decisions.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("batches.id"))
    reason: Mapped[str | None]
    seconds: Mapped[float | None]
    adjudicates: Mapped[bool] = mapped_column(default=False)


class Batch(Table):
    """A set of decisions made and taken back as one. `undoes` is the batch that this one takes back.

    `size` labels were meant when it began, `done` decisions are made; `finished_at` is None until it is
    whole.
    """

    __tablename__ = "batches"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id")
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    annotator: Mapped[str]
    undoes: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("batches.id", ondelete="CASCADE"), index=True
    )
    size: Mapped[int]
    done: Mapped[int]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which `where` holds."""
    return Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Standing(Table):
    """Where a label stands: the fold of its decisions and its newest suggestion.

    Derived, and written in the same transaction as they are (`storage.standings`). `place` is file order
    (clip, frame, position). `turn` is minus the error that a review removes, in frames per second, `skipped`
    the id of the skip that holds (0: none): a queue is read upwards by (skipped, turn, label_id). `offset`
    and `correction` are how many frames after the tag the suggestion and the decision lie (None: there is
    none); `moved` is the frame that a move of its whole group gives it until somebody settles it. `waiting`
    labels are neither decided nor flagged; `flag_reason` is what the flag that holds was given. `relabelled`
    is the class that a person gave it. `audit` is the place in the blind audit stream (None: not in it).
    `double`: drawn for two people; then `opinions` is how many settled it, `first_by` the one as long as it
    is one, `apart` the frames between them once there are two, until somebody adjudicates.
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
        _partial("ix_standings_second", "dataset_id", "place", where="opinions = 1"),
        _partial("ix_standings_apart", "dataset_id", "place", where="apart IS NOT NULL"),
        Index("ix_standings_offset", "dataset_id", "label", "offset"),
        Index("ix_standings_correction", "dataset_id", "label", "correction"),
        _partial(
            "ix_standings_audit", "dataset_id", "waiting", "skipped", "audit", where="audit IS NOT NULL"
        ),
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
    offset: Mapped[int | None]
    correction: Mapped[int | None]
    moved: Mapped[int | None]
    decision_id: Mapped[int | None] = mapped_column(BigId)
    annotator: Mapped[str | None]
    skipped: Mapped[int] = mapped_column(BigId)
    flagged: Mapped[bool]
    flag_reason: Mapped[str | None]
    waiting: Mapped[bool]
    audit: Mapped[int | None]
    double: Mapped[bool] = mapped_column(default=False)
    opinions: Mapped[int] = mapped_column(default=0)
    first_by: Mapped[str | None]
    apart: Mapped[int | None]
    relabelled: Mapped[str | None]
    proposed: Mapped[bool] = mapped_column(default=False)


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
    moved: Mapped[int] = mapped_column(default=0)
