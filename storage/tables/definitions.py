"""What the classes of a dataset mean, as its annotators wrote it down."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.tables.base import Table, key, parent


class DefinitionRow(Table):
    """One class: the instant in words, and `examples`, a list of {clip_id, frame}."""

    __tablename__ = "definitions"
    __table_args__ = (UniqueConstraint("dataset_id", "label"),)
    id: Mapped[int] = key()
    dataset_id: Mapped[int] = parent("datasets.id", index=False)
    label: Mapped[str]
    text: Mapped[str]
    examples: Mapped[list[Any]]
    annotator: Mapped[str]
    changed_at: Mapped[datetime]
