import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage import jobs
from storage.database import Database
from storage.tables import Job

CLAIM_ALL = """
import sys
from storage import jobs
from storage.database import Database

database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
while True:
    with database.writing() as session:
        job = jobs.claim(session, sys.argv[2])
    if job is None:
        break
    print(job.id, flush=True)
    with database.writing() as session:
        jobs.finish(session, job)
"""


def claimed(session: Session, kind: str = "import") -> jobs.JobRecord:
    jobs.enqueue(session, kind, {})
    job = jobs.claim(session, "w1")
    assert job is not None
    return job


def age(session: Session, job: jobs.JobRecord, seconds: float) -> None:
    """Let the job's last heartbeat be that long ago."""
    old = datetime.now(UTC) - timedelta(seconds=seconds)
    session.execute(sa.update(Job).where(Job.id == job.id).values(heartbeat=old))


def test_jobs_are_claimed_oldest_first(session: Session):
    first = jobs.enqueue(session, "import", {"labels": "a.json"})
    second = jobs.enqueue(session, "import", {})
    job = jobs.claim(session, "w1")
    assert job is not None
    assert (job.id, job.state, job.worker, job.params) == (first, "running", "w1", {"labels": "a.json"})
    following = jobs.claim(session, "w2")
    assert following is not None
    assert following.id == second
    assert jobs.claim(session, "w3") is None


def test_an_import_does_not_wait_behind_a_run(session: Session, add_dataset, suggest):
    run_id = suggest(session, add_dataset(session), {})
    member = jobs.enqueue(session, "member", {"run_id": run_id})
    late = jobs.enqueue(session, "import", {})
    order = [job.id for job in (jobs.claim(session, "w1"), jobs.claim(session, "w1")) if job]
    assert order == [late, member]


def test_a_report_keeps_progress_and_tells_of_a_stop(session: Session):
    job = claimed(session)
    assert not jobs.report(session, job, 3, 40, "epoch 3/40")
    jobs.ask_stop(session, job.id)
    jobs.ask_stop(session, job.id)
    assert jobs.report(session, job, 4, 40, "epoch 4/40")
    seen = jobs.get_job(session, job.id)
    assert (seen.done, seen.total, seen.note) == (4, 40, "epoch 4/40")
    jobs.mark_stopped(session, job)
    assert jobs.get_job(session, job.id).state == "stopped"


def test_a_finished_job_keeps_its_result(session: Session):
    job = claimed(session)
    jobs.report(session, job, 1, 2, "half")
    jobs.finish(session, job, {"dataset_id": 4})
    done = jobs.get_job(session, job.id)
    assert (done.state, done.result, done.done, done.error) == ("done", {"dataset_id": 4}, 2, None)
    assert done.finished_at is not None


def test_a_failed_job_says_why_and_can_be_resumed(session: Session):
    job = claimed(session)
    jobs.fail(session, job, "labels.json: not UTF-8 text")
    assert jobs.get_job(session, job.id).error == "labels.json: not UTF-8 text"
    resumed = jobs.resume(session, job.id)
    assert (resumed.state, resumed.error, resumed.attempt) == ("queued", None, 2)


def test_a_queued_job_stops_at_once(session: Session):
    job_id = jobs.enqueue(session, "member", {})
    assert jobs.ask_stop(session, job_id).state == "stopped"
    assert jobs.claim(session, "w1") is None
    assert jobs.resume(session, job_id).stop_requested_at is None
    assert jobs.claim(session, "w1") is not None


def test_steps_that_the_state_does_not_allow_are_refused(session: Session):
    job = claimed(session)
    with pytest.raises(Conflict, match="only a stopped or failed job can be resumed"):
        jobs.resume(session, job.id)
    jobs.finish(session, job)
    with pytest.raises(Conflict, match="is done: there is nothing to stop"):
        jobs.ask_stop(session, job.id)
    for step in (jobs.finish, jobs.mark_stopped):
        with pytest.raises(Conflict, match="is done"):
            step(session, job)
    with pytest.raises(NotFound, match="there is no job 99"):
        jobs.get_job(session, 99)


def test_only_a_job_with_an_old_heartbeat_is_lost(session: Session):
    job = claimed(session)
    age(session, job, 20)
    assert jobs.requeue_lost(session, older_than=30) == []
    (lost,) = jobs.requeue_lost(session, older_than=10)
    assert (lost.state, lost.attempt, lost.worker) == ("queued", 2, None)


def test_a_job_last_heard_of_before_the_clock_was_set_back_is_lost(session: Session):
    job = claimed(session)
    age(session, job, -3600)
    (lost,) = jobs.requeue_lost(session, older_than=10)
    assert (lost.state, lost.attempt) == ("queued", 2)


def test_a_worker_taken_for_lost_cannot_write_over_its_successor(session: Session):
    job = claimed(session)
    age(session, job, 60)
    jobs.requeue_lost(session, older_than=30)
    with pytest.raises(Conflict, match="is queued"):
        jobs.report(session, job, 1, 2, "")
    successor = jobs.claim(session, "w2")
    assert successor is not None
    with pytest.raises(Conflict, match="not held by attempt 1"):
        jobs.finish(session, job)
    jobs.finish(session, successor)


def test_a_job_that_kills_its_workers_fails_in_the_end(session: Session):
    jobs.enqueue(session, "member", {})
    states = []
    for _ in range(jobs.MAX_LOSSES):
        job = jobs.claim(session, "w1")
        assert job is not None
        age(session, job, 60)
        states += [lost.state for lost in jobs.requeue_lost(session, older_than=30)]
    assert states == ["queued", "queued", "failed"]
    assert "lost 3 times in a row" in (jobs.get_job(session, job.id).error or "")
    assert jobs.resume(session, job.id).state == "queued"


def test_a_lost_job_that_was_to_stop_is_stopped(session: Session):
    job = claimed(session)
    jobs.ask_stop(session, job.id)
    age(session, job, 60)
    assert [lost.state for lost in jobs.requeue_lost(session, older_than=30)] == ["stopped"]


def test_jobs_are_listed_newest_first_and_by_state_and_run(session: Session, add_dataset, suggest):
    run_id = suggest(session, add_dataset(session), {})
    first = jobs.enqueue(session, "import", {})
    member = jobs.enqueue(session, "member", {"run_id": run_id})
    assert [job.id for job in jobs.list_jobs(session)] == [member, first]
    assert [job.id for job in jobs.list_jobs(session, run_id=run_id)] == [member]
    jobs.claim(session, "w1")
    assert [job.id for job in jobs.list_jobs(session, states=("running",))] == [first]


def test_four_processes_claim_every_job_once(database: Database, tmp_path: Path):
    with database.writing() as session:
        expected = [jobs.enqueue(session, "import", {}) for _ in range(60)]
    script = tmp_path / "claim_all.py"
    script.write_text(CLAIM_ALL)
    workers = [
        subprocess.Popen(
            [sys.executable, str(script), database.url.render_as_string(hide_password=False), f"w{i}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    outputs = [worker.communicate("go\n", timeout=60)[0].split() for worker in workers]
    assert sorted(int(line) for output in outputs for line in output) == expected
    with database.reading() as session:
        assert {job.state for job in jobs.list_jobs(session)} == {"done"}


def test_a_killed_workers_job_goes_to_another(database: Database, tmp_path: Path):
    with database.writing() as session:
        job_id = jobs.enqueue(session, "member", {})
    script = tmp_path / "claim.py"
    script.write_text(CLAIM_ALL.replace("print(job.id, flush=True)", "print(job.id, flush=True); input()"))
    worker = subprocess.Popen(
        [sys.executable, str(script), database.url.render_as_string(hide_password=False), "w1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()
    assert [worker.stdout.readline() for _ in range(2)] == ["ready\n", f"{job_id}\n"]
    worker.kill()
    worker.communicate()
    time.sleep(0.05)
    with database.writing() as session:
        jobs.requeue_lost(session, older_than=0.01)
        taken = jobs.claim(session, "w2")
    assert taken is not None
    assert (taken.id, taken.worker, taken.attempt) == (job_id, "w2", 2)
