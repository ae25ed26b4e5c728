"""What a person does with many labels at once: accept the sure ones, move a group, take it back."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from app.actions.audits import preview
from app.actions.refits import refit_when_due
from app.workspace import Workspace
from spotting.errors import Conflict
from spotting.progress import Progress, silent
from storage import batches, datasets, jobs, reviews
from storage.batches import Group
from storage.records import BatchRecord

Json = dict[str, Any]
CHUNK = 1000
"""Labels in one transaction: reviewers save in between."""


def accept(
    work: Workspace,
    dataset_id: int,
    *,
    annotator: str,
    threshold: float | None = None,
    label: str | None = None,
    key: str | None = None,
    progress: Progress = silent,
) -> Json:
    """Accept the sure suggestions as one batch that can be taken back. Takes and raises as `begin_accept`."""
    begun = begin_accept(work, dataset_id, annotator=annotator, threshold=threshold, label=label, key=key)
    return work_off(work, begun, progress)


def begin_accept(
    work: Workspace,
    dataset_id: int,
    *,
    annotator: str,
    threshold: float | None = None,
    label: str | None = None,
    key: str | None = None,
) -> BatchRecord:
    """The batch that accepts the suggestions of `preview`, nothing of it done yet.

    Without a `threshold`, only what the blind audit certifies. Raises `Conflict` where it certifies nothing.
    """
    seen = preview(work, dataset_id, threshold=threshold, label=label)
    if threshold is None and not seen["certified"]:
        raise Conflict(f"{seen['words']}. Audit more, or say from which confidence to accept")
    told = {name: seen[name] for name in ("audited", "right", "certified", "alpha", "delta")}
    with work.database.writing() as session:
        return batches.begin_accept(
            session,
            dataset_id,
            annotator,
            key or str(uuid4()),
            threshold=seen["threshold"],
            group=Group(label=label),
            told=told,
        )


def move(
    work: Workspace,
    dataset_id: int,
    *,
    by: int,
    group: Group,
    annotator: str,
    key: str | None = None,
    progress: Progress = silent,
) -> Json:
    """Move every unsettled label of a class, a source video or an annotator `by` frames later, as one batch.

    Each still waits for its own decision (`storage.batches.begin_move`). Raises `NotFound`, and `BadConfig`
    for no move.
    """
    with work.database.writing() as session:
        begun = batches.begin_move(session, dataset_id, annotator, key or str(uuid4()), by=by, group=group)
    return work_off(work, begun, progress)


def undo(
    work: Workspace, batch_id: int, *, annotator: str, key: str | None = None, progress: Progress = silent
) -> Json:
    """Take a batch back in one step; of an undo, bring back what it took. Raises `NotFound`, `Conflict`."""
    return work_off(work, begin_undo(work, batch_id, annotator=annotator, key=key), progress)


def begin_undo(work: Workspace, batch_id: int, *, annotator: str, key: str | None = None) -> BatchRecord:
    """The batch that takes another one back, nothing of it done yet. Raises `NotFound`, `Conflict`."""
    with work.database.writing() as session:
        return batches.begin_undo(session, batch_id, annotator, key or str(uuid4()))


def go_on(work: Workspace, batch_id: int, progress: Progress = silent) -> Json:
    """Do what is left of a batch that was interrupted. Raises `NotFound`."""
    return work_off(work, interrupted(work, batch_id), progress)


def interrupted(work: Workspace, batch_id: int) -> BatchRecord:
    """A batch that is to go on. Raises `NotFound`, and `Conflict` if it was taken back meanwhile."""
    with work.database.reading() as session:
        batch = batches.get_batch(session, batch_id)
    if batch.undone and batch.finished_at is None:
        raise Conflict(f"batch {batch_id} was taken back as far as it was done: it does not go on")
    return batch


def in_background(work: Workspace, batch: BatchRecord) -> int:
    """The job that works off a batch, queued now unless there is one already."""
    with work.database.writing() as session:
        return jobs.enqueue_once(session, "batch", {"batch": batch.id}, jobs.WAITING)


def job_under_way(work: Workspace, dataset_id: int) -> int | None:
    """The job that works off a batch of the dataset, if there is one."""
    with work.database.reading() as session:
        ids = {batch.id for batch in batches.list_batches(session, dataset_id)}
        active = jobs.list_jobs(session, states=jobs.WAITING)
    return next((job.id for job in active if job.params.get("batch") in ids), None)


def work_off(work: Workspace, begun: BatchRecord, progress: Progress) -> Json:
    """Make the batch's decisions piece by piece; labels that people settle meanwhile are left alone."""
    with work.database.reading() as session:
        ids = batches.remaining(session, begun.id)
        before = reviews.progress(session, begun.dataset_id).decided
    for at in range(0, len(ids), CHUNK):
        with work.database.writing() as session:
            batches.append(session, begun.id, ids[at : at + CHUNK])
        done = begun.done + min(at + CHUNK, len(ids))
        progress(
            done, begun.done + len(ids), f"batch {begun.id}: {done:,} of {begun.done + len(ids):,} labels"
        )
    with work.database.writing() as session:
        refit_when_due(session, begun.dataset_id, before)
        return told(batches.finish(session, begun.id))


def list_batches(work: Workspace, dataset_id: int) -> list[Json]:
    """The batches of a dataset, newest first. Raises `NotFound`."""
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        return [told(batch) for batch in batches.list_batches(session, dataset_id)]


def told(batch: BatchRecord) -> Json:
    """A batch as JSON values, with `words` for a person."""
    finished_at = batch.finished_at and batch.finished_at.isoformat()
    times = {"created_at": batch.created_at.isoformat(), "finished_at": finished_at}
    return asdict(batch) | times | {"words": _words(batch)}


def _since(batch: BatchRecord) -> str:
    since = batch.params["since"]
    return f", those since {since[:16].replace('T', ' ')} UTC" if since else ""


def _words(batch: BatchRecord) -> str:
    group = batch.params.get("group", {})
    of = f" of {', '.join(map(str, group.values()))}" if group else ""
    what = {
        "accept": lambda: f"accepted from confidence {batch.params['threshold']:.3f}{of}",
        "move": lambda: f"moved by {batch.params['by']:+d} frames{of}",
        "undo": lambda: f"batch {batch.undoes} taken back",
        "revert": lambda: f"of {batch.params['of']} taken back{_since(batch)}",
    }[batch.kind]()
    state = "" if batch.finished_at else f" (interrupted: {batch.done:,} of {batch.size:,})"
    counted = "decisions" if batch.kind == "revert" else "labels"
    return f"{batch.done:,} {counted} {what}{state}{' (undone)' if batch.undone else ''}"
