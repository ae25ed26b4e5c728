"""Clips to look through, a page at a time, with where their events are and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.datasets import get_clip, get_dataset
from storage.records import ClipRecord
from storage.tables import Clip, Label, Standing

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A label where it stands now: `frame` is the decision's, else the tag; `verdict` is "" undecided.

    So is one that a second person is still to decide about unseen.
    """

    label_id: int
    label: str
    frame: int
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsedClip:
    """A clip with its labels in the order of their tags."""

    clip: ClipRecord
    labels: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of the clips that a search finds, and how many it finds in all."""

    clips: tuple[BrowsedClip, ...]
    total: int


def browse(session: Session, dataset_id: int, *, search: str = "", offset: int = 0, limit: int = 24) -> Found:
    """Clips whose name, source or one of whose classes holds every word of `search`, in file order.

    Case does not matter. Raises `NotFound` for an unknown dataset.
    """
    get_dataset(session, dataset_id)
    wanted = [Clip.dataset_id == dataset_id, *(_holds(word) for word in search.split())]
    total = session.scalar(sa.select(sa.func.count()).select_from(Clip).where(*wanted)) or 0
    query = sa.select(Clip.id).where(*wanted).order_by(Clip.position).offset(max(0, offset))
    ids = session.scalars(query.limit(min(limit, MOST))).all()
    labels = _labels(session, ids)
    clips = tuple(BrowsedClip(clip=get_clip(session, at), labels=labels.get(at, ())) for at in ids)
    return Found(clips=clips, total=total)


def _holds(word: str) -> sa.ColumnElement[bool]:
    has_class = sa.exists().where(Label.clip_id == Clip.id, Label.label.icontains(word, autoescape=True))
    in_name = Clip.name.icontains(word, autoescape=True)
    return sa.or_(in_name, Clip.source.icontains(word, autoescape=True), has_class)


def _awaits_second() -> sa.ColumnElement[bool]:
    """Whether a second person is still to decide about the label, unseen."""
    return sa.and_(Standing.double.is_(True), Standing.opinions == 1)


def _labels(session: Session, clip_ids: Sequence[int]) -> dict[int, tuple[Placed, ...]]:
    rows = session.execute(
        sa.select(
            Label.clip_id,
            Label.id,
            Label.label,
            sa.case((_awaits_second(), Label.frame), else_=sa.func.coalesce(Standing.frame, Label.frame)),
            sa.case((_awaits_second(), ""), else_=sa.func.coalesce(Standing.verdict, "")),
        )
        .join(Standing, Standing.label_id == Label.id)
        .join(Clip, Clip.id == Label.clip_id)
        .where(Label.clip_id.in_(clip_ids))
        .order_by(Label.clip_id, Label.frame, Label.position)
    )
    return {
        clip_id: tuple(
            Placed(label_id=label_id, label=label, frame=frame, verdict=verdict)
            for _, label_id, label, frame, verdict in group
        )
        for clip_id, group in groupby(rows, key=lambda row: row[0])
    }
