"""What training leaves: runs, their epochs, and suggestions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, Table, key, parent


class Run(Table):
    """A training. `findings`: questions about whole groups of labels (`storage.answers`), notes, label error.

    `shift` is the dataset's when it was started: its suggestions hold under that one only.
    """

    __tablename__ = "runs"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id")
    config: Mapped[dict[str, Any]]
    folds: Mapped[int]
    findings: Mapped[dict[str, Any]]
    shift: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class EpochRow(Table):
    """One epoch of one member; the blobs hold its matches (`storage.blobs`)."""

    __tablename__ = "epochs"
    __table_args__ = (UniqueConstraint("run_id", "member", "epoch"), NEVER_REUSE)
    id: Mapped[int] = key()
    run_id: Mapped[int] = parent("runs.id", index=False)
    member: Mapped[int]
    epoch: Mapped[int]
    metrics: Mapped[dict[str, Any]]
    matched_tagged: Mapped[float | None]
    matched_true: Mapped[float | None]
    label_ids: Mapped[bytes] = mapped_column(deferred=True)
    offsets: Mapped[bytes] = mapped_column(deferred=True)
    scores: Mapped[bytes] = mapped_column(deferred=True)


class EpochChoice(Table):
    """A choice of the epoch whose models make a run's suggestions (None: the late ones); the newest holds."""

    __tablename__ = "epoch_choices"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    run_id: Mapped[int] = parent("runs.id")
    epoch: Mapped[int | None]
    annotator: Mapped[str]
    created_at: Mapped[datetime]


class SuggestionRow(Table):
    """What a run proposes for a label. `removes` is the error, in frames, that a review would remove.

    `claimed` is the confidence before the blind audit recalibrated it; None: it did not.
    """

    __tablename__ = "suggestions"
    __table_args__ = (Index(None, "label_id", "id"), Index(None, "run_id", "id"), NEVER_REUSE)
    id: Mapped[int] = key()
    run_id: Mapped[int] = parent("runs.id", index=False)
    label_id: Mapped[int] = parent("labels.id", index=False)
    epoch: Mapped[int]
    provisional: Mapped[bool]
    frame: Mapped[int]
    offset: Mapped[float]
    confidence: Mapped[float]
    claimed: Mapped[float | None]
    posterior: Mapped[bytes]
    scores: Mapped[bytes]
    matched_offset: Mapped[float | None]
    reasons: Mapped[list[Any]]
    better: Mapped[float]
    expected_error: Mapped[float]
    removes: Mapped[float]
    refused: Mapped[bool]
    stability: Mapped[float | None]
    disagreement: Mapped[float | None]
    created_at: Mapped[datetime]
