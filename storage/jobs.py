"""The job queue: one table, claimed by one statement, so that a killed worker loses nothing but time.

queued --claim--> running --finish--> done | --fail--> failed | --mark_stopped--> stopped; a heartbeat that is
too old sends running back to queued; resume sends stopped and failed back to queued.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage.records import JobRecord, JobState
from storage.tables import Job, Run

WAITING: tuple[JobState, ...] = ("queued", "running")
"""The states of a job that somebody still waits for."""
MAX_LOSSES = 3
"""A job that took its worker down this often in a row is failed instead of queued again."""


def enqueue(session: Session, kind: str, params: dict[str, Any]) -> int:
    """Add a job and return its id. `params["run_id"]`, where present, ties it to that run."""
    job = Job(
        kind=kind,
        params=params,
        state="queued",
        done=0.0,
        total=0.0,
        note="",
        attempt=1,
        losses=0,
        run_id=params.get("run_id"),
        created_at=datetime.now(UTC),
    )
    session.add(job)
    session.flush()
    return job.id


def enqueue_once(
    session: Session, kind: str, params: dict[str, Any], states: Sequence[JobState] = ("queued",)
) -> int:
    """The id of a job of the same kind and parameters that is in one of `states`, or else of a new one."""
    known = session.scalars(sa.select(Job).where(Job.kind == kind, Job.state.in_(states)))
    return next((job.id for job in known if job.params == params), None) or enqueue(session, kind, params)


def claim(session: Session, worker: str, kinds: Sequence[str] | None = None) -> JobRecord | None:
    """Take a queued job of one of the `kinds` (None: any) for `worker`, or None. Two never get the same one.

    The oldest goes first, but no short job (an import) waits behind those of a run.
    """
    queued = sa.select(Job.id).where(Job.state == "queued")
    if kinds is not None:
        queued = queued.where(Job.kind.in_(kinds))
    oldest = queued.order_by(Job.run_id.is_not(None), Job.id).limit(1).scalar_subquery()
    now = datetime.now(UTC)
    job = session.scalar(
        sa.update(Job)
        .where(Job.id == oldest, Job.state == "queued")
        .values(state="running", worker=worker, heartbeat=now, started_at=now, finished_at=None, error=None)
        .returning(Job)
    )
    return None if job is None else _record(job)


def report(session: Session, job: JobRecord, done: float, total: float, note: str) -> bool:
    """Say how far the claimed job is and that its worker lives; True: somebody asked it to stop.

    Call at most once a second. Raises `Conflict` when the job is no longer this worker's (it was taken for
    lost): leave at once and save nothing.
    """
    row = _held(session, job)
    row.done, row.total, row.note, row.heartbeat = done, total, note, datetime.now(UTC)
    return row.stop_requested_at is not None


def finish(session: Session, job: JobRecord, result: dict[str, Any] | None = None) -> None:
    """The claimed job is done. Raises `Conflict` as `report` does."""
    row = _held(session, job)
    row.state, row.result, row.done, row.finished_at = "done", result, row.total, datetime.now(UTC)


def fail(session: Session, job: JobRecord, error: str) -> None:
    """The claimed job failed; `error` is for a person. Raises `Conflict` as `report` does."""
    row = _held(session, job)
    row.state, row.error, row.finished_at = "failed", error, datetime.now(UTC)


def mark_stopped(session: Session, job: JobRecord) -> None:
    """The claimed job was left as asked, its state saved. Raises `Conflict` as `report` does."""
    row = _held(session, job)
    row.state, row.finished_at = "stopped", datetime.now(UTC)


def _held(session: Session, job: JobRecord) -> Job:
    row = _row(session, job.id)
    if row.state != "running" or row.attempt != job.attempt:
        raise Conflict(
            f"job {job.id} is {row.state} (attempt {row.attempt}), not held by attempt {job.attempt}"
        )
    return row


def ask_stop(session: Session, job_id: int) -> JobRecord:
    """Stop a queued job now and a running one at its next report; a second call changes nothing.

    Raises `NotFound`, or `Conflict` when the job has ended.
    """
    row = _row(session, job_id)
    now = datetime.now(UTC)
    if row.state == "queued":
        row.state, row.finished_at = "stopped", now
    elif row.state == "running":
        row.stop_requested_at = row.stop_requested_at or now
    elif row.state != "stopped":
        raise Conflict(f"job {job_id} is {row.state}: there is nothing to stop")
    return _record(row)


def resume(session: Session, job_id: int) -> JobRecord:
    """Put a stopped or failed job back in the queue. Raises `NotFound`, or `Conflict` in any other state."""
    row = _row(session, job_id)
    if row.state not in ("stopped", "failed"):
        raise Conflict(f"job {job_id} is {row.state}: only a stopped or failed job can be resumed")
    row.losses = 0
    _requeue(row)
    return _record(row)


def requeue_lost(session: Session, *, older_than: float) -> list[JobRecord]:
    """Take back running jobs not heard of for `older_than` seconds; return them as they are now.

    One last heard of as far in the future is lost too: the clock was set back since.
    Back to queued, or stopped where that was asked, or failed after `MAX_LOSSES` losses in a row.
    """
    now, silent = datetime.now(UTC), timedelta(seconds=older_than)
    away = ~Job.heartbeat.between(now - silent, now + silent)
    lost = session.scalars(sa.select(Job).where(Job.state == "running", away).order_by(Job.id)).all()
    for row in lost:
        _take_back(row)
    return [_record(row) for row in lost]


def _take_back(row: Job) -> None:
    row.losses += 1
    if row.stop_requested_at is not None:
        row.state, row.finished_at = "stopped", datetime.now(UTC)
    elif row.losses >= MAX_LOSSES:
        row.state, row.finished_at = "failed", datetime.now(UTC)
        row.error = (
            f"the worker {row.worker} was lost {row.losses} times in a row on this job (out of memory?)"
        )
    else:
        _requeue(row)


def _requeue(row: Job) -> None:
    row.state, row.attempt = "queued", row.attempt + 1
    row.worker = row.heartbeat = row.stop_requested_at = row.finished_at = row.error = None


def get_job(session: Session, job_id: int) -> JobRecord:
    """One job. Raises `NotFound`."""
    return _record(_row(session, job_id))


def list_jobs(
    session: Session, *, states: Sequence[JobState] = (), run_id: int | None = None, limit: int = 100
) -> list[JobRecord]:
    """Jobs, newest first: of the given states and of one run, where asked."""
    query = sa.select(Job).order_by(Job.id.desc()).limit(limit)
    if states:
        query = query.where(Job.state.in_(states))
    if run_id is not None:
        query = query.where(Job.run_id == run_id)
    return [_record(row) for row in session.scalars(query)]


def training_on(session: Session, dataset_id: int) -> int | None:
    """A job that trains on the dataset or waits to, if there is one."""
    return session.scalar(
        sa.select(Job.id)
        .join(Run, Run.id == Job.run_id)
        .where(Run.dataset_id == dataset_id, Job.state.in_(WAITING))
        .limit(1)
    )


def _row(session: Session, job_id: int) -> Job:
    row = session.get(Job, job_id)
    if row is None:
        raise NotFound(f"there is no job {job_id}")
    return row


def _record(row: Job) -> JobRecord:
    return row.record(JobRecord)
