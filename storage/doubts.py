"""Doubts about labels, raised by rules or by a run and settled by people: one queue for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.doubts import KINDS, Kind
from spotting.errors import NotFound
from spotting.unmatched import Settled
from storage.records import DoubtRecord
from storage.tables import Clip, Dataset, Decision, DoubtRow, Label, Standing

Origin = Literal["rules", "run"]
SAME = 5
"""Frames: a missing event this near to one proposed before, of the same class, is that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDoubt:
    """A doubt about a label; of kind `missing`, about `label` at `frame` of a clip instead.

    `label` of kind `swapped` is the class that may be meant.
    """

    kind: Kind
    reason: str
    weight: float = 1.0
    label_id: int | None = None
    other_id: int | None = None
    clip_id: int | None = None
    frame: int | None = None
    label: str | None = None


def rules(session: Session, dataset_id: int) -> str:
    """The rules of a dataset, TOML (`spotting.rules`). Raises `NotFound`."""
    text = session.scalar(sa.select(Dataset.rules).where(Dataset.id == dataset_id))
    if text is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return text


def set_rules(session: Session, dataset_id: int, text: str) -> None:
    """Replace the rules of a dataset. Raises `NotFound`."""
    rules(session, dataset_id)
    session.execute(sa.update(Dataset).where(Dataset.id == dataset_id).values(rules=text))


def put(session: Session, dataset_id: int, origin: Origin, found: Sequence[NewDoubt]) -> None:
    """Let `found` be all the doubts that `origin` has: new ones are added, those not found again go.

    One that was there stays as it was, settled or not. A missing event becomes a proposed label; one that
    nobody decided about goes with its doubt. Raises `NotFound`.
    """
    rules(session, dataset_id)
    mine = sa.and_(DoubtRow.dataset_id == dataset_id, DoubtRow.origin == origin)
    known = {_key(row): row.id for row in session.scalars(sa.select(DoubtRow).where(mine))}
    since = session.scalar(sa.select(sa.func.max(Decision.id))) or 0
    wanted = {_key(row): row for row in (_row(session, dataset_id, origin, since, new) for new in found)}
    gone = [id for key, id in known.items() if key not in wanted]
    session.execute(sa.delete(DoubtRow).where(DoubtRow.id.in_(gone)))
    session.add_all(row for key, row in wanted.items() if key not in known)
    session.flush()
    decided = sa.select(Decision.label_id)
    doubted = sa.select(DoubtRow.label_id)
    session.execute(
        sa.delete(Label).where(
            Label.proposed.is_(True), Label.id.not_in(doubted), Label.id.not_in(decided), _in(dataset_id)
        ),
        execution_options={"synchronize_session": False},
    )


def _in(dataset_id: int) -> sa.ColumnElement[bool]:
    return Label.clip_id.in_(sa.select(Clip.id).where(Clip.dataset_id == dataset_id))


def _key(row: DoubtRow) -> tuple[str, int, int | None, str | None]:
    return row.kind, row.label_id, row.other_id, row.label


def _row(session: Session, dataset_id: int, origin: Origin, since: int, new: NewDoubt) -> DoubtRow:
    label_id = _proposed(session, dataset_id, new) if new.label_id is None else new.label_id
    return DoubtRow(
        dataset_id=dataset_id,
        origin=origin,
        kind=new.kind,
        label_id=label_id,
        other_id=new.other_id,
        label=new.label,
        reason=new.reason,
        weight=new.weight,
        since=since,
    )


def _proposed(session: Session, dataset_id: int, new: NewDoubt) -> int:
    """The label proposed for a missing event; the one proposed before, if there is one."""
    if new.clip_id is None or new.frame is None or new.label is None:
        raise ValueError("a missing event needs a clip, a frame and a class")
    near = Label.frame.between(new.frame - SAME, new.frame + SAME)
    mine = sa.and_(Label.clip_id == new.clip_id, Label.label == new.label, Label.proposed.is_(True))
    known = session.scalar(sa.select(Label.id).where(mine, near).limit(1))
    if known is not None:
        return known
    clip = session.get_one(Clip, new.clip_id)
    last = session.scalar(sa.select(sa.func.max(Label.position)).where(Label.clip_id == clip.id))
    label = Label(
        clip_id=clip.id,
        position=0 if last is None else last + 1,
        label=new.label,
        original_frame=min(max(new.frame - clip.shift, 0), clip.num_frames - 1),
        extra={"original_frame": None},
        proposed=True,
    )
    session.add(label)
    session.flush()
    standing = Standing(
        label_id=label.id,
        dataset_id=dataset_id,
        clip_id=clip.id,
        label=new.label,
        place=0,
        turn=0.0,
        skipped=0,
        flagged=False,
        waiting=False,
        proposed=True,
    )
    session.add(standing)
    session.flush()
    return label.id


def is_open(kind: Kind | None = None) -> sa.ColumnElement[bool]:
    """Whether a standing's label has a doubt (of a kind) that no person's decision settled since."""
    query = sa.exists().where(
        DoubtRow.label_id == Standing.label_id,
        sa.func.coalesce(Standing.decision_id, 0) <= DoubtRow.since,
    )
    return query if kind is None else query.where(DoubtRow.kind == kind)


def weight(kind: Kind) -> sa.ColumnElement[float]:
    """How much speaks for the weightiest doubt of a kind about a standing's label."""
    most = sa.select(sa.func.max(DoubtRow.weight)).where(
        DoubtRow.label_id == Standing.label_id, DoubtRow.kind == kind
    )
    return most.correlate(Standing).scalar_subquery()


def is_about(dataset_id: int, kind: Kind) -> sa.ColumnElement[bool]:
    """Whether a standing's label was ever doubted so: the few that were are then read, not every label."""
    about = sa.select(DoubtRow.label_id).where(DoubtRow.dataset_id == dataset_id, DoubtRow.kind == kind)
    return Standing.label_id.in_(about)


def counts(session: Session, dataset_id: int) -> dict[Kind, int]:
    """How many labels each kind of doubt has open."""
    return {kind: _count(session, dataset_id, kind) for kind in KINDS}


def _count(session: Session, dataset_id: int, kind: Kind) -> int:
    query = sa.select(sa.func.count()).where(
        is_about(dataset_id, kind), Standing.flagged.is_(False), is_open(kind)
    )
    return session.scalars(query).one()


def settled(session: Session, dataset_id: int) -> dict[Kind, Settled]:
    """What people decided about doubts that runs raised: how many were right, of how many settled."""
    rows = session.execute(
        sa.select(DoubtRow.kind, Standing.verdict)
        .join(Standing, Standing.label_id == DoubtRow.label_id)
        .where(
            DoubtRow.dataset_id == dataset_id,
            DoubtRow.origin == "run",
            Standing.verdict.is_not(None),
            Standing.decision_id > DoubtRow.since,
        )
    ).all()
    told: dict[Kind, Settled] = {}
    for kind in KINDS:
        right = [_borne_out(kind, verdict) for of, verdict in rows if of == kind]
        told[kind] = Settled(sum(right), len(right))
    return told


def _borne_out(kind: Kind, verdict: str | None) -> bool:
    """Whether a verdict about the label says that the doubt was right."""
    if kind == "missing":
        return verdict != "remove"
    return verdict == "remove" or (kind == "swapped" and verdict == "relabel")


def of_labels(session: Session, label_ids: Sequence[int]) -> dict[int, tuple[DoubtRecord, ...]]:
    """The doubts about each label, settled ones too, the weightiest first."""
    rows = session.scalars(
        sa.select(DoubtRow)
        .where(DoubtRow.label_id.in_(label_ids))
        .order_by(DoubtRow.weight.desc(), DoubtRow.id)
    )
    found: dict[int, tuple[DoubtRecord, ...]] = {}
    for row in rows:
        record = row.record(DoubtRecord)
        found[row.label_id] = (*found.get(row.label_id, ()), record)
    return found
