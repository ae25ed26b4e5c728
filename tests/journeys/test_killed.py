"""Any process may be killed at any moment: no decision is lost, no job stuck, and training resumes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.actions import jobs, review, training
from app.bench import kills
from app.workspace import Workspace
from spotting.progress import silent
from storage import jobs as job_rows
from tests.app.tiny import ServedApp, TinyFiles, import_tiny, workspace_in

WORKER = "from app import tasks, worker; worker.LOST_S = 5.0; worker.main(tasks.TASKS)"


@pytest.fixture
def work(tmp_path: Path, files: TinyFiles) -> Iterator[Workspace]:
    """The dataset `tiny` (id 1) in a workspace of its own."""
    with workspace_in(tmp_path / "data") as own:
        import_tiny(own, files)
        yield own


@pytest.fixture
def start_worker(work: Workspace) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers as the server does, which notice sooner that another is lost; they end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        environment = os.environ | {"RESPOT_DATA": str(work.settings.data)}
        started.append(
            subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, env=environment)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(holds: Callable[[], object], within_s: float = 240) -> None:
    limit = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.05)


def test_a_killed_training_goes_on_where_it_was(
    work: Workspace, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    run_id = training.start_run(work, training.RunRequest(dataset_id=1, epochs=4, sigma=2.0))
    first = start_worker()
    until(lambda: len(training.epochs(work, run_id)) >= 2)
    first.kill()
    first.wait()
    before = {epoch["epoch"]: epoch["id"] for epoch in training.epochs(work, run_id)}
    start_worker()
    until(lambda: training.get_run(work, run_id)["state"] == "done")
    told = training.epochs(work, run_id)
    assert sorted((epoch["member"], epoch["epoch"]) for epoch in told) == [
        (member, epoch) for member in (0, 1) for epoch in range(1, 5)
    ]
    kept = {epoch["epoch"]: epoch["id"] for epoch in told if epoch["member"] == 0}
    assert kept[1] == before[1]
    assert min(job["attempt"] for job in jobs.list_jobs(work)) == 1
    assert max(job["attempt"] for job in jobs.list_jobs(work)) == 2
    assert review.get_item(work, 1)["suggestion"]["provisional"] is False


def test_a_worker_that_is_told_to_leave_puts_its_job_back(
    work: Workspace, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    run_id = training.start_run(work, training.RunRequest(dataset_id=1, epochs=500))
    worker = start_worker()
    until(lambda: training.epochs(work, run_id))
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(30) == 0
    assert {job["state"] for job in jobs.list_jobs(work)} == {"queued"}
    assert (work.member_folder(run_id, 0) / "training.pt").exists()


def test_decisions_and_jobs_survive_a_kill_of_the_server(work: Workspace) -> None:
    app = ServedApp(work.settings.data).start()
    try:
        for label_id in (1, 2, 3):
            decision = {"key": str(uuid4()), "label_id": label_id, "verdict": "set", "frame": label_id + 20}
            app.post("/decisions", **decision, annotator="anna")
        run_id = app.post("/runs", dataset_id=1, epochs=500)["run_id"]
        job_id = min(job["id"] for job in app.get("/jobs"))
        until(lambda: app.get(f"/jobs/{job_id}")["state"] == "running")
        orphan = worker_pid(work, job_id)
        app.kill(signal.SIGKILL)
        until(lambda: not alive(orphan))
        app.start()
        decided = [app.get(f"/labels/{label_id}")["decision"]["frame"] for label_id in (1, 2, 3)]
        assert decided == [21, 22, 23]
        undone = [app.post("/datasets/1/undo", key=str(uuid4()), annotator="anna") for _ in range(4)]
        assert [answer["label_id"] for answer in undone] == [3, 2, 1, None]
        until(lambda: app.get(f"/jobs/{job_id}")["attempt"] == 2)
        app.post(f"/runs/{run_id}/stop")
        until(lambda: app.get(f"/runs/{run_id}")["state"] == "stopped")
    finally:
        app.kill(signal.SIGKILL)


def worker_pid(work: Workspace, job_id: int) -> int:
    """The process that holds a job."""
    with work.database.reading() as session:
        worker = job_rows.get_job(session, job_id).worker
    assert worker is not None
    return int(worker.rpartition(":")[2])


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but is not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_no_kill_of_web_process_or_worker_under_load_loses_a_decision(tmp_path: Path) -> None:
    told = {row.what: row.value for row in kills.measure(tmp_path, 10, silent)}
    assert told["kill -9 of the web process"] == told["kill -9 of the worker"] == 5
    assert told["decisions acknowledged"] > 50
    assert told["of these lost"] == told["contradictions in the database"] == 0
    assert told["of these finished in the end"] == told["imports that were asked for meanwhile"] == 10
