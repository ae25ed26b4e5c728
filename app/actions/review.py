"""What a person does in review: see the next labels, settle one, take it back, bring it back."""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.actions.refits import refit_when_due
from app.media import LONGEST, SIDE, Strip, make_ahead, strip_of
from app.workspace import Workspace
from storage import datasets, queue_counts, reviews
from storage.records import (
    ClipRecord,
    DecisionRecord,
    FlagReason,
    NewDecision,
    ReviewItem,
    SuggestionRecord,
)

Json = dict[str, Any]
BEYOND = 4
"""Pictures beyond a suggestion, at least."""
AHEAD = 30
"""Filmstrips of a queue that are made before they are asked for, about 10 MB."""


def queue(
    work: Workspace,
    dataset_id: int,
    *,
    name: str,
    annotator: str,
    label_class: str | None = None,
    clip_id: int | None = None,
    reason: FlagReason | None = None,
    after: str | None = None,
    limit: int = 10,
) -> Json:
    """The next labels of a queue, the review's progress, and where the queue goes on (None at its end).

    From its start also `size`: how many labels it holds now, those that others have a lease on too.

    Raises `NotFound` for an unknown dataset or queue, `Conflict` for a place of another queue.
    """
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        asked: Json = {"label_class": label_class, "clip_id": clip_id, "reason": reason}
        items = reviews.queue(
            session,
            dataset_id,
            name=name,  # pyright: ignore[reportArgumentType]
            annotator=annotator,
            after=after,
            limit=limit,
            **asked,
        )
        whole = after is None
        return {
            "size": queue_counts.size(session, dataset_id, name, annotator, **asked) if whole else None,
            "items": [_item_told(session, item) for item in items],
            "progress": asdict(reviews.progress(session, dataset_id)),
            "next": items[-1].cursor if len(items) == limit else None,
        }


def queues(work: Workspace, dataset_id: int, annotator: str) -> list[Json]:
    """Every queue there is, with how many labels it holds. Raises `NotFound` for an unknown dataset."""
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        found = queue_counts.counts(session, dataset_id, annotator)
    return [{"name": name, "count": count} for name, count in found.items()]


def prepare(work: Workspace, dataset_id: int, asked: Json) -> None:
    """Make the filmstrips of `AHEAD` labels of a queue, from where `asked` (as for `queue`) begins.

    Done while a person looks at the first ones, so that no later label waits for its pictures.
    """
    with work.database.reading() as session:
        items = reviews.queue(session, dataset_id, **asked, limit=AHEAD)
        clips = {item.clip_id: datasets.get_clip(session, item.clip_id) for item in items}
    make_ahead(work, [(clips[item.clip_id], _strip(clips[item.clip_id], item)) for item in items])


def get_item(work: Workspace, label_id: int, annotator: str | None = None) -> Json:
    """One label as the review shows it to a person (None: all there is). Raises `NotFound`."""
    with work.database.reading() as session:
        return _item_told(session, reviews.item(session, label_id, annotator))


def decide(work: Workspace, decision: NewDecision) -> Json:
    """Record a verdict; when this returns it is on disk. The same key twice is the same decision.

    Raises `NotFound`, `Conflict`, or `BadLabels` for a frame outside the clip.
    """
    with work.database.writing() as session:
        dataset_id = reviews.item(session, decision.label_id).dataset_id
        before = reviews.progress(session, dataset_id).decided
        record = reviews.record(session, decision)
        progress = asdict(reviews.progress(session, dataset_id))
        refit_when_due(session, dataset_id, before)
    return {"decision_id": record.id, "saved_at": record.decided_at.isoformat(), "progress": progress}


def undo(work: Workspace, dataset_id: int, *, annotator: str, key: str) -> Json:
    """Take the annotator's latest decision back: its label's item, or None when there is none left."""
    with work.database.writing() as session:
        before = reviews.progress(session, dataset_id).decided
        label_id = reviews.undo(session, dataset_id, annotator, key)
        refit_when_due(session, dataset_id, before)
    return _returned(work, dataset_id, label_id)


def redo(work: Workspace, dataset_id: int, *, annotator: str, key: str) -> Json:
    """Bring back what the annotator's latest undo took back."""
    with work.database.writing() as session:
        before = reviews.progress(session, dataset_id).decided
        label_id = reviews.redo(session, dataset_id, annotator, key)
        refit_when_due(session, dataset_id, before)
    return _returned(work, dataset_id, label_id)


def history(work: Workspace, label_id: int, annotator: str | None = None) -> list[Json]:
    """Every decision about a label that a person may see, oldest first. Raises `NotFound`."""
    with work.database.reading() as session:
        made = reviews.seen_history(session, label_id, annotator)
        return [_decision_told(decision) for decision in made]


def _returned(work: Workspace, dataset_id: int, label_id: int | None) -> Json:
    with work.database.reading() as session:
        return {
            "label_id": label_id,
            "item": None if label_id is None else _item_told(session, reviews.item(session, label_id)),
            "progress": asdict(reviews.progress(session, dataset_id)),
        }


def _strip(clip: ClipRecord, item: ReviewItem) -> Strip:
    """The pictures around the tag, and around a suggestion far from it: nothing is accepted unseen."""
    away = 0 if item.suggestion is None else abs(item.suggestion.frame - item.frame)
    return strip_of(clip, item.frame, min(max(SIDE, away + BEYOND), (LONGEST - 1) // 2))


def _item_told(session: Any, item: ReviewItem) -> Json:
    return {
        "label_id": item.label_id,
        "dataset_id": item.dataset_id,
        "clip": item.clip,
        "clip_id": item.clip_id,
        "label": item.label,
        "frame": item.frame,
        "num_frames": item.num_frames,
        "fps": item.fps or 0.0,
        "comment": item.comment,
        "flagged": item.flagged,
        "flag_reason": item.flag_reason,
        "skipped": item.skipped,
        "audit": item.audit,
        "proposed": item.proposed,
        "relabelled": item.relabelled,
        "moved": item.moved,
        "doubts": [asdict(doubt) for doubt in item.doubts],
        "strip": _strip(datasets.get_clip(session, item.clip_id), item).told(),
        "suggestion": None if item.suggestion is None else _suggestion_told(item.suggestion),
        "neighbours": [{"label": event.label, "frame": event.frame} for event in item.neighbours],
        "decision": None if item.decision is None else _decision_told(item.decision),
        "opinions": [_decision_told(opinion) for opinion in item.opinions],
    }


def _suggestion_told(suggestion: SuggestionRecord) -> Json:
    return {
        "id": suggestion.id,
        "run_id": suggestion.run_id,
        "epoch": suggestion.epoch,
        "provisional": suggestion.provisional,
        "frame": suggestion.frame,
        "offset": suggestion.offset,
        "confidence": suggestion.confidence,
        "first_shift": suggestion.first_shift,
        "posterior": [value or 0.0 for value in _numbers(suggestion.posterior_S.tolist())],
        "scores": _numbers(suggestion.scores_S.tolist()),
        "matched_offset": suggestion.matched_offset,
        "reasons": list(suggestion.reasons),
        "better": suggestion.better,
        "expected_error": suggestion.expected_error,
        "stability": suggestion.stability,
        "disagreement": suggestion.disagreement,
        "refused": suggestion.refused,
    }


def _numbers(values: Iterable[float]) -> list[float | None]:
    """Rounded, and None for what is not a number: JSON has no NaN."""
    return [round(value, 5) if math.isfinite(value) else None for value in values]


def _decision_told(decision: DecisionRecord) -> Json:
    return asdict(decision) | {"decided_at": decision.decided_at.isoformat()}
