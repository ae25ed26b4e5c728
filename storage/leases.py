"""Leases: two people who review at once are not led to the same label. They forbid nothing and expire."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import LeaseRecord
from storage.tables import Label, Lease, Standing

LASTS = timedelta(minutes=5)


def take(session: Session, label_ids: Sequence[int], annotator: str) -> list[LeaseRecord]:
    """Keep labels for an annotator for the next five minutes; the leases that others hold on them.

    Labels that somebody else holds are not taken; unknown ones are passed over. Taking one's own again
    renews it.
    """
    others = _held_by_others(session, label_ids, annotator)
    taken = {lease.label_id for lease in others}
    known = session.scalars(sa.select(Label.id).where(Label.id.in_(label_ids)))
    free = [label_id for label_id in known if label_id not in taken]
    session.execute(sa.delete(Lease).where(Lease.label_id.in_(free)))
    until = datetime.now(UTC) + LASTS
    rows = [{"label_id": label_id, "annotator": annotator, "expires_at": until} for label_id in free]
    if rows:
        session.execute(sa.insert(Lease), rows)
    return others


def release(session: Session, annotator: str) -> None:
    """End all of an annotator's leases: the person has left."""
    session.execute(sa.delete(Lease).where(Lease.annotator == annotator))


def free_for(annotator: str) -> sa.ColumnElement[bool]:
    """Of the rows of `standings`: those whose label nobody else holds now."""
    held = sa.exists().where(
        Lease.label_id == Standing.label_id,
        Lease.annotator != annotator,
        Lease.expires_at > datetime.now(UTC),
    )
    return sa.not_(held)


def _held_by_others(session: Session, label_ids: Sequence[int], annotator: str) -> list[LeaseRecord]:
    rows = session.scalars(
        sa.select(Lease)
        .where(Lease.label_id.in_(label_ids), Lease.annotator != annotator)
        .where(Lease.expires_at > datetime.now(UTC))
        .order_by(Lease.label_id)
    )
    return [
        LeaseRecord(label_id=row.label_id, annotator=row.annotator, expires_at=row.expires_at) for row in rows
    ]
