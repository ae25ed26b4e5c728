"""The log of one person's decisions, newest first: what undo and redo walk along."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from storage.records import Verdict
from storage.tables import Clip, Decision, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A decision and the label it is about. `undone`: it was taken back and not brought back since."""

    id: int
    label_id: int
    label: str
    clip: str
    tagged: int
    verdict: Verdict
    frame: int | None
    decided_at: datetime
    undone: bool


def latest(
    session: Session, dataset_id: int, annotator: str, before: int | None = None, limit: int = 50
) -> list[Entry]:
    """The annotator's `limit` newest decisions in a dataset, or those older than the one with id `before`."""
    undo, redo = aliased(Decision), aliased(Decision)
    brought_back = sa.exists().where(redo.undoes == undo.id)
    undone = sa.exists().where(undo.undoes == Decision.id, ~brought_back)
    query = (
        sa.select(Decision, Label, Clip.name, undone)
        .join(Label, Label.id == Decision.label_id)
        .join(Clip, Clip.id == Label.clip_id)
        .where(Decision.dataset_id == dataset_id, Decision.annotator == annotator)
        .where(Decision.batch_id.is_(None), Decision.undoes.is_(None))
    )
    if before is not None:
        query = query.where(Decision.id < before)
    rows = session.execute(query.order_by(Decision.id.desc()).limit(limit))
    return [_entry(decision, label, clip, gone) for decision, label, clip, gone in rows]


def _entry(decision: Decision, label: Label, clip: str, undone: bool) -> Entry:
    return Entry(
        id=decision.id,
        label_id=label.id,
        label=label.label,
        clip=clip,
        tagged=label.frame,
        verdict=decision.verdict,  # pyright: ignore[reportArgumentType]
        frame=decision.frame,
        decided_at=decision.decided_at,
        undone=undone,
    )
