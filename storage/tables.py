"""The tables. Labels never change, decisions are only added; `standings` is what follows from both."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column, relationship

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""64-bit ids on PostgreSQL; SQLite counts a row id only in a column declared INTEGER."""


class Moment(sa.types.TypeDecorator[datetime]):
    """A time in UTC: stored without a zone, given back with one."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """Base of all tables: constraint names by rule, so that a migration can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[Any]: sa.JSON(none_as_null=True),
    }


NEVER_REUSE = {"sqlite_autoincrement": True}
"""Ids of deleted rows are not given out again: an old browser tab must not decide about a new label."""


def _key() -> MappedColumn[int]:
    return mapped_column(BigId, primary_key=True)


def _parent(column: str, index: bool = True) -> MappedColumn[Any]:
    return mapped_column(BigId, ForeignKey(column, ondelete="CASCADE"), index=index)


class Dataset(Table):
    __tablename__ = "datasets"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = _key()
    name: Mapped[str] = mapped_column(unique=True)
    label_file: Mapped[str]
    classes: Mapped[list[Any]]
    extra: Mapped[dict[str, Any]]
    report: Mapped[list[Any]] = mapped_column(deferred=True)
    clips: Mapped[int]
    labels: Mapped[int]
    has_truth: Mapped[bool]
    created_at: Mapped[datetime]


class CarriedEntry(Table):
    """An entry of the label file that was refused: it goes out again as it came."""

    __tablename__ = "carried"
    dataset_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    raw: Mapped[Any] = mapped_column(sa.JSON, nullable=False)


class Video(Table):
    __tablename__ = "videos"
    __table_args__ = (UniqueConstraint("path", "identity"), NEVER_REUSE)
    id: Mapped[int] = _key()
    path: Mapped[str]
    kind: Mapped[str]
    folder: Mapped[str]
    num_frames: Mapped[int]
    fps: Mapped[float | None]
    width: Mapped[int]
    height: Mapped[int]
    identity: Mapped[str]


class Clip(Table):
    __tablename__ = "clips"
    __table_args__ = (
        UniqueConstraint("dataset_id", "name"),
        UniqueConstraint("dataset_id", "position"),
        NEVER_REUSE,
    )
    id: Mapped[int] = _key()
    dataset_id: Mapped[int] = _parent("datasets.id", index=False)
    video_id: Mapped[int] = mapped_column(BigId, ForeignKey("videos.id"), index=True)
    name: Mapped[str]
    source: Mapped[str]
    position: Mapped[int]
    num_frames: Mapped[int]
    fps: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    extra: Mapped[dict[str, Any]]
    video: Mapped[Video] = relationship(lazy="joined", innerjoin=True)


class Label(Table):
    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("clip_id", "position"), NEVER_REUSE)
    id: Mapped[int] = _key()
    clip_id: Mapped[int] = _parent("clips.id", index=False)
    position: Mapped[int]
    label: Mapped[str]
    frame: Mapped[int]
    comment: Mapped[str | None]
    extra: Mapped[dict[str, Any]]
    true_frame: Mapped[float | None]


class Run(Table):
    __tablename__ = "runs"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = _key()
    dataset_id: Mapped[int] = _parent("datasets.id")
    config: Mapped[dict[str, Any]]
    folds: Mapped[int]
    created_at: Mapped[datetime]


class EpochRow(Table):
    """One epoch of one member; the blobs hold its matches (`storage.blobs`)."""

    __tablename__ = "epochs"
    __table_args__ = (UniqueConstraint("run_id", "member", "epoch"), NEVER_REUSE)
    id: Mapped[int] = _key()
    run_id: Mapped[int] = _parent("runs.id", index=False)
    member: Mapped[int]
    epoch: Mapped[int]
    metrics: Mapped[dict[str, Any]]
    matched_tagged: Mapped[float | None]
    matched_true: Mapped[float | None]
    label_ids: Mapped[bytes] = mapped_column(deferred=True)
    offsets: Mapped[bytes] = mapped_column(deferred=True)
    scores: Mapped[bytes] = mapped_column(deferred=True)


class SuggestionRow(Table):
    __tablename__ = "suggestions"
    __table_args__ = (Index(None, "label_id", "id"), Index(None, "run_id", "id"), NEVER_REUSE)
    id: Mapped[int] = _key()
    run_id: Mapped[int] = _parent("runs.id", index=False)
    label_id: Mapped[int] = _parent("labels.id", index=False)
    epoch: Mapped[int]
    provisional: Mapped[bool]
    frame: Mapped[int]
    offset: Mapped[float]
    confidence: Mapped[float]
    posterior: Mapped[bytes]
    scores: Mapped[bytes]
    matched_offset: Mapped[float | None]
    reasons: Mapped[list[Any]]
    created_at: Mapped[datetime]


class Decision(Table):
    """Append-only. `dataset_id` repeats the label's, for a person's undo to find its row by index."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "label_id", "id"),
        Index(None, "dataset_id", "annotator", "id"),
        NEVER_REUSE,
    )
    id: Mapped[int] = _key()
    dataset_id: Mapped[int] = _parent("datasets.id", index=False)
    label_id: Mapped[int] = _parent("labels.id", index=False)
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


class Job(Table):
    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "id"), NEVER_REUSE)
    id: Mapped[int] = _key()
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    state: Mapped[str]
    done: Mapped[float]
    total: Mapped[float]
    note: Mapped[str]
    worker: Mapped[str | None]
    heartbeat: Mapped[datetime | None]
    stop_requested_at: Mapped[datetime | None]
    attempt: Mapped[int]
    losses: Mapped[int]
    error: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    run_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
