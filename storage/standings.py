"""Where every label stands: the fold of its decisions and its newest suggestion."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import DecisionRecord, ReviewProgress
from storage.tables import Clip, Dataset, Decision, Label, Standing, SuggestionRow, Tally

FINAL = ("accept", "keep", "set", "remove")
"""Verdicts that settle a label's frame; skip and flag do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """What a label's decisions come to; the columns of `standings` that they rule."""

    verdict: str | None = None
    frame: int | None = None
    decision_id: int | None = None
    annotator: str | None = None
    skipped: int = 0
    flagged: bool = False
    waiting: bool = True


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

    The latest living verdict of accept, keep, set or remove gives the frame. A flag holds until a later one
    of these; a skip until any later verdict.
    """
    living = alive(decisions)
    if not living:
        return Fold()
    final = next((decision for decision in reversed(living) if decision.verdict in FINAL), None)
    flagged = next((d.verdict == "flag" for d in reversed(living) if d.verdict != "skip"), False)
    return Fold(
        verdict=final.verdict if final else None,
        frame=final.frame if final else None,
        decision_id=final.id if final else None,
        annotator=final.annotator if final else None,
        skipped=living[-1].id if living[-1].verdict == "skip" else 0,
        flagged=flagged,
        waiting=final is None and not flagged,
    )


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


def settle(session: Session, label_id: int) -> None:
    """Fold the decisions of one label anew. Call after every decision, in its transaction."""
    row = session.get_one(Standing, label_id)
    before = counted(row)
    for name, value in asdict(fold(history(session, label_id))).items():
        setattr(row, name, value)
    after = counted(row)
    steps = {name: getattr(Tally, name) + after[name] - before[name] for name in after}
    session.execute(sa.update(Tally).where(Tally.dataset_id == row.dataset_id).values(steps))


def counted(row: Standing) -> dict[str, int]:
    """What a label adds to each count of `tallies`."""
    return {
        "decided": int(row.verdict is not None),
        "skipped": int(row.verdict is None and row.skipped > 0),
        "flagged": int(row.flagged),
        "accepted": int(row.verdict == "accept"),
        "kept": int(row.verdict == "keep"),
        "set": int(row.verdict == "set"),
        "removed": int(row.verdict == "remove"),
    }


def history(session: Session, label_id: int) -> list[DecisionRecord]:
    """Every decision about a label, oldest first, undone ones and undos included."""
    rows = session.scalars(sa.select(Decision).where(Decision.label_id == label_id).order_by(Decision.id))
    return [as_record(row) for row in rows]


def as_record(row: Decision) -> DecisionRecord:
    """The row as a frozen value."""
    return DecisionRecord(**{name: getattr(row, name) for name in DecisionRecord.__slots__})


def suggest(session: Session, run_id: int, after: int) -> None:
    """Let the suggestions of `run_id` with an id above `after` be the current ones of their labels.

    Expected error of the tag, in frames: |offset| with probability `confidence`, else about one frame.
    """
    expected = sa.func.abs(SuggestionRow.offset) * SuggestionRow.confidence + 1 - SuggestionRow.confidence
    session.execute(
        sa.update(Standing)
        .where(
            Standing.label_id == SuggestionRow.label_id,
            SuggestionRow.run_id == run_id,
            SuggestionRow.id > after,
        )
        .values(suggestion_id=SuggestionRow.id, turn=-expected),
        execution_options={"synchronize_session": False},
    )
