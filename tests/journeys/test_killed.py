"""Any process may be killed at any moment: no decision is lost, no job stuck, and training resumes."""

import os
import signal
from uuid import uuid4

import pytest

from storage import jobs
from storage.database import Database
from tests.app.tiny import ServedApp, TinyFiles, import_tiny, workspace_in


@pytest.fixture
def app(fresh_app: ServedApp, files: TinyFiles) -> ServedApp:
    """The application with the dataset `tiny` (id 1)."""
    with workspace_in(fresh_app.data) as work:
        import_tiny(work, files)
    return fresh_app.start()


def worker_pid(app: ServedApp, job_id: int) -> int:
    """The process that holds a job."""
    database = Database(app.data / "respot.sqlite")
    with database.reading() as session:
        worker = jobs.get_job(session, job_id).worker
    database.close()
    assert worker is not None
    return int(worker.rpartition(":")[2])


def decide(app: ServedApp, label_id: int, frame: int) -> dict[str, object]:
    decision = {
        "key": str(uuid4()),
        "label_id": label_id,
        "verdict": "set",
        "frame": frame,
        "annotator": "anna",
    }
    return app.post("/decisions", **decision)


def test_decisions_survive_a_kill_and_can_be_undone_afterwards(app: ServedApp) -> None:
    for label_id in (1, 2, 3):
        decide(app, label_id, frame=label_id + 20)
    app.kill(signal.SIGKILL)
    app.start()
    assert [app.get(f"/labels/{label_id}")["decision"]["frame"] for label_id in (1, 2, 3)] == [21, 22, 23]
    undone = [app.post("/datasets/1/undo", key=str(uuid4()), annotator="anna")["label_id"] for _ in range(4)]
    assert undone == [3, 2, 1, None]


def test_a_killed_worker_is_replaced_and_training_goes_on(app: ServedApp) -> None:
    run_id = app.post("/runs", dataset_id=1, epochs=12, sigma=2.0)["run_id"]
    job_id = min(job["id"] for job in app.get("/jobs"))
    app.wait(lambda: len(app.get(f"/runs/{run_id}/epochs")["epochs"]) >= 2, within_s=120)
    killed = worker_pid(app, job_id)
    os.kill(killed, signal.SIGKILL)
    app.wait(lambda: app.get(f"/jobs/{job_id}")["attempt"] == 2, within_s=60)
    app.wait(lambda: app.get(f"/runs/{run_id}")["state"] == "done", within_s=240)
    epochs = app.get(f"/runs/{run_id}/epochs")["epochs"]
    assert sorted((epoch["member"], epoch["epoch"]) for epoch in epochs) == [
        (member, epoch) for member in (0, 1) for epoch in range(1, 13)
    ]
    ids = {epoch["epoch"]: epoch["id"] for epoch in epochs if epoch["member"] == 0}
    assert ids[1] < ids[2] < ids[12]
    assert app.get("/labels/1")["suggestion"]["provisional"] is False


def test_the_worker_ends_with_a_killed_server_and_its_job_is_taken_up(app: ServedApp) -> None:
    run_id = app.post("/runs", dataset_id=1, epochs=500)["run_id"]
    job_id = min(job["id"] for job in app.get("/jobs"))
    app.wait(lambda: app.get(f"/jobs/{job_id}")["state"] == "running", within_s=120)
    orphan = worker_pid(app, job_id)
    app.kill(signal.SIGKILL)
    app.wait(lambda: not alive(orphan), within_s=30)
    app.start()
    app.wait(lambda: app.get(f"/jobs/{job_id}")["state"] == "running", within_s=60)
    assert app.post(f"/runs/{run_id}/stop")["state"] in ("running", "stopped")
    app.wait(lambda: app.get(f"/runs/{run_id}")["state"] == "stopped", within_s=30)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
