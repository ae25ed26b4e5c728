"""Batches in the background: a thread works them off, tells how far it is, is stopped and goes on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import worker
from app.actions import batches
from app.actions import jobs as job_actions
from app.batching import BatchThread, work_batch
from app.workspace import Workspace
from spotting.errors import Conflict, Stopped
from storage import jobs as stored_jobs
from tests.app.audited import rally_in
from tests.app.conftest import until


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with rally_in(tmp_path / "data") as fresh:
        yield fresh


def test_a_batch_in_the_background_is_stopped_and_goes_on(work: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batches, "CHUNK", 100)
    begun = batches.begin_accept(work, 1, annotator="anna", threshold=0.5)
    job_id = batches.in_background(work, begun)
    assert (batches.in_background(work, begun), batches.job_under_way(work, 1)) == (job_id, job_id)
    with work.database.reading() as session:
        job = stored_jobs.get_job(session, job_id)

    def stops(done: float, total: float, note: str = "") -> None:
        assert (done, total, note) == (100, begun.size, f"batch 1: 100 of {begun.size} labels")
        raise Stopped

    with pytest.raises(Stopped):
        work_batch(work.settings, work.database, job, stops)
    assert batches.list_batches(work, 1)[0]["words"].endswith(f"(interrupted: 100 of {begun.size})")
    worker.work(work.settings, {"other": work_batch}, threading.Event(), until_idle=True)
    assert job_actions.get_job(work, job_id)["state"] == "queued"
    thread = BatchThread(work.settings)
    thread.start()
    until(lambda: job_actions.get_job(work, job_id)["state"] == "done")
    thread.stop()
    assert (batches.list_batches(work, 1)[0]["done"], batches.job_under_way(work, 1)) == (begun.size, None)


def test_a_batch_that_was_taken_back_does_not_go_on(work: Workspace):
    begun = batches.begin_accept(work, 1, annotator="anna", threshold=0.5)
    batches.undo(work, begun.id, annotator="anna")
    with pytest.raises(Conflict, match="batch 1 was taken back as far as it was done"):
        batches.interrupted(work, begun.id)
