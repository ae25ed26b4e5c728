"""Which epoch's models make the suggestions of a run: every choice is a row, the newest one holds."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage.records import EpochChoiceRecord
from storage.tables import EpochChoice, Run


def choose(session: Session, run_id: int, epoch: int | None, annotator: str) -> None:
    """From now on the models of `epoch` (None: of the late epochs together). Raises `NotFound`."""
    if session.get(Run, run_id) is None:
        raise NotFound(f"there is no run {run_id}")
    session.add(EpochChoice(run_id=run_id, epoch=epoch, annotator=annotator, created_at=datetime.now(UTC)))
    session.flush()


def undo(session: Session, run_id: int, annotator: str) -> int | None:
    """Go back to what held before the newest choice, as a choice of its own; that epoch.

    Raises `NotFound`, and `Conflict` where nothing was ever chosen.
    """
    made = choices(session, run_id)
    if not made:
        raise Conflict(f"nothing was chosen for run {run_id}: there is nothing to undo")
    before = made[1].epoch if len(made) > 1 else None
    choose(session, run_id, before, annotator)
    return before


def chosen(session: Session, run_id: int) -> int | None:
    """The epoch that holds; None for the late epochs together."""
    newest = sa.select(EpochChoice.epoch).where(EpochChoice.run_id == run_id).order_by(EpochChoice.id.desc())
    return session.scalar(newest.limit(1))


def choices(session: Session, run_id: int) -> list[EpochChoiceRecord]:
    """All choices for a run, newest first. Raises `NotFound`."""
    if session.get(Run, run_id) is None:
        raise NotFound(f"there is no run {run_id}")
    rows = session.scalars(
        sa.select(EpochChoice).where(EpochChoice.run_id == run_id).order_by(EpochChoice.id.desc())
    )
    return [row.record(EpochChoiceRecord) for row in rows]
