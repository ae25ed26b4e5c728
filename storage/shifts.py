"""Shifts: all labels of a dataset moved by the same few frames, because their writer counted otherwise.

Many label files are off by one by convention (numbers from 1, milliseconds cut off). A person who sees it
sets the shift; it is recorded, can be undone, and changes no label: `Label.frame` is a query over both.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from storage import standings
from storage.jobs import training_on
from storage.records import LabelRecord, ShiftEffect, ShiftRecord
from storage.reviews import check_names
from storage.tables import Clip, Dataset, Label, Run, Shift, Standing, SuggestionRow

MOST = 2
"""Further than this many frames is no matter of convention."""


def frames(session: Session, dataset_id: int) -> int:
    """The shift that holds, in frames (+ is later); 0 where nobody set one. Raises `NotFound`."""
    held = current(session, dataset_id)
    return held.frames if held else 0


def current(session: Session, dataset_id: int) -> ShiftRecord | None:
    """The row that holds, or None: then nobody has checked these labels. Raises `NotFound`."""
    return _living(history(session, dataset_id))


def history(session: Session, dataset_id: int) -> list[ShiftRecord]:
    """Every shift of a dataset, oldest first, undone ones and undos included. Raises `NotFound`."""
    if session.get(Dataset, dataset_id) is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    rows = session.scalars(sa.select(Shift).where(Shift.dataset_id == dataset_id).order_by(Shift.id))
    return [_record(row) for row in rows]


def _record(row: Shift) -> ShiftRecord:
    return row.record(ShiftRecord)


def _living(rows: Sequence[ShiftRecord]) -> ShiftRecord | None:
    undone = {row.undoes for row in rows if row.undoes is not None}
    return next((row for row in reversed(rows) if row.undoes is None and row.id not in undone), None)


def effects(session: Session, dataset_id: int) -> list[ShiftEffect]:
    """What each possible shift, from -`MOST` to `MOST`, would do. Raises `NotFound`."""
    frames(session, dataset_id)
    choices = range(-MOST, MOST + 1)
    moved = [Label.original_frame + choice for choice in choices]
    outside = [sa.case((sa.or_(at < 0, at >= Clip.num_frames), 1), else_=0) for at in moved]
    counts = session.execute(
        sa.select(*(sa.func.coalesce(sa.func.sum(out), 0) for out in outside))
        .select_from(Label)
        .join(Clip, Clip.id == Label.clip_id)
        .where(Clip.dataset_id == dataset_id)
    ).one()
    shown = _suggestions(session, dataset_id)
    return [
        ShiftEffect(frames=choice, held=held, suggestions=shown.get(choice, 0))
        for choice, held in zip(choices, counts, strict=True)
    ]


def _suggestions(session: Session, dataset_id: int) -> dict[int, int]:
    """How many labels have a suggestion under each shift that runs learned from."""
    rows = session.execute(
        sa.select(Run.shift, sa.func.count(SuggestionRow.label_id.distinct()))
        .join(SuggestionRow, SuggestionRow.run_id == Run.id)
        .where(Run.dataset_id == dataset_id)
        .group_by(Run.shift)
    )
    return dict(rows.all())


def sample(session: Session, dataset_id: int, *, seed: int, count: int = 6) -> list[LabelRecord]:
    """`count` labels (or all there are) drawn at random by `seed`, in file order."""
    last = session.scalar(sa.select(sa.func.max(Standing.place)).where(Standing.dataset_id == dataset_id))
    places = random.Random(seed).sample(range(1, (last or 0) + 1), min(count, last or 0))
    rows = session.execute(
        sa.select(*(getattr(Label, name) for name in LabelRecord.__slots__))
        .join(Standing, Standing.label_id == Label.id)
        .where(Standing.dataset_id == dataset_id, Standing.place.in_(places))
        .order_by(Standing.place)
    )
    return [LabelRecord(**row._mapping) for row in rows]


def record(session: Session, dataset_id: int, frames: int, *, annotator: str, key: str) -> ShiftRecord:
    """Shift the labels as imported by `frames` from now on; 0 says that they were checked and are right.

    Decisions stay at the pictures that people chose. Suggestions are shown only where their run learned from
    labels shifted as they are now. The same key again gives the stored row back. Raises `NotFound`,
    `BadLabels` beyond `MOST` frames or for a bad name, and `Conflict` while the dataset is trained on.
    """
    if not -MOST <= frames <= MOST:
        raise BadLabels(f"a shift is {-MOST} to {MOST} frames, not {frames}")
    known = _known(session, dataset_id, annotator, key, undo=False)
    return known or _append(session, dataset_id, annotator, key, frames, undoes=None)


def undo(session: Session, dataset_id: int, *, annotator: str, key: str) -> ShiftRecord:
    """Take back the shift that holds: the one before it holds again. Errors as in `record`.

    Raises `Conflict` when there is none to take back.
    """
    known = _known(session, dataset_id, annotator, key, undo=True)
    if known is not None:
        return known
    rows = history(session, dataset_id)
    last = _living(rows)
    if last is None:
        raise Conflict(f"no shift of dataset {dataset_id} is left to undo")
    before = _living([row for row in rows if row.id != last.id])
    return _append(session, dataset_id, annotator, key, before.frames if before else 0, undoes=last.id)


def _known(session: Session, dataset_id: int, annotator: str, key: str, *, undo: bool) -> ShiftRecord | None:
    """The row that was stored under this key for the same purpose."""
    check_names(key, annotator)
    row = session.scalar(sa.select(Shift).where(Shift.key == key))
    if row is None:
        return None
    if (row.dataset_id, row.undoes is not None) != (dataset_id, undo):
        raise Conflict(f"key {key} was used for another shift")
    return _record(row)


def _append(
    session: Session, dataset_id: int, annotator: str, key: str, shifted: int, *, undoes: int | None
) -> ShiftRecord:
    before = frames(session, dataset_id)
    busy = training_on(session, dataset_id)
    if busy is not None:
        raise Conflict(f"dataset {dataset_id} is being trained on (job {busy}): stop that first")
    row = Shift(
        dataset_id=dataset_id,
        key=key,
        frames=shifted,
        annotator=annotator,
        decided_at=datetime.now(UTC),
        undoes=undoes,
    )
    session.add(row)
    session.flush()
    if shifted != before:
        session.execute(sa.update(Clip).where(Clip.dataset_id == dataset_id).values(shift=shifted))
        session.expire_all()
        standings.suggest_anew(session, dataset_id, shifted)
    return _record(row)
