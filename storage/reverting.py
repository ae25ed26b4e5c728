"""What a lead takes back of one person: every decision that still holds, or those from a time on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.datasets import get_dataset
from storage.records import DecisionRecord
from storage.standings import alive, as_record
from storage.tables import Decision

AT_ONCE = 1000
"""Decisions in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revertible:
    """How much would be taken back: decisions, the labels they are about, and from when to when."""

    decisions: int
    labels: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who decided in a dataset, how often, and when last; taken back decisions count too."""

    name: str
    decisions: int
    last_at: datetime


def params(session: Session, of: str, since: datetime | None) -> dict[str, Any]:
    """The choice as JSON values; what is decided from now on is not meant."""
    until = session.scalar(sa.select(sa.func.max(Decision.id))) or 0
    return {"of": of, "since": since and since.astimezone(UTC).isoformat(), "until": until}


def preview(session: Session, dataset_id: int, of: str, since: datetime | None = None) -> Revertible:
    """What `storage.batches.begin_revert` would take back now. Raises `NotFound`."""
    get_dataset(session, dataset_id)
    times, labels = [], set()
    for decision in decisions(session, dataset_id, params(session, of, since)):
        times.append(decision.decided_at)
        labels.add(decision.label_id)
    first_at, last_at = min(times, default=None), max(times, default=None)
    return Revertible(decisions=len(times), labels=len(labels), first_at=first_at, last_at=last_at)


def decisions(session: Session, dataset_id: int, chosen: Mapping[str, Any]) -> Iterator[DecisionRecord]:
    """The decisions meant by `params` that hold, label by label."""
    since = chosen["since"] and datetime.fromisoformat(chosen["since"])
    about = sa.select(Decision.label_id).where(
        Decision.dataset_id == dataset_id, Decision.annotator == chosen["of"]
    )
    rows = session.scalars(
        sa.select(Decision)
        .where(Decision.label_id.in_(about))
        .order_by(Decision.label_id, Decision.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for _, group in groupby(rows, key=lambda row: row.label_id):
        for decision in alive([as_record(row) for row in group]):
            mine = decision.annotator == chosen["of"] and decision.id <= chosen["until"]
            if mine and (since is None or decision.decided_at >= since):
                yield decision


def people(session: Session, dataset_id: int) -> list[Person]:
    """Who decided in a dataset, by name. Raises `NotFound`."""
    get_dataset(session, dataset_id)
    rows = session.execute(
        sa.select(Decision.annotator, sa.func.count(), sa.func.max(Decision.decided_at))
        .where(Decision.dataset_id == dataset_id, Decision.verdict != "undo")
        .group_by(Decision.annotator)
        .order_by(Decision.annotator)
    )
    return [Person(name=name, decisions=count, last_at=last) for name, count, last in rows]
