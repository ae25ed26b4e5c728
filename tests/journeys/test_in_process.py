"""The five journeys, one after the other, on real files: import, train, suggest, review, export."""

import csv
import io
import json
import threading
from typing import Any
from uuid import uuid4

import numpy as np

from app import worker
from app.actions import datasets, exporting, insight, jobs, review, training
from app.tasks import TASKS
from app.workspace import Workspace
from storage.records import NewDecision
from tests.app.tiny import TinyFiles

EPOCHS = 2


def work_off(work: Workspace) -> None:
    worker.work(work.settings, TASKS, threading.Event(), until_idle=True)


def decide(work: Workspace, item: dict[str, Any], verdict: str, frame: int | None = None) -> dict[str, Any]:
    suggestion = item["suggestion"]
    decision = NewDecision(
        key=str(uuid4()),
        label_id=item["label_id"],
        verdict=verdict,  # pyright: ignore[reportArgumentType]
        annotator="anna",
        frame=frame,
        suggestion_id=suggestion["id"] if suggestion else None,
    )
    return review.decide(work, decision)


def test_import(work: Workspace, files: TinyFiles) -> None:
    job_id = datasets.start_import(work, files.request())
    work_off(work)
    job = jobs.get_job(work, job_id)
    assert (job["state"], job["error"]) == ("done", None)
    assert job["result"]["clips"] == 6
    assert job["result"]["report"] == []
    assert datasets.get_dataset(work, job["result"]["dataset_id"])["has_truth"]


def test_train(work: Workspace) -> None:
    run_id = training.start_run(work, training.RunRequest(dataset_id=1, epochs=EPOCHS, sigma=2.0))
    work_off(work)
    run = training.get_run(work, run_id)
    assert (run["state"], run["error"]) == ("done", None)
    assert [member["device"] for member in run["members"]][0]
    told = training.epochs(work, run_id)
    assert sorted((epoch["member"], epoch["epoch"]) for epoch in told) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert all(np.isfinite(epoch["loss"]) and epoch["matched_true"] is not None for epoch in told)
    matched = insight.figure(work, 1, "matched", insight.Asked(run=run_id))
    assert [row[0] for row in matched["rows"]] == [1, 2]


def test_suggest(work: Workspace) -> None:
    total = datasets.get_dataset(work, 1)["labels"]
    items = review.queue(work, 1, name="all", annotator="anna", limit=100)["items"]
    assert len(items) == total
    for item in items:
        suggestion = item["suggestion"]
        assert suggestion is not None
        assert not suggestion["provisional"]
        assert 0 <= suggestion["frame"] < item["num_frames"]
        assert 0 <= suggestion["confidence"] <= 1
        assert len(suggestion["posterior"]) == len(suggestion["scores"]) == 1 - 2 * suggestion["first_shift"]
        assert abs(sum(suggestion["posterior"]) - 1) < 1e-3
        assert suggestion["reasons"]
    offsets = insight.figure(work, 1, "offsets", insight.Asked())
    assert sum(row[2] for row in offsets["rows"]) == total
    assert insight.residuals(work, 1)[0]["labels"] == total


def test_review(work: Workspace) -> None:
    first, second, third, fourth = review.queue(work, 1, name="likely", annotator="anna", limit=4)["items"]
    decide(work, first, "accept")
    decide(work, second, "set", second["frame"] + (1 if second["frame"] < 60 else -1))
    decide(work, third, "keep")
    assert decide(work, fourth, "skip")["progress"]["decided"] == 3
    undone = review.undo(work, 1, annotator="anna", key=str(uuid4()))
    assert undone["label_id"] == fourth["label_id"]
    assert review.undo(work, 1, annotator="anna", key=str(uuid4()))["label_id"] == third["label_id"]
    assert review.redo(work, 1, annotator="anna", key=str(uuid4()))["item"]["decision"]["verdict"] == "keep"
    upcoming = review.queue(work, 1, name="likely", annotator="anna", limit=1)["items"][0]
    assert upcoming["label_id"] not in {first["label_id"], second["label_id"], third["label_id"]}


def test_export(work: Workspace, files: TinyFiles) -> None:
    given = json.loads(files.labels.read_text())
    corrected = json.loads(exporting.labels(work, 1).text)
    moved = 0
    for before, after in zip(given, corrected, strict=True):
        assert {**after, "events": None} == {**before, "events": None}
        for old, new in zip(before["events"], after["events"], strict=True):
            reviewed = {"frame": new["frame"], "original_frame": old["frame"]}
            assert new == old | reviewed | ({"decision": new["decision"]} if "decision" in new else {})
            moved += new["frame"] != old["frame"]
    rows = list(csv.DictReader(io.StringIO(exporting.audit(work, 1).text)))
    assert len(rows) == sum(len(clip["events"]) for clip in given)
    decided = [row for row in rows if row["decision"]]
    assert sorted(row["decision"] for row in decided) == ["accept", "keep", "set"]
    assert all(row["annotator"] == "anna" and row["decided_at"] and row["run"] == "1" for row in decided)
    assert moved == sum(row["original_frame"] != row["final_frame"] for row in rows) >= 1
