"""Where every label stands: the fold of its decisions and its newest suggestion."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import audit_stream, pace
from storage.records import DecisionRecord, ReviewProgress
from storage.tables import Clip, Dataset, Decision, Label, Run, Standing, SuggestionRow, Tally

FINAL = ("accept", "keep", "set", "relabel", "remove")
"""Verdicts that settle a label's frame; skip and flag do not."""


OTHERWISE = 2**30
"""How far apart, in place of frames, two people are who differ in more than the frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """What a label's decisions come to; the columns of `standings` that they rule."""

    verdict: str | None = None
    frame: int | None = None
    decision_id: int | None = None
    annotator: str | None = None
    skipped: int = 0
    flagged: bool = False
    flag_reason: str | None = None
    waiting: bool = True
    relabelled: str | None = None
    opinions: int = 0
    first_by: str | None = None
    apart: int | None = None
    moved: int | None = None


def alive(decisions: Sequence[DecisionRecord]) -> list[DecisionRecord]:
    """The decisions (oldest first) that no living undo takes back; undos themselves are left out."""
    dead: set[int | None] = set()
    standing: list[DecisionRecord] = []
    for decision in reversed(decisions):
        if decision.id in dead:
            continue
        if decision.verdict == "undo":
            dead.add(decision.undoes)
        else:
            standing.append(decision)
    return standing[::-1]


def fold(decisions: Sequence[DecisionRecord]) -> Fold:
    """What one label's decisions, oldest first, come to.

    The latest living verdict of accept, keep, set, relabel or remove gives the frame. A flag holds until a
    later one of these; a skip until any later verdict; a class until another is given. A move of a whole
    group says where the label lies until then, and nothing else: it waits as before.
    """
    told = alive(decisions)
    moved = next((decision.frame for decision in reversed(told) if decision.verdict == "move"), None)
    living = [decision for decision in told if decision.verdict != "move"]
    if not living:
        return Fold(moved=moved)
    final = next((decision for decision in reversed(living) if decision.verdict in FINAL), None)
    latest = next((d for d in reversed(living) if d.verdict != "skip"), None)
    flag = latest if latest and latest.verdict == "flag" else None
    return Fold(
        verdict=final.verdict if final else None,
        frame=final.frame if final else None,
        decision_id=final.id if final else None,
        annotator=final.annotator if final else None,
        skipped=living[-1].id if living[-1].verdict == "skip" else 0,
        flagged=flag is not None,
        flag_reason=flag and flag.reason,
        waiting=final is None and flag is None,
        relabelled=next((d.label for d in reversed(living) if d.verdict == "relabel"), None),
        moved=moved,
        **_between(decisions),
    )


def opinions(decisions: Sequence[DecisionRecord]) -> dict[str, DecisionRecord]:
    """The latest living verdict of each person that settles the label, adjudications left out."""
    return {d.annotator: d for d in alive(decisions) if d.verdict in FINAL and not d.adjudicates}


def _between(decisions: Sequence[DecisionRecord]) -> dict[str, Any]:
    """How many people settled the label, who, if it is one, and how far apart they are until adjudicated."""
    held = opinions(decisions)
    meant = {(one.frame is None, one.label) for one in held.values()}
    frames = [one.frame for one in held.values() if one.frame is not None]
    apart = OTHERWISE if len(meant) > 1 else max(frames, default=0) - min(frames, default=0)
    adjudicated = any(decision.adjudicates for decision in alive(decisions))
    return {
        "opinions": len(held),
        "first_by": next(iter(held)) if len(held) == 1 else None,
        "apart": apart if len(held) > 1 and not adjudicated else None,
    }


def shown(fold: Fold, row: Standing) -> dict[str, Any]:
    """The columns of a label's row that its decisions rule, as they have to be."""
    alone = {} if row.double else {"opinions": 0, "first_by": None, "apart": None}
    return asdict(fold) | {"waiting": fold.waiting and not row.proposed} | alone


def begin(session: Session, dataset_id: int) -> None:
    """Give every label of a new dataset its row: waiting, in file order, without a suggestion."""
    place = sa.func.row_number().over(order_by=(Clip.position, Label.frame, Label.position))
    rows = (
        sa.select(
            Label.id,
            Clip.dataset_id,
            Label.clip_id,
            Label.label,
            place,
            sa.literal(0.0),
            sa.literal(0),
            sa.false(),
            sa.true(),
        )
        .join(Clip)
        .where(Clip.dataset_id == dataset_id)
    )
    columns = ["label_id", "dataset_id", "clip_id", "label", "place", "turn", "skipped", "flagged", "waiting"]
    session.execute(sa.insert(Standing).from_select(columns, rows))
    total = session.scalars(sa.select(Dataset.labels).where(Dataset.id == dataset_id)).one()
    session.add(Tally(dataset_id=dataset_id, **asdict(ReviewProgress(total=total))))
    session.flush()
    audit_stream.choose(session, dataset_id)


def settle(session: Session, label_ids: Sequence[int]) -> None:
    """Fold the decisions of labels of one dataset anew. Call after every decision, in its transaction."""
    rows = session.scalars(sa.select(Standing).where(Standing.label_id.in_(label_ids))).all()
    folds = folds_of(session, label_ids)
    tags = _tags(session, [label_id for label_id, fold in folds.items() if fold.frame is not None])
    steps: Counter[str] = Counter()
    for row in rows:
        steps.subtract(counted(row))
        for name, value in shown(folds.get(row.label_id, Fold()), row).items():
            setattr(row, name, value)
        row.correction = None if row.frame is None else row.frame - tags[row.label_id]
        steps.update(counted(row))
    session.flush()
    moved = {name: getattr(Tally, name) + step for name, step in steps.items() if step}
    if moved:
        session.execute(sa.update(Tally).where(Tally.dataset_id == rows[0].dataset_id).values(moved))


def _tags(session: Session, label_ids: Sequence[int]) -> dict[int, int]:
    """The frames that labels are tagged at."""
    if not label_ids:
        return {}
    return dict(session.execute(sa.select(Label.id, Label.frame).where(Label.id.in_(label_ids))).all())


def folds_of(session: Session, label_ids: Sequence[int] | None = None) -> dict[int, Fold]:
    """What the decisions of these labels (None: of all) come to; labels without any are left out."""
    query = sa.select(Decision).order_by(Decision.label_id, Decision.id).execution_options(yield_per=1000)
    if label_ids is not None:
        query = query.where(Decision.label_id.in_(label_ids))
    grouped = groupby(session.scalars(query), key=lambda row: row.label_id)
    return {label_id: fold([as_record(row) for row in group]) for label_id, group in grouped}


def counted(row: Standing) -> dict[str, int]:
    """What a label adds to each count of `tallies`; an event that is only proposed adds nothing."""
    if row.proposed:
        return {}
    return {
        "decided": int(row.verdict is not None),
        "skipped": int(row.verdict is None and row.skipped > 0),
        "flagged": int(row.flagged),
        "accepted": int(row.verdict == "accept"),
        "kept": int(row.verdict == "keep"),
        "set": int(row.verdict in ("set", "relabel")),
        "removed": int(row.verdict == "remove"),
        "moved": int(row.verdict is None and row.moved is not None),
    }


def settled_by_people(session: Session, dataset_id: int) -> dict[int, int]:
    """The frames that people settled labels at one by one, by label id: what is known of the truth."""
    rows = session.execute(
        sa.select(Standing.label_id, Standing.frame)
        .join(Decision, Decision.id == Standing.decision_id)
        .where(
            Standing.dataset_id == dataset_id,
            Standing.frame.is_not(None),
            Standing.proposed.is_(False),
            Decision.batch_id.is_(None),
        )
    )
    return {label_id: frame for label_id, frame in rows if frame is not None}


def history(session: Session, label_id: int) -> list[DecisionRecord]:
    """Every decision about a label, oldest first, undone ones and undos included."""
    rows = session.scalars(sa.select(Decision).where(Decision.label_id == label_id).order_by(Decision.id))
    return [as_record(row) for row in rows]


def as_record(row: Decision) -> DecisionRecord:
    """The row as a frozen value."""
    return row.record(DecisionRecord)


def suggest(session: Session, run_id: int, after: int) -> None:
    """Let the suggestions of `run_id` with an id above `after` be the current ones of their labels.

    Their turn is by the error that a review removes per second, at the pace of this dataset's reviewers. Mix
    the blind audit in when the last of them is shown (`storage.audit_stream.spread`).
    """
    dataset_id = session.scalars(sa.select(Run.dataset_id).where(Run.id == run_id)).one()
    _show(session, dataset_id, SuggestionRow.run_id == run_id, SuggestionRow.id > after)


def suggest_anew(session: Session, dataset_id: int, shift: int) -> None:
    """Show the newest suggestion of each label from runs that learned from labels shifted by `shift`."""
    tagged = sa.select(Label.frame).where(Label.id == Standing.label_id).scalar_subquery()
    session.execute(
        sa.update(Standing)
        .where(Standing.dataset_id == dataset_id)
        .values(suggestion_id=None, turn=0.0, offset=None, correction=Standing.frame - tagged),
        execution_options={"synchronize_session": False},
    )
    newest = (
        sa.select(sa.func.max(SuggestionRow.id))
        .join(Run, Run.id == SuggestionRow.run_id)
        .where(Run.dataset_id == dataset_id, Run.shift == shift)
        .group_by(SuggestionRow.label_id)
    )
    _show(session, dataset_id, SuggestionRow.id.in_(newest))
    audit_stream.spread(session, dataset_id)


def _show(session: Session, dataset_id: int, *which: sa.ColumnElement[bool]) -> None:
    """Let these suggestions, one per label at most, be the current ones."""
    seconds = pace.seconds_by_class(session, dataset_id)
    per_second = SuggestionRow.removes / _by_class(seconds)
    session.execute(
        sa.update(Standing)
        .where(Standing.label_id == SuggestionRow.label_id, Label.id == SuggestionRow.label_id, *which)
        .values(suggestion_id=SuggestionRow.id, turn=-per_second, offset=SuggestionRow.frame - Label.frame),
        execution_options={"synchronize_session": False},
    )


def _by_class(seconds: Mapping[str, float]) -> sa.ColumnElement[float]:
    """The seconds of a standing's class; 1 of any class where nothing is known."""
    if not seconds:
        return sa.literal(1.0)
    return sa.case(dict(seconds), value=Standing.label, else_=sum(seconds.values()) / len(seconds))
