"""What a person does with background work: see how far it is, stop it, put it back in the queue."""

import re
from datetime import UTC, datetime
from os import SEEK_END
from typing import Any

from app.log import log_file
from app.workspace import Workspace
from storage import jobs, runs
from storage.records import JobRecord

Json = dict[str, Any]
MOST_LOGGED = 400_000
"""Bytes at the end of the log that are looked at."""
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def list_jobs(work: Workspace, limit: int = 50) -> list[Json]:
    """The newest jobs, newest first."""
    with work.database.reading() as session:
        return [_told(job) for job in jobs.list_jobs(session, limit=limit)]


def get_job(work: Workspace, job_id: int) -> Json:
    """One job. Raises `NotFound`."""
    with work.database.reading() as session:
        return _told(jobs.get_job(session, job_id))


def stop_job(work: Workspace, job_id: int) -> Json:
    """Stop a queued job now, a running one within a second. Raises `NotFound`, `Conflict` if it has ended."""
    with work.database.writing() as session:
        return _told(jobs.ask_stop(session, job_id))


def resume_job(work: Workspace, job_id: int) -> Json:
    """Queue a stopped or failed job again. Raises `NotFound`, or `Conflict` in any other state."""
    with work.database.writing() as session:
        return _told(jobs.resume(session, job_id))


def log_tail(work: Workspace, lines: int) -> list[str]:
    """The last lines of the log of server and workers, oldest first; none before anything was logged."""
    return _logged(work)[-lines:]


def run_log(work: Workspace, run_id: int, lines: int) -> list[str]:
    """The last lines of the log that a run's jobs wrote, tracebacks included. Raises `NotFound`."""
    with work.database.reading() as session:
        runs.get_run(session, run_id)
        own = jobs.list_jobs(session, run_id=run_id)
    named = "|".join([rf"run {run_id}\b", *(rf"job {job.id}\b" for job in own)])
    kept, ours = [], False
    for line in _logged(work):
        if STAMP.match(line):
            ours = re.search(named, line) is not None
        if ours:
            kept.append(line)
    return kept[-lines:]


def _logged(work: Workspace) -> list[str]:
    try:
        with log_file(work.settings.data).open("rb") as file:
            file.seek(max(0, file.seek(0, SEEK_END) - MOST_LOGGED))
            return file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []


def _told(job: JobRecord) -> Json:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "note": job.note,
        "error": job.error,
        "result": job.result,
        "run_id": job.run_id,
        "attempt": job.attempt,
        "stopping": job.stop_requested_at is not None and job.state == "running",
        "seconds_left": seconds_left(job),
        "created_at": job.created_at.isoformat(),
    }


def seconds_left(job: JobRecord) -> float | None:
    """How long a running job will still take if it goes on as since its start; None while that is a guess."""
    if job.state != "running" or job.started_at is None or job.attempt > 1 or job.done <= 0:
        return None
    gone = (datetime.now(UTC) - job.started_at).total_seconds()
    return None if gone < 2 else gone * (job.total - job.done) / job.done
