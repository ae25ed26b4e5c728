"""What an import brings: datasets, videos, clips and labels. Labels never change."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
    video: Mapped[Video] = relationship(lazy="joined", innerjoin=True)


class Label(Table):
    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("clip_id", "position"), NEVER_REUSE)
    id: Mapped[int] = key()
    clip_id: Mapped[int] = parent("clips.id", index=False)
    position: Mapped[int]
    label: Mapped[str]
    frame: Mapped[int]
    comment: Mapped[str | None]
    extra: Mapped[dict[str, Any]]
    true_frame: Mapped[float | None]
    annotator: Mapped[str | None]
