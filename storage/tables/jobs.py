"""Background work."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, BigId, Table, key


class Job(Table):
    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "id"), NEVER_REUSE)
    id: Mapped[int] = key()
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
