"""What to review next: named queues over `standings`, read page by page with a cursor."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from spotting.doubts import KINDS
from spotting.errors import Conflict, NotFound
from spotting.events import Event
from storage import double, doubts
from storage.exports import holds_at
from storage.leases import free_for
from storage.records import DoubtRecord, FlagReason, QueueName, ReviewItem
from storage.standings import as_record as decision_record
from storage.standings import history, opinions
from storage.suggestions import as_record
from storage.tables import Clip, Dataset, Decision, Label, Standing, SuggestionRow

ItemRow = sa.Row[Label, Clip, Standing, SuggestionRow, Decision]

NEAR = 30
"""Neighbouring events are those within this many frames of the tag."""


@dataclass(frozen=True, slots=True)
class Order:
    """A queue: the labels it holds, and the columns it is read by, upwards (or `newest_first`: down)."""

    holds: sa.ColumnElement[bool]
    by: tuple[InstrumentedAttribute[Any] | sa.ColumnElement[float], ...]
    newest_first: bool = False


def _tolerance() -> sa.ColumnElement[int]:
    """The frames up to which two people agree, in the dataset of a row of `standings`."""
    held = sa.select(Dataset.double_tolerance).where(Dataset.id == Standing.dataset_id)
    return held.correlate(Standing).scalar_subquery()


QUEUES: dict[str, Order] = {
    "likely": Order(Standing.waiting.is_(True), (Standing.skipped, Standing.turn, Standing.label_id)),
    "audit": Order(
        sa.and_(Standing.waiting.is_(True), Standing.audit.is_not(None)), (Standing.skipped, Standing.audit)
    ),
    "clip": Order(Standing.waiting.is_(True), (Standing.skipped, Standing.place)),
    "flagged": Order(Standing.flagged.is_(True), (Standing.skipped, Standing.place)),
    "second": Order(Standing.opinions == sa.literal_column("1"), (Standing.place,)),
    "apart": Order(Standing.apart > _tolerance(), (Standing.place,)),
    "mine": Order(Standing.decision_id.is_not(None), (Standing.decision_id,), newest_first=True),
    "all": Order(Standing.proposed.is_(False), (Standing.place,)),
    **{
        kind: Order(
            sa.and_(doubts.is_open(kind), Standing.flagged.is_(False)),
            (Standing.skipped, -doubts.weight(kind), Standing.label_id),
        )
        for kind in KINDS
    },
}


def queue(
    session: Session,
    dataset_id: int,
    *,
    name: QueueName,
    annotator: str,
    label_class: str | None = None,
    clip_id: int | None = None,
    reason: FlagReason | None = None,
    after: str | None = None,
    limit: int = 10,
) -> list[ReviewItem]:
    """The next `limit` labels of a queue, from the start or `after` the cursor of an item.

    likely: undecided, most error removed per second first (`storage.standings.suggest`), the blind audit
    stream mixed in. audit: undecided of that stream, in its random order. clip: undecided, in file order.
    flagged: flagged by anybody and not settled since (for `reason`, if one is asked for). mine: decided by
    `annotator`, newest first. all: every label in file order. second: settled by one person and drawn for
    two, for the others, who do not see what was decided. apart: where two people differ beyond the dataset's
    tolerance (`storage.double`). order, duplicate, overlap, missing, spurious, swapped: with an open doubt of
    that kind, the most probable first (`storage.doubts`). Skipped labels come last in these and in the first
    four, in the order they were skipped; what somebody else has a lease on is left out of all but `all` and
    `mine`. Raises `NotFound` for an unknown queue, `Conflict` for a cursor of another queue.
    """
    held = holding(dataset_id, name, annotator, label_class=label_class, clip_id=clip_id, reason=reason)
    order = QUEUES[name]
    keys = sa.tuple_(*order.by)
    query = sa.select(Standing.label_id, *order.by).where(*held)
    if name not in ("all", "mine"):
        query = query.where(free_for(annotator))
    if after is not None:
        seen = sa.tuple_(*_read_cursor(after, order))
        query = query.where(keys < seen if order.newest_first else keys > seen)
    query = query.order_by(*(column.desc() if order.newest_first else column for column in order.by))
    rows = session.execute(query.limit(limit)).all()
    cursors = {row[0]: json.dumps(list(row[1:])) for row in rows}
    return _items(session, list(cursors), cursors, annotator)


def holding(
    dataset_id: int,
    name: str,
    annotator: str,
    *,
    label_class: str | None = None,
    clip_id: int | None = None,
    reason: FlagReason | None = None,
) -> list[sa.ColumnElement[bool]]:
    """Which rows of `standings` a queue holds; what others have a lease on too. Raises `NotFound`."""
    if name not in QUEUES:
        raise NotFound(f"there is no queue {name}: there are {', '.join(QUEUES)}")
    held = [QUEUES[name].holds]
    if name in KINDS:  # then not by dataset too, or SQLite would read every label of it
        held.append(doubts.is_about(dataset_id, name))
    if name not in KINDS or clip_id is not None:
        held.append(_within(dataset_id, clip_id))
    if name == "mine":
        held.append(Standing.annotator == annotator)
    if name == "second":
        held.append(Standing.first_by != annotator)
    if label_class is not None:
        held.append(Standing.label == label_class)
    if reason is not None:
        held.append(Standing.flag_reason == reason)
    return held


def _within(dataset_id: int, clip_id: int | None) -> sa.ColumnElement[bool]:
    """The dataset, or one clip of it: then not by dataset too, or SQLite would walk the dataset's index."""
    if clip_id is None:
        return Standing.dataset_id == dataset_id
    clip = sa.select(Clip.id).where(Clip.id == clip_id, Clip.dataset_id == dataset_id)
    return Standing.clip_id == clip.scalar_subquery()


def _read_cursor(cursor: str, order: Order) -> list[sa.BindParameter[Any]]:
    try:
        values = json.loads(cursor)
        numbers = [float(value) for value in values]
    except (ValueError, TypeError, RecursionError):
        numbers = []
    if len(numbers) != len(order.by) or not all(map(math.isfinite, numbers)):
        raise Conflict(f"{cursor} is not a place in this queue: start again from its head")
    return [
        sa.literal(number if isinstance(column.type, sa.Float) else int(number))
        for number, column in zip(numbers, order.by, strict=True)
    ]


def item(session: Session, label_id: int, annotator: str | None = None) -> ReviewItem:
    """One label as the review shows it to a person (None: all there is), no cursor. Raises `NotFound`."""
    found = _items(session, [label_id], {label_id: ""}, annotator)
    if not found:
        raise NotFound(f"there is no label {label_id}")
    return found[0]


def _items(
    session: Session, label_ids: Sequence[int], cursors: dict[int, str], annotator: str | None
) -> list[ReviewItem]:
    rows = session.execute(
        sa.select(Label, Clip, Standing, SuggestionRow, Decision)
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .outerjoin(Decision, Decision.id == Standing.decision_id)
        .where(Label.id.in_(label_ids))
    )
    near = _neighbours(session, label_ids)
    found = doubts.of_labels(session, label_ids)
    items = {
        row.Label.id: _as_seen(
            session,
            _item(row, near.get(row.Label.id, ()), found.get(row.Label.id, ()), cursors[row.Label.id]),
            row.Standing,
            annotator,
        )
        for row in rows
    }
    return [items[label_id] for label_id in label_ids if label_id in items]


def _as_seen(session: Session, item: ReviewItem, row: Standing, annotator: str | None) -> ReviewItem:
    """Without a decision that stays hidden from this person; with all of them where two people differ."""
    if annotator is not None and double.is_hidden(row, annotator):
        return replace(item, decision=None, relabelled=None)
    if row.apart is None:
        return item
    return replace(item, opinions=tuple(opinions(history(session, item.label_id)).values()))


def _item(
    row: ItemRow, neighbours: Sequence[Event], doubted: Sequence[DoubtRecord], cursor: str
) -> ReviewItem:
    label, clip, standing, suggestion, decision = row
    return ReviewItem(
        label_id=label.id,
        dataset_id=clip.dataset_id,
        clip_id=clip.id,
        clip=clip.name,
        label=label.label,
        frame=label.frame,
        num_frames=clip.num_frames,
        fps=clip.fps,
        comment=label.comment or "",
        flagged=standing.flagged,
        flag_reason=standing.flag_reason,  # pyright: ignore[reportArgumentType]
        skipped=standing.skipped > 0,
        audit=standing.audit is not None,
        proposed=standing.proposed,
        relabelled=standing.relabelled,
        doubts=tuple(doubted),
        suggestion=suggestion and as_record(suggestion) if standing.audit is None else None,
        decision=decision and decision_record(decision),
        neighbours=tuple(neighbours),
        moved=standing.moved if standing.audit is None else None,
        cursor=cursor,
    )


def _neighbours(session: Session, label_ids: Sequence[int]) -> dict[int, list[Event]]:
    """Per label the other events near its tag, removed ones left out, by the frame that holds for them."""
    other = aliased(Label)
    holds = holds_at(other)
    rows = session.execute(
        sa.select(Label.id, sa.func.coalesce(Standing.relabelled, other.label), holds)
        .join(other, sa.and_(other.clip_id == Label.clip_id, other.id != Label.id))
        .join(Standing, Standing.label_id == other.id)
        .where(Label.id.in_(label_ids), sa.func.coalesce(Standing.verdict, "") != "remove")
        .where(sa.or_(other.proposed.is_(False), Standing.verdict.is_not(None)))
        .where(holds.between(Label.frame - NEAR, Label.frame + NEAR))
        .order_by(Label.id, holds)
    )
    near: dict[int, list[Event]] = {}
    for label_id, label, frame in rows:
        near.setdefault(label_id, []).append(Event(label, frame))
    return near
