"""What a lead does about the people who review: double review, adjudication, taking back what one decided."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import uuid4

from app.actions import batches, review
from app.workspace import Workspace
from spotting.errors import BadConfig, Conflict
from spotting.progress import Progress, silent
from storage import batches as rows
from storage import double, reverting
from storage.double import Disagreement
from storage.records import NewDecision

Json = dict[str, Any]
Choice = Literal["first", "second", "tag", "frame", "remove"]
"""Whose frame holds: the first person's, the second's, the tag's, another one; or there is no event."""


def double_review(work: Workspace, dataset_id: int) -> Json:
    """How far the double review of a dataset is; `words` says it. Raises `NotFound`."""
    with work.database.reading() as session:
        return _told(double.progress(session, dataset_id))


def plan_double(work: Workspace, dataset_id: int, *, share: float, tolerance: int) -> Json:
    """Draw a share of the labels for two people each; how far it is. Raises `NotFound`, `BadConfig`."""
    with work.database.writing() as session:
        return _told(double.plan(session, dataset_id, share=share, tolerance=tolerance))


def _told(found: double.DoubleReview) -> Json:
    if not found.labels:
        return asdict(found) | {"words": "Every label is settled by one person."}
    words = (
        f"{found.labels:,} labels are for two people: {found.begun:,} wait for the second, {found.twice:,} "
        f"are settled by both, {found.apart:,} of these further apart than ±{found.tolerance} frames."
    )
    return asdict(found) | {"words": words}


def disagreements(work: Workspace, dataset_id: int) -> list[Json]:
    """The labels that wait for an adjudication, with what both people decided. Raises `NotFound`."""
    with work.database.reading() as session:
        return [_disagreement(one) for one in double.disagreements(session, dataset_id)]


def _disagreement(one: Disagreement) -> Json:
    opinions = [asdict(opinion) | {"decided_at": opinion.decided_at.isoformat()} for opinion in one.opinions]
    return asdict(one) | {"opinions": opinions}


def adjudicate(
    work: Workspace,
    label_id: int,
    *,
    choice: Choice,
    annotator: str,
    frame: int | None = None,
    key: str | None = None,
) -> Json:
    """Settle a label that two people set apart; undone like any decision. Raises `NotFound`, `Conflict`.

    `BadConfig` for an unknown choice, `BadLabels` for a frame outside the clip.
    """
    if choice not in get_args(Choice):
        raise BadConfig(f"{choice} is none of {', '.join(get_args(Choice))}")
    key = key or str(uuid4())
    opinions = review.get_item(work, label_id)["opinions"]
    if len(opinions) < 2:
        raise Conflict(f"label {label_id} is not settled by two people, or is adjudicated already")
    chosen: Json = {"tag": {"verdict": "keep"}, "remove": {"verdict": "remove"}}.get(choice) or {
        "verdict": "set",
        "frame": frame,
    }
    if choice in ("first", "second"):
        chosen = _as_decided(opinions[0 if choice == "first" else 1])
    made = NewDecision(key=key, label_id=label_id, annotator=annotator, adjudicates=True, **chosen)
    return review.decide(work, made)


def _as_decided(opinion: Json) -> Json:
    """The same verdict as somebody's, told by the frame alone: no suggestion was looked at."""
    if opinion["verdict"] in ("remove", "relabel"):
        return {name: opinion[name] for name in ("verdict", "frame", "label")}
    return {"verdict": "set", "frame": opinion["frame"]}


def people(work: Workspace, dataset_id: int) -> list[Json]:
    """Who decided in a dataset, how often and when last. Raises `NotFound`."""
    with work.database.reading() as session:
        found = reverting.people(session, dataset_id)
    return [asdict(one) | {"last_at": one.last_at.isoformat()} for one in found]


def preview_revert(work: Workspace, dataset_id: int, of: str, since: str | None = None) -> Json:
    """How much of a person's decisions `revert` would take back; `words` says it. Raises `NotFound`."""
    with work.database.reading() as session:
        found = reverting.preview(session, dataset_id, of, moment(since))
    told = asdict(found) | {
        name: at and at.isoformat() for name, at in (("first_at", found.first_at), ("last_at", found.last_at))
    }
    if not found.first_at or not found.last_at:
        return told | {"words": f"{of} has decided nothing here that still holds."}
    between = f"from {found.first_at:%Y-%m-%d %H:%M} to {found.last_at:%Y-%m-%d %H:%M} UTC"
    words = f"Would take back {found.decisions:,} decisions of {of} about {found.labels:,} labels, {between}."
    return told | {"words": words}


def revert(
    work: Workspace,
    dataset_id: int,
    *,
    of: str,
    annotator: str,
    since: str | None = None,
    key: str | None = None,
    progress: Progress = silent,
) -> Json:
    """Take back what `preview_revert` counts, as one batch that can be taken back. Raises `Conflict` too."""
    key = key or str(uuid4())
    with work.database.writing() as session:
        begun = rows.begin_revert(session, dataset_id, annotator, key, of=of, since=moment(since))
    return batches.work_off(work, begun, progress)


def moment(text: str | None) -> datetime | None:
    """A time as people write it (2026-11-25, 2026-11-25 14:30), UTC where no zone is given; None of nothing.

    Raises `BadConfig`.
    """
    if not text or not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadConfig(f"{text} is no time: write it as 2026-11-25 14:30 (UTC)") from None
