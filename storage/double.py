"""Double review: labels drawn for two people, who do not see each other's decision, and where they differ."""

import random
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, NotFound
from storage.records import DecisionRecord
from storage.standings import OTHERWISE, history, opinions
from storage.tables import Clip, Dataset, Label, Standing

FARTHEST = 1000
"""Frames: a larger tolerance than this is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleReview:
    """How far the double review of a dataset is.

    `share` of its labels are drawn; two decisions up to `tolerance` frames apart agree. Counts of labels:
    drawn `labels`, those `begun` by one person, those both settled (`twice`), and of these those `apart`.
    """

    share: float
    tolerance: int
    labels: int
    begun: int
    twice: int
    apart: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A label that two people settled apart: by how many frames (None: in more than the frame)."""

    label_id: int
    clip: str
    label: str
    frame: int
    apart: int | None
    opinions: tuple[DecisionRecord, ...]


def plan(session: Session, dataset_id: int, *, share: float, tolerance: int) -> DoubleReview:
    """Let `share` of the labels be drawn, at random among those that nobody has decided about.

    What was drawn and begun stays drawn. Raises `NotFound`, and `BadConfig` for a share outside [0, 1] or a
    tolerance outside 0 ... 1000 frames.
    """
    if not 0 <= share <= 1:
        raise BadConfig(f"the share of labels for two people is {share}: must lie between 0 and 1")
    if not 0 <= tolerance <= FARTHEST:
        raise BadConfig(f"the tolerance is {tolerance} frames: must lie between 0 and {FARTHEST}")
    dataset = _dataset(session, dataset_id)
    dataset.double_share, dataset.double_tolerance = share, tolerance
    here = sa.and_(Standing.dataset_id == dataset_id, Standing.proposed.is_(False))
    undecided = sa.and_(here, Standing.decision_id.is_(None), Standing.opinions == 0)
    session.execute(
        sa.update(Standing).where(undecided, Standing.double.is_(True)).values(double=False),
        execution_options={"synchronize_session": False},
    )
    begun = session.scalars(sa.select(sa.func.count()).where(here, Standing.double.is_(True))).one()
    ids = session.scalars(sa.select(Standing.label_id).where(undecided).order_by(Standing.label_id)).all()
    wanted = min(max(round(share * dataset.labels) - begun, 0), len(ids))
    chosen = random.Random(dataset_id).sample(ids, wanted)
    if chosen:
        session.execute(sa.update(Standing), [{"label_id": label_id, "double": True} for label_id in chosen])
    return progress(session, dataset_id)


def progress(session: Session, dataset_id: int) -> DoubleReview:
    """How far the double review is. Raises `NotFound`."""
    dataset = _dataset(session, dataset_id)
    labels, begun, twice, apart = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(sa.case((Standing.opinions == 1, 1))),
            sa.func.count(sa.case((Standing.opinions > 1, 1))),
            sa.func.count(sa.case((Standing.apart > dataset.double_tolerance, 1))),
        ).where(Standing.dataset_id == dataset_id, Standing.double.is_(True))
    ).one()
    return DoubleReview(
        share=dataset.double_share,
        tolerance=dataset.double_tolerance,
        labels=labels,
        begun=begun,
        twice=twice,
        apart=apart,
    )


def disagreements(session: Session, dataset_id: int, limit: int = 100) -> list[Disagreement]:
    """Labels that two people settled further apart than the tolerance, in file order. Raises `NotFound`."""
    tolerance = _dataset(session, dataset_id).double_tolerance
    rows = session.execute(
        sa.select(Label.id, Clip.name, Label.label, Label.frame, Standing.apart)
        .join(Standing, Standing.label_id == Label.id)
        .join(Clip, Clip.id == Label.clip_id)
        .where(Standing.dataset_id == dataset_id, Standing.apart > tolerance)
        .order_by(Standing.place)
        .limit(limit)
    )
    return [
        Disagreement(
            label_id=label_id,
            clip=clip,
            label=label,
            frame=frame,
            apart=None if apart == OTHERWISE else apart,
            opinions=tuple(opinions(history(session, label_id)).values()),
        )
        for label_id, clip, label, frame, apart in rows
    ]


def drawn(session: Session, dataset_id: int) -> set[int]:
    """The ids of the labels that are for two people."""
    query = sa.select(Standing.label_id).where(Standing.dataset_id == dataset_id, Standing.double.is_(True))
    return set(session.scalars(query))


def is_hidden(row: Standing, annotator: str) -> bool:
    """Whether what was decided about a label stays hidden from this person, who is to decide unseen."""
    return row.double and row.opinions == 1 and row.first_by != annotator


def _dataset(session: Session, dataset_id: int) -> Dataset:
    dataset = session.get(Dataset, dataset_id)
    if dataset is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return dataset
