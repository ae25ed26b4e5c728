"""What an import brings: datasets, videos, clips and labels. Labels never change; shifts are only added."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, MappedColumn, column_property, mapped_column, relationship

from storage.tables.base import NEVER_REUSE, BigId, Table, key, parent


class Dataset(Table):
    __tablename__ = "datasets"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(unique=True)
    label_file: Mapped[str]
    classes: Mapped[list[Any]]
    extra: Mapped[dict[str, Any]]
    report: Mapped[list[Any]] = mapped_column(deferred=True)
    clips: Mapped[int]
    labels: Mapped[int]
    has_truth: Mapped[bool]
    rules: Mapped[str] = mapped_column(default="", deferred=True)
    double_share: Mapped[float] = mapped_column(default=0.0)
    double_tolerance: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Shift(Table):
    """A correction of all labels of a dataset by whole frames. Append-only; the newest living row holds."""

    __tablename__ = "shifts"
    __table_args__ = (Index(None, "dataset_id", "id"), NEVER_REUSE)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    key: Mapped[str] = mapped_column(unique=True)
    frames: Mapped[int]
    annotator: Mapped[str]
    decided_at: Mapped[datetime]
    undoes: Mapped[int | None] = mapped_column(BigId, ForeignKey("shifts.id", ondelete="CASCADE"))


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
    id: Mapped[int] = key()
    path: Mapped[str]
    kind: Mapped[str]
    folder: Mapped[str]
    num_frames: Mapped[int]
    fps: Mapped[float | None]
    width: Mapped[int]
    height: Mapped[int]
    identity: Mapped[str]


class Clip(Table):
    """`shift` is what the dataset's shifts come to, in frames (`storage.shifts`)."""

    __tablename__ = "clips"
    __table_args__ = (
        UniqueConstraint("dataset_id", "name"),
        UniqueConstraint("dataset_id", "position"),
        NEVER_REUSE,
    )
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    video_id: Mapped[int] = mapped_column(BigId, ForeignKey("videos.id"), index=True)
    name: Mapped[str]
    source: Mapped[str]
    position: Mapped[int]
    num_frames: Mapped[int]
    fps: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    extra: Mapped[dict[str, Any]]
    shift: Mapped[int] = mapped_column(default=0)
    video: Mapped[Video] = relationship(lazy="joined", innerjoin=True)


ZERO, ONE = sa.literal_column("0"), sa.literal_column("1")
"""Written out, not bound: PostgreSQL then knows `Label.frame` again where a query groups by it."""


def _shifted(frame: MappedColumn[int], clip_id: MappedColumn[int]) -> sa.ColumnElement[int]:
    """A labelled frame after the shift of its clip; one that would leave the clip stays at its end."""
    at = frame + Clip.shift
    move = sa.case(
        (at < ZERO, -frame), (at >= Clip.num_frames, Clip.num_frames - ONE - frame), else_=Clip.shift
    )
    moved = sa.select(move).where(Clip.id == clip_id).correlate_except(Clip).scalar_subquery()
    return frame + moved  # the frame outside too: a query of it alone then still names the table of labels


class Label(Table):
    """`original_frame` is as imported. `frame`, a query, is the tag: what everything else works with.

    `proposed`: nobody wrote it; a run proposes an event that is missing, which counts once somebody adds it.
    """

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("clip_id", "position"), NEVER_REUSE)
    id: Mapped[int] = key()
    clip_id: Mapped[int] = parent("clips.id", index=False)
    position: Mapped[int]
    label: Mapped[str]
    original_frame: Mapped[int] = mapped_column("frame")
    frame: Mapped[int] = column_property(_shifted(original_frame, clip_id))
    comment: Mapped[str | None]
    extra: Mapped[dict[str, Any]]
    true_frame: Mapped[float | None]
    annotator: Mapped[str | None]
    proposed: Mapped[bool] = mapped_column(default=False)
