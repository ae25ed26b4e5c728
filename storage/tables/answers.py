"""What people answered to a run's questions about whole groups of labels."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.tables.base import NEVER_REUSE, Table, key, parent


class AnswerRow(Table):
    """Append-only: the newest of a group holds, one that moved labels as long as its batch does.

    `of` is what kind of group `name` is (class, annotator, video). `frames` is how far its evidence lies
    from its labels, `batch_id` the move that was made of it.
    """

    __tablename__ = "answers"
    __table_args__ = (Index(None, "dataset_id", "of", "name"), NEVER_REUSE)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    of: Mapped[str]
    name: Mapped[str]
    answer: Mapped[str]
    frames: Mapped[float]
    annotator: Mapped[str]
    answered_at: Mapped[datetime]
    batch_id: Mapped[int | None] = parent("batches.id", index=False)
