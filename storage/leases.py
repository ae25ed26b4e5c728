"""Leases: two people who review at once are not led to the same label; one may ask the other for it.

They forbid nothing and expire.
"""

from collections.abc import Sequence
from dataclasses import replace
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
    wanted = {row.label_id: row.wanted_by for row in _own(session, free, annotator)}
    session.execute(sa.delete(Lease).where(Lease.label_id.in_(free)))
    until = datetime.now(UTC) + LASTS
    rows = [
        {"label_id": id, "annotator": annotator, "expires_at": until, "wanted_by": wanted.get(id)}
        for id in free
    ]
    if rows:
        session.execute(sa.insert(Lease), rows)
    return others


def ask(session: Session, label_id: int, annotator: str) -> LeaseRecord | None:
    """Ask whoever holds a label for it: their lease, or None when nobody else holds it: then it is taken."""
    others = _held_by_others(session, [label_id], annotator)
    if not others:
        take(session, [label_id], annotator)
        return None
    session.execute(sa.update(Lease).where(Lease.label_id == label_id).values(wanted_by=annotator))
    return replace(others[0], wanted_by=annotator)


def wanted(session: Session, label_ids: Sequence[int], annotator: str) -> list[LeaseRecord]:
    """Those of an annotator's leases that somebody else asked for."""
    rows = _own(session, label_ids, annotator)
    return [_record(row) for row in rows if row.wanted_by is not None]


def answer(session: Session, label_id: int, annotator: str, *, give: bool) -> None:
    """Give a label to whoever asked for it, for the next five minutes, or keep it; without a request:
    nothing."""
    for row in _own(session, [label_id], annotator):
        if give and row.wanted_by is not None:
            row.annotator, row.expires_at = row.wanted_by, datetime.now(UTC) + LASTS
        row.wanted_by = None
    session.flush()


def release(session: Session, annotator: str) -> None:
    """End all of an annotator's leases: the person has left."""
    session.execute(sa.delete(Lease).where(Lease.annotator == annotator))


def free_for(annotator: str) -> sa.ColumnElement[bool]:
    """Of the rows of `standings`: those whose label nobody else holds now."""
    held = sa.exists().where(
        Lease.label_id == Standing.label_id,
        Lease.annotator != annotator,
        _lasts(),
    )
    return sa.not_(held)


def _lasts() -> sa.ColumnElement[bool]:
    """Whether a lease lasts; one that would for longer than any can is from before the clock was set back."""
    now = datetime.now(UTC)
    return Lease.expires_at.between(now, now + LASTS)


def _held_by_others(session: Session, label_ids: Sequence[int], annotator: str) -> list[LeaseRecord]:
    rows = session.scalars(
        sa.select(Lease)
        .where(Lease.label_id.in_(label_ids), Lease.annotator != annotator, _lasts())
        .order_by(Lease.label_id)
    )
    return [_record(row) for row in rows]


def _own(session: Session, label_ids: Sequence[int], annotator: str) -> Sequence[Lease]:
    query = sa.select(Lease).where(Lease.label_id.in_(label_ids), Lease.annotator == annotator)
    return session.scalars(query.order_by(Lease.label_id)).all()


def _record(row: Lease) -> LeaseRecord:
    return row.record(LeaseRecord)
