"""Batches: many decisions made as one and taken back as one, chunk by chunk, so that nobody waits for long.

A batch is begun, then `append` is called with pieces of `remaining` until nothing is left, each piece in a
transaction of its own. What was killed half way goes on from `remaining`. Labels that a person settles in
the meantime are left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict, NotFound
from storage import doubts, reverting, standings
from storage.records import BatchRecord
from storage.tables import Batch, Clip, Dataset, Decision, Label, Standing, SuggestionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Labels of one class, of one source video, by one annotator; None: of any."""

    label: str | None = None
    source: str | None = None
    annotator: str | None = None

    def told(self) -> dict[str, Any]:
        """As JSON values, without what is not chosen."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


def begin_accept(
    session: Session,
    dataset_id: int,
    annotator: str,
    key: str,
    *,
    threshold: float,
    group: Group,
    told: dict[str, Any],
) -> BatchRecord:
    """Begin to accept every final suggestion of confidence `threshold` or more; `told` is kept beside it.

    Only labels that nobody settled, flagged or doubts, that are not in the blind audit stream, and whose
    class is not refused. The same key again is the same batch. Raises `BadConfig` for a threshold outside [0,
    1] and `Conflict` for a key used for another batch.
    """
    if not 0 <= threshold <= 1:
        raise BadConfig(f"the confidence to accept from is {threshold}: must lie between 0 and 1")
    params = {"threshold": threshold, "group": group.told(), **told}
    return _begin(session, dataset_id, annotator, key, "accept", params)


def acceptable(session: Session, dataset_id: int, threshold: float, group: Group) -> int:
    """How many labels a `begin_accept` with these would settle now."""
    params = {"threshold": threshold, "group": group.told()}
    query = _open(Batch(dataset_id=dataset_id, kind="accept", params=params)).with_only_columns(
        sa.func.count()
    )
    return session.scalars(query).one()


def begin_move(
    session: Session, dataset_id: int, annotator: str, key: str, *, by: int, group: Group
) -> BatchRecord:
    """Begin to move every label of a group `by` frames later than it was tagged, at the clip's ends at most.

    Every one that nobody settled and that no other move holds for, those flagged, doubted, of the blind audit
    or for two people too. It goes out there until somebody settles it, and waits for that as before. Keys and
    errors as in `begin_accept`; `BadConfig` for no move.
    """
    if by == 0:
        raise BadConfig("a move by 0 frames changes nothing")
    return _begin(session, dataset_id, annotator, key, "move", {"by": by, "group": group.told()})


def movable(session: Session, dataset_id: int, group: Group) -> int:
    """How many labels a `begin_move` of the group would move now."""
    params = {"by": 1, "group": group.told()}
    query = _open(Batch(dataset_id=dataset_id, kind="move", params=params)).with_only_columns(sa.func.count())
    return session.scalars(query).one()


def begin_undo(session: Session, batch_id: int, annotator: str, key: str) -> BatchRecord:
    """Begin to take a batch back (or, if it is an undo, to bring back what that took back).

    Decisions that people made since about its labels stay. Raises `NotFound`, and `Conflict` where it is
    taken back already.
    """
    row = _row(session, batch_id)
    if _undone(session, row) and session.scalar(sa.select(Batch.id).where(Batch.key == key)) is None:
        raise Conflict(f"batch {batch_id} is undone already")
    return _begin(session, row.dataset_id, annotator, key, "undo", {}, undoes=row.id)


def begin_revert(
    session: Session, dataset_id: int, annotator: str, key: str, *, of: str, since: datetime | None
) -> BatchRecord:
    """Begin to take back every decision of the person `of` that holds, made at `since` or later (None: all).

    Errors as in `begin_accept`; `Conflict` also where there is nothing to take back.
    """
    params = reverting.params(session, of, since)
    begun = _begin(session, dataset_id, annotator, key, "revert", params)
    if not begun.size:
        raise Conflict(f"{of} has decided nothing here that still holds; nothing was changed")
    return begun


def _begin(
    session: Session,
    dataset_id: int,
    annotator: str,
    key: str,
    kind: Literal["accept", "move", "undo", "revert"],
    params: dict[str, Any],
    undoes: int | None = None,
) -> BatchRecord:
    if session.get(Dataset, dataset_id) is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    known = session.scalar(sa.select(Batch).where(Batch.key == key))
    if known is not None:
        if (known.dataset_id, known.kind, known.undoes) != (dataset_id, kind, undoes):
            raise Conflict(f"key {key} was used for another batch")
        return _record(session, known)
    batch = Batch(
        dataset_id=dataset_id,
        key=key,
        kind=kind,
        params=params,
        annotator=annotator,
        undoes=undoes,
        size=0,
        done=0,
        created_at=datetime.now(UTC),
    )
    session.add(batch)
    session.flush()
    batch.size = len(remaining(session, batch.id))
    session.flush()
    return _record(session, batch)


def remaining(session: Session, batch_id: int) -> list[int]:
    """What the batch still has to do: label ids, or for an undo the ids of decisions. Raises `NotFound`."""
    batch = _row(session, batch_id)
    if batch.finished_at is not None:
        return []
    if batch.kind == "revert":
        return [decision.id for decision in reverting.decisions(session, batch.dataset_id, batch.params)]
    if batch.undoes is not None:
        taken = sa.select(Decision.undoes).where(Decision.batch_id == batch.id)
        ids = sa.select(Decision.id).where(Decision.batch_id == batch.undoes, Decision.id.not_in(taken))
        return list(session.scalars(ids.order_by(Decision.id)))
    return list(session.scalars(_open(batch).with_only_columns(Label.id).order_by(Label.id)))


def _open(batch: Batch) -> sa.Select[int, int, int]:
    """The labels that the batch may settle or move as things stand, with the frame it gives them."""
    group = Group(**batch.params["group"])
    query = (
        sa.select(Label.id, _frame(batch), SuggestionRow.id)
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(Standing.dataset_id == batch.dataset_id)
    )
    for column, wanted in (
        (Label.label, group.label),
        (Clip.source, group.source),
        (Label.annotator, group.annotator),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return query.where(*(_acceptable(batch) if batch.kind == "accept" else _movable()))


def _acceptable(batch: Batch) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Standing.waiting.is_(True),
        Standing.audit.is_(None),
        Standing.double.is_(False),
        ~doubts.is_open(),
        SuggestionRow.provisional.is_(False),
        SuggestionRow.refused.is_(False),
        SuggestionRow.confidence >= batch.params["threshold"],
    )


def _movable() -> tuple[sa.ColumnElement[bool], ...]:
    return Standing.verdict.is_(None), Standing.moved.is_(None), Standing.proposed.is_(False)


def _frame(batch: Batch) -> sa.ColumnElement[int]:
    if batch.kind == "accept":
        return sa.type_coerce(SuggestionRow.frame, sa.Integer)
    moved = Label.frame + batch.params["by"]
    return sa.case((moved < 0, 0), (moved >= Clip.num_frames, Clip.num_frames - 1), else_=moved)


def append(session: Session, batch_id: int, ids: Sequence[int]) -> int:
    """Make the batch's decisions for a piece of `remaining`; how many it made. A few thousand at a time.

    What is no longer open (settled meanwhile, say) is left out.
    """
    batch = _row(session, batch_id)
    taking_back = batch.kind in ("undo", "revert")
    rows = _undos(session, batch, ids) if taking_back else _verdicts(session, batch, ids)
    if rows:
        session.connection().execute(sa.insert(Decision), rows)
        standings.settle(session, [row["label_id"] for row in rows])
        batch.done += len(rows)
    return len(rows)


def _verdicts(session: Session, batch: Batch, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = session.execute(_open(batch).where(Label.id.in_(ids)).order_by(Label.id))
    if batch.kind == "accept":
        return [_decision(batch, id, "accept", frame=frame, suggestion_id=shown) for id, frame, shown in rows]
    return [_decision(batch, id, "move", frame=frame) for id, frame, _ in rows]


def _undos(session: Session, batch: Batch, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = session.execute(sa.select(Decision.id, Decision.label_id).where(Decision.id.in_(ids)))
    return [_decision(batch, label_id, "undo", undoes=id) for id, label_id in rows]


def _decision(batch: Batch, label_id: int, verdict: str, **more: int | None) -> dict[str, Any]:
    return {
        "dataset_id": batch.dataset_id,
        "label_id": label_id,
        "key": f"batch-{batch.id}-{more.get('undoes') or label_id}",
        "verdict": verdict,
        "annotator": batch.annotator,
        "decided_at": datetime.now(UTC),
        "batch_id": batch.id,
        "frame": None,
        "label": None,
        "suggestion_id": None,
        "undoes": None,
    } | more


def finish(session: Session, batch_id: int) -> BatchRecord:
    """Nothing is left to do: the batch is whole. Raises `NotFound`."""
    batch = _row(session, batch_id)
    batch.finished_at = batch.finished_at or datetime.now(UTC)
    session.flush()
    return _record(session, batch)


def get_batch(session: Session, batch_id: int) -> BatchRecord:
    """One batch. Raises `NotFound`."""
    return _record(session, _row(session, batch_id))


def list_batches(session: Session, dataset_id: int) -> list[BatchRecord]:
    """The batches of a dataset, newest first."""
    rows = session.scalars(sa.select(Batch).where(Batch.dataset_id == dataset_id).order_by(Batch.id.desc()))
    return [_record(session, row) for row in rows]


def _row(session: Session, batch_id: int) -> Batch:
    row = session.get(Batch, batch_id)
    if row is None:
        raise NotFound(f"there is no batch {batch_id}")
    return row


def _record(session: Session, row: Batch) -> BatchRecord:
    return row.record(BatchRecord, undone=_undone(session, row))


def _undone(session: Session, batch: Batch) -> bool:
    """Whether a later batch takes this one back, and none takes that one back."""
    undos = session.scalars(sa.select(Batch).where(Batch.undoes == batch.id))
    return any(not _undone(session, undo) for undo in undos)
