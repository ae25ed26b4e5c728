"""Clips to look through, a page at a time, with where their events are and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.datasets import as_clip, get_dataset
from storage.exports import holds_at
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
    """A page of the clips that a search finds, and how many it finds in all.

    `next` is what the page after it begins `after`; None on the last one.
    """

    clips: tuple[BrowsedClip, ...]
    total: int
    next: int | None


def browse(
    session: Session, dataset_id: int, *, search: str = "", after: int | None = None, limit: int = 24
) -> Found:
    """Clips whose name, source or one of whose classes holds every word of `search`, in file order.

    From the first on, or from the one `after` a page. Case does not matter. Raises `NotFound` for an unknown
    dataset.
    """
    dataset = get_dataset(session, dataset_id)
    words = [_holds(word, dataset.classes) for word in search.split()]
    wanted = [Clip.dataset_id == dataset_id, *words]
    count = sa.select(sa.func.count()).select_from(Clip).where(*wanted)
    query = sa.select(Clip).where(*wanted).order_by(Clip.position)
    if after is not None:
        query = query.where(Clip.position > after)
    most = min(limit, MOST)
    rows = session.scalars(query.limit(most + 1)).all()
    labels = _labels(session, [row.id for row in rows[:most]])
    return Found(
        clips=tuple(BrowsedClip(clip=as_clip(row), labels=labels.get(row.id, ())) for row in rows[:most]),
        total=session.scalars(count).one() if words else dataset.clips,
        next=rows[most - 1].position if len(rows) > most else None,
    )


def _holds(word: str, classes: Sequence[str]) -> sa.ColumnElement[bool]:
    named = [name for name in classes if word.casefold() in name.casefold()]
    found = [column.icontains(word, autoescape=True) for column in (Clip.name, Clip.source)]
    if named:  # else no label has to be looked at
        found.append(sa.exists().where(Label.clip_id == Clip.id, Label.label.in_(named)))
    return sa.or_(*found)


def _awaits_second() -> sa.ColumnElement[bool]:
    """Whether a second person is still to decide about the label, unseen."""
    return sa.and_(Standing.double.is_(True), Standing.opinions == 1)


def _labels(session: Session, clip_ids: Sequence[int]) -> dict[int, tuple[Placed, ...]]:
    rows = session.execute(
        sa.select(
            Label.clip_id,
            Label.id,
            Label.label,
            sa.case((_awaits_second(), Label.frame), else_=holds_at()),
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
