"""Who is looking at which label now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import BigId, Table


class Lease(Table):
    """A label kept for one annotator until `expires_at`; the queues of others leave it out.

    `wanted_by` is somebody else who asked for it.
    """

    __tablename__ = "leases"
    __table_args__ = (Index(None, "annotator"),)
    label_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    annotator: Mapped[str]
    expires_at: Mapped[datetime]
    wanted_by: Mapped[str | None]
