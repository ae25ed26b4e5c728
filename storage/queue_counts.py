"""How many labels wait in each queue."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import reviews
from storage.queues import QUEUES, holding
from storage.records import FlagReason
from storage.tables import Standing


def counts(session: Session, dataset_id: int, annotator: str) -> dict[str, int]:
    """Labels per queue, in the order in which queues are offered; `mine` are those `annotator` decided."""
    return {name: size(session, dataset_id, name, annotator) for name in QUEUES}


def size(
    session: Session,
    dataset_id: int,
    name: str,
    annotator: str,
    *,
    label_class: str | None = None,
    clip_id: int | None = None,
    reason: FlagReason | None = None,
) -> int:
    """Labels in one queue under these filters (`storage.queues.queue`). Raises `NotFound`."""
    if name == "all" and (label_class, clip_id, reason) == (None, None, None):
        return reviews.progress(session, dataset_id).total
    held = holding(dataset_id, name, annotator, label_class=label_class, clip_id=clip_id, reason=reason)
    return session.scalars(sa.select(sa.func.count()).select_from(Standing).where(*held)).one()
