"""The blind audit stream: labels drawn at random, which nobody is ever shown a suggestion for.

What people decide about them is a random sample: of the label errors, and of how right suggestions are.
"""

import random
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict
from storage.records import AuditProgress
from storage.tables import Clip, Dataset, Decision, Label, Lease, Standing, SuggestionRow

SHARE = 0.15
AT_ONCE = 10_000
"""Rows in memory at a time."""
FEWEST = 100
"""A dataset of fewer labels has no stream: all of it is looked at sooner than a sample tells much."""


def choose(session: Session, dataset_id: int, share: float = SHARE) -> None:
    """Draw the stream of a new dataset, at random whatever the labels are, in the order of its review."""
    query = sa.select(Standing.label_id).where(Standing.dataset_id == dataset_id).order_by(Standing.label_id)
    ids = session.scalars(query).all()
    chosen = random.Random(dataset_id).sample(ids, _at_import(len(ids), share))
    if not chosen:
        return
    rows = [{"label_id": label_id, "audit": place} for place, label_id in enumerate(chosen, 1)]
    session.execute(sa.update(Standing), rows)


def _at_import(labels: int, share: float = SHARE) -> int:
    return 0 if labels < FEWEST else round(share * labels)


def extend(session: Session, dataset_id: int, labels: int) -> int:
    """Draw `labels` more into the stream, at random from `drawable`; how many (fewer where fewer are left).

    They are a random sample of what is left to accept; the first draw was one of all labels, those among them
    that the likely errors first led people to since. Raises `BadConfig` for less than one label, `Conflict`
    where none is left.
    """
    if labels < 1:
        raise BadConfig(f"the audit is to grow by {labels} labels: must be at least 1")
    ids = session.scalars(_drawable(dataset_id).order_by(Standing.label_id)).all()
    if not ids:
        raise Conflict("no label is left to draw: each is in the blind audit already, or was looked at")
    last = (
        session.scalar(sa.select(sa.func.max(Standing.audit)).where(Standing.dataset_id == dataset_id)) or 0
    )
    drawn = random.Random(f"{dataset_id} {last}").sample(ids, min(labels, len(ids)))
    rows = [{"label_id": label_id, "audit": place} for place, label_id in enumerate(drawn, last + 1)]
    session.execute(sa.update(Standing), rows)
    spread(session, dataset_id)
    return len(drawn)


def drawable(session: Session, dataset_id: int) -> int:
    """How many labels `extend` can draw: undecided ones outside the stream that nobody was led to."""
    return session.scalars(_drawable(dataset_id).with_only_columns(sa.func.count())).one()


def withdraw(session: Session, dataset_id: int) -> int:
    """Take what `extend` drew and nobody decided about out of the stream again; how many labels.

    They keep their places among the likely errors until new suggestions come.
    """
    ids = session.scalars(_withdrawable(session, dataset_id)).all()
    if ids:
        session.execute(sa.update(Standing), [{"label_id": label_id, "audit": None} for label_id in ids])
    return len(ids)


def withdrawable(session: Session, dataset_id: int) -> int:
    """How many labels `withdraw` takes out."""
    return session.scalars(_withdrawable(session, dataset_id).with_only_columns(sa.func.count())).one()


def _withdrawable(session: Session, dataset_id: int) -> sa.Select[int]:
    labels = session.scalar(sa.select(Dataset.labels).where(Dataset.id == dataset_id)) or 0
    return _untouched(dataset_id).where(Standing.audit > _at_import(labels))


def _drawable(dataset_id: int) -> sa.Select[int]:
    """Whose suggestion nobody saw: no person's decision (taken back or not) is about them, and no lease."""
    return _untouched(dataset_id).where(
        Standing.audit.is_(None), Standing.label_id.not_in(sa.select(Lease.label_id))
    )


def _untouched(dataset_id: int) -> sa.Select[int]:
    decided = sa.select(Decision.label_id).where(
        Decision.dataset_id == dataset_id, Decision.batch_id.is_(None)
    )
    return sa.select(Standing.label_id).where(
        Standing.dataset_id == dataset_id, Standing.waiting.is_(True), Standing.label_id.not_in(decided)
    )


def spread(session: Session, dataset_id: int) -> None:
    """Mix the stream's waiting labels evenly into the queue of the others, in the stream's own order.

    Their turns are quantiles of the others' turns: nothing about their own suggestions decides.
    """
    waiting = sa.and_(Standing.dataset_id == dataset_id, Standing.waiting.is_(True))
    turns = sa.select(Standing.turn).where(waiting, Standing.audit.is_(None))
    streamed = session.scalars(turns.execution_options(yield_per=AT_ONCE))
    others = np.sort(np.fromiter(streamed, dtype=np.float64))
    ours = sa.select(Standing.label_id).where(waiting, Standing.audit.is_not(None)).order_by(Standing.audit)
    stream = session.scalars(ours).all()
    if not len(others) or not stream:
        return
    at = (np.arange(len(stream)) + 0.5) / len(stream) * len(others)
    placed = zip(stream, others[at.astype(np.int64)].tolist(), strict=True)
    values = [{"label_id": label_id, "turn": turn} for label_id, turn in placed]
    session.execute(sa.update(Standing), values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audited:
    """The labels of the stream that somebody settled, one row each.

    `labels` and `annotators` (who wrote the label; "" unknown) as told at import. float64 [A], frames:
    `tagged_A`, `suggested_A` (NaN: none) and `decided_A` (NaN: there is no such event). `confidence_A` is the
    suggestion's (NaN: none or provisional), `claimed_A` the same before the audit recalibrated it,
    `refused_A` whether its class keeps its labels.
    """

    label_ids: tuple[int, ...]
    labels: tuple[str, ...]
    sources: tuple[str, ...]
    annotators: tuple[str, ...]
    tagged_A: NDArray[np.float64]
    suggested_A: NDArray[np.float64]
    decided_A: NDArray[np.float64]
    confidence_A: NDArray[np.float64]
    claimed_A: NDArray[np.float64]
    refused_A: NDArray[np.bool_]


def progress(session: Session, dataset_id: int) -> AuditProgress:
    """How many labels the stream has, and how many of them are settled."""
    total, settled = session.execute(
        sa.select(sa.func.count(), sa.func.count(Standing.verdict)).where(
            Standing.dataset_id == dataset_id, Standing.audit.is_not(None)
        )
    ).one()
    return AuditProgress(total=total, settled=settled)


def members(session: Session, dataset_id: int) -> set[int]:
    """The ids of the labels in the stream."""
    query = sa.select(Standing.label_id).where(Standing.dataset_id == dataset_id, Standing.audit.is_not(None))
    return set(session.scalars(query))


def judged_blind(session: Session, dataset_id: int) -> set[int]:
    """The labels that people settled at a frame by what they saw, no suggestion on the screen.

    Of the stream only, where there is one: those were drawn at random.
    """
    query = (
        sa.select(Standing.label_id)
        .join(Decision, Decision.id == Standing.decision_id)
        .where(
            Standing.dataset_id == dataset_id,
            Standing.frame.is_not(None),
            Decision.batch_id.is_(None),
            Decision.suggestion_id.is_(None),
        )
    )
    if progress(session, dataset_id).total:
        query = query.where(Standing.audit.is_not(None))
    return set(session.scalars(query))


def audited(session: Session, dataset_id: int) -> Audited:
    """What people settled in the stream, in its order."""
    rows = session.execute(
        sa.select(
            Label.id,
            Label.label,
            Clip.source,
            sa.func.coalesce(Label.annotator, ""),
            Label.frame,
            SuggestionRow.frame,
            Standing.frame,
            sa.case((SuggestionRow.provisional.is_(False), SuggestionRow.confidence)),
            sa.func.coalesce(SuggestionRow.claimed, SuggestionRow.confidence),
            sa.func.coalesce(SuggestionRow.refused, False),
        )
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(Standing.dataset_id == dataset_id, Standing.audit.is_not(None), Standing.verdict.is_not(None))
        .order_by(Standing.audit)
    ).all()
    columns = list(zip(*rows, strict=True)) or [()] * 10
    numbers = [np.array(column, dtype=np.float64) for column in columns[4:]]
    return Audited(
        label_ids=columns[0],
        labels=columns[1],
        sources=columns[2],
        annotators=columns[3],
        tagged_A=numbers[0],
        suggested_A=numbers[1],
        decided_A=numbers[2],
        confidence_A=numbers[3],
        claimed_A=numbers[4],
        refused_A=numbers[5].astype(bool),
    )
