"""A worker does one job after the other, loses none, and leaves when it is told to."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from app import worker
from app.actions import jobs as job_actions
from app.settings import Settings
from app.workspace import Workspace
from spotting.errors import BadLabels, Conflict
from spotting.progress import Progress
from storage import jobs
from storage.database import Database
from storage.records import JobRecord

Task = Callable[[Settings, Database, JobRecord, Progress], dict[str, Any]]


def work_off(work: Workspace, **tasks: Task) -> None:
    worker.work(work.settings, tasks, threading.Event(), until_idle=True)


def queued(work: Workspace, kind: str, **params: object) -> int:
    with work.database.writing() as session:
        return jobs.enqueue(session, kind, params)


def told(work: Workspace, job_id: int) -> dict[str, Any]:
    return job_actions.get_job(work, job_id)


def test_jobs_are_done_in_order_with_their_results(work: Workspace) -> None:
    done: list[int] = []

    def task(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        progress(1, 2, "half")
        done.append(job.params["number"])
        progress(2, 2, "all")
        return {"number": job.params["number"]}

    ids = [queued(work, "count", number=number) for number in range(3)]
    work_off(work, count=task)
    assert done == [0, 1, 2]
    last = told(work, ids[2])
    assert (last["state"], last["result"], last["done"], last["note"]) == ("done", {"number": 2}, 2, "all")


def test_a_job_that_fails_says_why_and_the_next_is_done(work: Workspace) -> None:
    def refuse(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        raise BadLabels("labels.json: rule broken")

    def conflict(
        settings: Settings, database: Database, job: JobRecord, progress: Progress
    ) -> dict[str, Any]:
        raise Conflict("the name is taken")

    def broken(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        return {"share": 1 / 0}

    ids = [queued(work, kind) for kind in ("refuse", "conflict", "broken")]
    work_off(work, refuse=refuse, conflict=conflict, broken=broken)
    states = [told(work, job_id) for job_id in ids]
    assert [state["state"] for state in states] == ["failed"] * 3
    assert states[0]["error"] == "labels.json: rule broken"
    assert states[1]["error"] == "the name is taken"
    assert "ZeroDivisionError" in states[2]["error"]
    assert "respot.log" in states[2]["error"]


def endless(begun: threading.Event) -> Task:
    def task(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        begun.set()
        while True:
            progress(1, 10, "on it")
            time.sleep(0.01)

    return task


@pytest.mark.parametrize(("asked", "state"), [("stop", "stopped"), ("leave", "queued")])
def test_a_stop_is_seen_within_a_second(work: Workspace, asked: str, state: str) -> None:
    begun, leaving = threading.Event(), threading.Event()
    job_id = queued(work, "endless")
    thread = threading.Thread(
        target=worker.work,
        args=(work.settings, {"endless": endless(begun)}, leaving),
        kwargs={"until_idle": True},
    )
    thread.start()
    assert begun.wait(10)
    started = time.monotonic()
    if asked == "stop":
        job_actions.stop_job(work, job_id)
    else:
        leaving.set()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - started < 2
    assert told(work, job_id)["state"] == state


def test_a_silent_step_keeps_the_job(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder may be busy for longer than it takes to be counted as lost: the heartbeat goes on."""
    monkeypatch.setattr(worker, "BEAT_S", 0.05)

    def silent(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        time.sleep(0.6)
        with database.writing() as session:
            assert jobs.requeue_lost(session, older_than=0.5) == []
        return {}

    job_id = queued(work, "silent")
    work_off(work, silent=silent)
    assert told(work, job_id)["state"] == "done"


def test_a_job_taken_for_lost_is_left_alone(work: Workspace) -> None:
    def stolen(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
        if job.attempt == 1:
            with database.writing() as session:
                assert jobs.requeue_lost(session, older_than=-1)
            time.sleep(worker.REPORT_S)
            progress(1, 2, "mine?")
        return {"attempt": job.attempt}

    job_id = queued(work, "stolen")
    work_off(work, stolen=stolen)
    assert told(work, job_id)["result"] == {"attempt": 2}


def test_a_lost_job_is_taken_up_again(work: Workspace) -> None:
    job_id = queued(work, "count")
    with work.database.writing() as session:
        jobs.claim(session, "a worker that was killed")
    with work.database.writing() as session:
        jobs.requeue_lost(session, older_than=-1)
    work_off(work, count=lambda settings, database, job, progress: {"attempt": job.attempt})
    assert told(work, job_id)["result"] == {"attempt": 2}
