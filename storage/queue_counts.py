"""How many labels wait in each queue."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.queues import QUEUES
from storage.tables import Standing


def counts(session: Session, dataset_id: int, annotator: str) -> dict[str, int]:
    """Labels per queue, in the order in which queues are offered; `mine` are those `annotator` decided."""
    return {name: _count(session, dataset_id, name, annotator) for name in QUEUES}


def _count(session: Session, dataset_id: int, name: str, annotator: str) -> int:
    query = sa.select(sa.func.count()).select_from(Standing)
    query = query.where(Standing.dataset_id == dataset_id, QUEUES[name].holds)
    if name == "mine":
        query = query.where(Standing.annotator == annotator)
    return session.scalars(query).one()
