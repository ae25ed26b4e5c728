"""Deciding: record a verdict, take it back, bring it back. Decisions are only ever added."""

from datetime import UTC, datetime
from typing import get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from spotting.errors import BadLabels, Conflict, NotFound
from storage import double, standings
from storage.queues import item, queue
from storage.records import DecisionRecord, FlagReason, NewDecision, ReviewProgress
from storage.standings import as_record, history
from storage.tables import Clip, Dataset, Decision, Label, Standing, SuggestionRow, Tally

VERDICTS = ("accept", "keep", "set", "relabel", "remove", "skip", "flag")
REASONS = get_args(FlagReason)
LONGEST_NAME = 100


def record(session: Session, new: NewDecision) -> DecisionRecord:
    """Add a decision; the same key again gives the stored one back and adds nothing.

    Stored frame: the suggestion's for `accept`, the tag for `keep`, the given one for `set`, the one that
    holds for `relabel` where none is given, else none. Raises `NotFound` for an unknown label or suggestion,
    `BadLabels` for a frame outside the clip, an unknown verdict or reason or a bad key or name, `Conflict`
    for a key used for something else, another label's suggestion or a decision that somebody else made
    meanwhile.
    """
    check_names(new.key, new.annotator)
    known = _with_key(session, new.key)
    if known is not None:
        return _same(known, new)
    label = session.get(Label, new.label_id)
    if label is None:
        raise NotFound(f"there is no label {new.label_id}")
    _check_blind(session, new)
    _check_seen(session, new)
    clip = session.get_one(Clip, label.clip_id)
    frame = _frame(session, new, label, clip)
    return _append(
        session,
        Decision(
            dataset_id=clip.dataset_id,
            label_id=label.id,
            key=new.key,
            verdict=new.verdict,
            label=_class(session, new, clip),
            frame=frame,
            annotator=new.annotator,
            suggestion_id=new.suggestion_id,
            reason=_reason(new, clip),
            seconds=new.seconds,
            adjudicates=new.adjudicates,
        ),
    )


def _same(known: Decision, new: NewDecision) -> DecisionRecord:
    frame = new.frame if new.verdict == "set" else known.frame
    asked = (new.label_id, new.verdict, new.label, frame, new.reason)
    if (known.label_id, known.verdict, known.label, known.frame, known.reason) != asked:
        raise Conflict(f"key {new.key} was used for another decision")
    return as_record(known)


def _check_blind(session: Session, new: NewDecision) -> None:
    """A label of the audit stream is settled by what is seen, never by a suggestion."""
    if new.suggestion_id is not None and session.get_one(Standing, new.label_id).audit is not None:
        raise Conflict(f"label {new.label_id} is in the blind audit: settle it without its suggestion")


def _check_seen(session: Session, new: NewDecision) -> None:
    """Nobody decides over another person's decision that they have not seen."""
    standing = session.get_one(Standing, new.label_id)
    if double.is_hidden(standing, new.annotator):
        return
    held, by = standing.decision_id, standing.annotator
    if new.seen is not None and held not in (None, new.seen) and by != new.annotator:
        raise Conflict(f"label {new.label_id}: {by} decided it meanwhile ({standing.verdict}); look again")


def check_names(key: str, annotator: str) -> None:
    """Raise `BadLabels` unless both are short and printable."""
    for what, name in (("key", key), ("annotator", annotator)):
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadLabels(f"a decision's {what} is 1 to {LONGEST_NAME} printable characters, not {name!r}")


def _with_key(session: Session, key: str) -> Decision | None:
    return session.scalar(sa.select(Decision).where(Decision.key == key))


def _frame(session: Session, new: NewDecision, label: Label, clip: Clip) -> int | None:
    """The frame to store, checked against the verdict's rule."""
    where = f"clip {clip.name}, {label.label} at frame {label.frame}"
    if new.verdict not in VERDICTS:
        raise BadLabels(f"{where}: verdict {new.verdict} is none of {', '.join(VERDICTS)}")
    shown = _shown(session, new, where)
    if new.verdict in ("remove", "skip", "flag"):
        return None
    frame = {"accept": shown, "keep": label.frame}.get(new.verdict, new.frame)
    if new.verdict == "relabel" and frame is None:
        held = session.get_one(Standing, label.id)
        frame = next(at for at in (held.frame, held.moved, label.frame) if at is not None)
    if frame is None:
        needed = "the suggestion that was shown" if new.verdict == "accept" else "a frame"
        raise BadLabels(f"{where}: {new.verdict} needs {needed}")
    if new.frame not in (None, frame):
        raise Conflict(f"{where}: {new.verdict} means frame {frame}, not {new.frame}; look again")
    if not 0 <= frame < clip.num_frames:
        raise BadLabels(f"{where}: frame {frame} is outside the clip ({clip.num_frames} frames)")
    return frame


def _class(session: Session, new: NewDecision, clip: Clip) -> str | None:
    """The class to store: that of a `relabel`, one of the dataset's."""
    classes = session.get_one(Dataset, clip.dataset_id).classes
    if new.verdict == "relabel" and new.label not in classes:
        raise BadLabels(f"clip {clip.name}: {new.label} is none of the classes {', '.join(classes)}")
    if new.verdict != "relabel" and new.label is not None:
        raise BadLabels(f"clip {clip.name}: only relabel gives a class, {new.verdict} does not")
    return new.label


def _reason(new: NewDecision, clip: Clip) -> FlagReason | None:
    """The reason to store: that of a `flag`, one of the known ones."""
    if new.reason is not None and (new.verdict != "flag" or new.reason not in REASONS):
        raise BadLabels(f"clip {clip.name}: a flag may give one of {', '.join(REASONS)} as its reason")
    return new.reason


def _shown(session: Session, new: NewDecision, where: str) -> int | None:
    """The frame of the suggestion that was on the screen, if there was one."""
    if new.suggestion_id is None:
        return None
    suggestion = session.get(SuggestionRow, new.suggestion_id)
    if suggestion is None:
        raise NotFound(f"{where}: there is no suggestion {new.suggestion_id}")
    if suggestion.label_id != new.label_id:
        raise Conflict(f"{where}: suggestion {new.suggestion_id} is for another label")
    return suggestion.frame


def _append(session: Session, decision: Decision) -> DecisionRecord:
    decision.decided_at = datetime.now(UTC)
    session.add(decision)
    session.flush()
    standings.settle(session, [decision.label_id])
    return as_record(decision)


def undo(session: Session, dataset_id: int, annotator: str, key: str) -> int | None:
    """Take back the annotator's latest decision in the dataset that still holds; its label id, or None.

    Can be repeated back to the first. Batches are taken back whole (`storage.batches`), never by this. The
    same key again gives the same answer. Raises `NotFound` for an unknown dataset, `Conflict` for a key used
    for something else.
    """
    return _take_back(session, dataset_id, annotator, key, redoing=False)


def redo(session: Session, dataset_id: int, annotator: str, key: str) -> int | None:
    """Bring back what the annotator's latest undo took back; its label id, or None.

    There is nothing to bring back once a new decision was made. Keys and errors as in `undo`.
    """
    return _take_back(session, dataset_id, annotator, key, redoing=True)


def _take_back(session: Session, dataset_id: int, annotator: str, key: str, *, redoing: bool) -> int | None:
    check_names(key, annotator)
    if session.get(Dataset, dataset_id) is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    known = _with_key(session, key)
    if known is not None:
        if known.verdict != "undo" or known.dataset_id != dataset_id:
            raise Conflict(f"key {key} was used for another decision")
        return known.label_id
    target = _last(session, dataset_id, annotator, redoing)
    if target is None:
        return None
    taken_back = Decision(
        dataset_id=dataset_id,
        label_id=target.label_id,
        key=key,
        verdict="undo",
        annotator=annotator,
        undoes=target.id,
    )
    return _append(session, taken_back).label_id


def _last(session: Session, dataset_id: int, annotator: str, redoing: bool) -> Decision | None:
    """The annotator's newest living decision, or newest living undo of a decision with none made since."""
    target = aliased(Decision)
    rows = session.execute(
        sa.select(Decision, target.verdict.label("undone"))
        .outerjoin(target, Decision.undoes == target.id)
        .where(
            Decision.dataset_id == dataset_id, Decision.annotator == annotator, Decision.batch_id.is_(None)
        )
        .order_by(Decision.id.desc())
        .execution_options(yield_per=100)
    )
    dead: set[int | None] = set()
    for decision, undone in rows:
        if decision.id in dead:
            continue
        if decision.verdict != "undo":
            return None if redoing else decision
        if redoing and undone != "undo":
            return decision
        dead.add(decision.undoes)
    return None


def seen_history(session: Session, label_id: int, annotator: str | None) -> list[DecisionRecord]:
    """The history of a label without what stays hidden from a person (None: all). Raises `NotFound`."""
    row = session.get(Standing, label_id)
    if row is None:
        raise NotFound(f"there is no label {label_id}")
    hidden = annotator is not None and double.is_hidden(row, annotator)
    blind = annotator is not None and row.audit is not None and row.verdict is None
    made = (one for one in history(session, label_id) if not (blind and one.verdict == "move"))
    return [one for one in made if not hidden or one.annotator == annotator]


def progress(session: Session, dataset_id: int) -> ReviewProgress:
    """How far the review of a dataset is. Raises `NotFound`."""
    row = session.get(Tally, dataset_id)
    if row is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return row.record(ReviewProgress)


__all__ = ["history", "item", "progress", "queue", "record", "redo", "seen_history", "undo"]
