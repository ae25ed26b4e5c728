"""What speaks against labels, found by rules or by a run."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, BigId, Table, key, parent


class DoubtRow(Table):
    """One reason to look at a label again; of a missing event, at the label proposed for it.

    `since` is the newest decision when it was raised: a person's later one about the label settles it.
    """

    __tablename__ = "doubts"
    __table_args__ = (Index(None, "dataset_id", "kind"), Index(None, "label_id", "kind"), NEVER_REUSE)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    origin: Mapped[str]
    kind: Mapped[str]
    label_id: Mapped[int] = parent("labels.id", index=False)
    other_id: Mapped[int | None] = parent("labels.id", index=False)
    label: Mapped[str | None]
    reason: Mapped[str]
    weight: Mapped[float]
    since: Mapped[int] = mapped_column(BigId)
