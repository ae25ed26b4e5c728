"""Choosing the epoch whose models make the suggestions: kept as a row, made anew by a job, undone."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import evidence_files, worker
from app.actions import checkpoints, review, training
from app.actions.jobs import run_log
from app.log import log_file
from app.main import create_app
from app.tasks import TASKS
from app.workspace import Workspace
from spotting.errors import Conflict, NotFound
from spotting.events import Evidence, Match
from storage import jobs
from tests.app.tiny import client_of

EPOCHS, SIDE = 4, 10


def shown(work: Workspace) -> list[dict[str, Any]]:
    return review.queue(work, 1, name="all", annotator="anna", limit=200)["items"]


def look(folder: Path, label_ids: Sequence[int], epoch: int) -> None:
    """The evidence of an epoch peaks where a clip's labels all are: as many frames late as its number."""
    shifts = np.arange(-SIDE, SIDE + 1)
    curve_S = np.exp(-2.0 * (shifts - epoch) ** 2).astype(np.float32)
    found = [Evidence(0, at, curve_S, Match(0, at, float(epoch), 0.9)) for at in range(len(label_ids))]
    folder.mkdir(parents=True, exist_ok=True)
    evidence_files.save(folder, label_ids, found, epoch=epoch, final=epoch == EPOCHS)


@pytest.fixture
def run_id(filled: Workspace) -> int:
    """A run of four epochs, done; both folds looked at each epoch, the first one also at a fifth."""
    run_id = training.start_run(filled, training.RunRequest(dataset_id=1, epochs=EPOCHS, sigma=2.0))
    ids = [item["label_id"] for item in shown(filled)]
    for member, own in enumerate((ids[::2], ids[1::2])):
        for epoch in range(1, EPOCHS + 2 - member):
            look(filled.member_folder(run_id, member), own, epoch)
    with filled.database.writing() as session:
        while (job := jobs.claim(session, "worker")) is not None:
            jobs.finish(session, job)
    return run_id


def work_off(work: Workspace) -> None:
    worker.work(work.settings, TASKS, threading.Event(), until_idle=True)


def test_the_late_epochs_speak_together_until_one_epoch_is_chosen(filled: Workspace, run_id: int) -> None:
    told = checkpoints.told(filled, run_id)
    assert (told["usual"], told["chosen"], told["choices"]) == ([2, 3, 4], None, [])
    assert [(look["epoch"], look["tagged"]) for look in told["looks"]] == [(e, float(e)) for e in range(1, 5)]
    assert all(look["true"] > 0 for look in told["looks"])
    checkpoints.choose(filled, run_id, 1, "anna")
    work_off(filled)
    assert {item["suggestion"]["epoch"] for item in shown(filled)} == {1}
    assert {item["suggestion"]["matched_offset"] for item in shown(filled)} == {1.0}
    checkpoints.choose(filled, run_id, 4, "ben")
    work_off(filled)
    assert {item["suggestion"]["matched_offset"] for item in shown(filled)} == {4.0}
    undone = checkpoints.undo(filled, run_id, "anna")
    work_off(filled)
    assert [(one["epoch"], one["annotator"]) for one in undone["choices"]] == [
        (1, "anna"),
        (4, "ben"),
        (1, "anna"),
    ]
    assert {item["suggestion"]["matched_offset"] for item in shown(filled)} == {1.0}


def test_only_an_epoch_that_every_fold_has_can_be_chosen(filled: Workspace, run_id: int) -> None:
    with pytest.raises(Conflict, match="no evidence of epoch 5 from every fold: there is 1, 2, 3, 4"):
        checkpoints.choose(filled, run_id, 5, "anna")
    with pytest.raises(Conflict, match="nothing was chosen"):
        checkpoints.undo(filled, run_id, "anna")
    assert checkpoints.told(filled, run_id)["choices"] == []


def test_the_routes_choose_and_undo_and_ask_for_one_job(filled: Workspace, run_id: int) -> None:
    client = client_of(create_app(filled))
    route = f"/api/v1/runs/{run_id}/checkpoints"
    first = client.post(route, json={"epoch": 2, "annotator": "anna"}).json()
    again = client.post(f"{route}/undo", json={"annotator": "anna"}).json()
    assert (first["chosen"], again["chosen"], first["job_id"]) == (2, None, again["job_id"])
    assert client.get(route).json()["chosen"] is None
    assert client.get("/api/v1/runs/99/checkpoints").status_code == 404
    assert client.post(route, json={"epoch": 99, "annotator": "anna"}).status_code == 409


def test_the_log_of_a_run_has_its_own_lines_and_their_tracebacks(filled: Workspace, run_id: int) -> None:
    with filled.database.reading() as session:
        own = jobs.list_jobs(session, run_id=run_id)[0].id
    stamp = "2026-01-01 10:00:00,000 INFO app.worker: "
    lines = [f"job {own} (member)", "Traceback", f"job {own}1 (member)", "other", f"run {run_id}, member 1"]
    told = [line if line in ("Traceback", "other") else stamp + line for line in lines]
    log_file(filled.settings.data).write_text("\n".join(["left of an older file", *told]))
    assert run_log(filled, run_id, 10) == [told[0], told[1], told[4]]
    assert run_log(filled, run_id, 1) == [told[4]]
    with pytest.raises(NotFound, match="no run 99"):
        run_log(filled, 99, 10)
