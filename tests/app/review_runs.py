"""The routes of runs that the review's test server has: folds in the middle of their training."""

from typing import Any

from fastapi import FastAPI, HTTPException

from tests.app.review_shelf import Shelf


def add_runs(app: FastAPI, shelf: Shelf) -> None:
    """Add them."""
    _checkpoints(app, shelf)
    _smaller(app, shelf)

    @app.get("/api/v1/runs/{run_id}")
    def run(run_id: int) -> dict[str, Any]:
        members = [member(shelf, number) for number in range(2)]
        told = {
            "id": run_id,
            "dataset_id": 1,
            "state": shelf.run_state,
            "error": "out of memory" if shelf.run_state == "failed" else None,
            "config": {"epochs": 30},
        }
        return told | {"share": 0.105, "seconds_left": 184.0, "members": members, "expected": 1.58}

    @app.get("/api/v1/datasets/{dataset_id}/runs/compared")
    def compared(dataset_id: int) -> list[dict[str, Any]]:
        settings = {"objective": "dla", "epochs": 30, "folds": 2, "created_at": "2025-01-01T10:00:00+00:00"}
        figures = {"loss": 0.97, "tagged": 1.01, "true": 1.1, "suggested": None}
        states = {3: shelf.run_state, 2: "done"}
        return [
            {"id": run_id, "state": state, "reach": 8.0 * run_id} | settings | figures
            for run_id, state in states.items()
        ]

    @app.delete("/api/v1/runs/{run_id}")
    def delete(run_id: int) -> dict[str, int]:
        raise HTTPException(409, f"12 decisions were made with suggestions of run {run_id}")

    @app.get("/api/v1/runs/{run_id}/log")
    def log(run_id: int) -> dict[str, list[str]]:
        return {"lines": ["job 2 (member), attempt 1", f"run {run_id}, member 0: epoch 1, loss 0.97"]}

    @app.get("/api/v1/runs/{run_id}/epochs")
    def epochs(run_id: int, after: int = 0) -> dict[str, Any]:
        return {"epochs": [epoch(number) for number in range(after + 1, shelf.epochs + 1)]}

    @app.post("/api/v1/runs/{run_id}/{order}")
    def command(run_id: int, order: str) -> dict[str, Any]:
        shelf.run_state = "stopped" if order == "stop" else "running"
        return run(run_id)


def _smaller(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/runs/{run_id}/smaller")
    def smaller(run_id: int) -> dict[str, str | None]:
        told = "batch 4, which takes about half the memory"
        return {"words": told if shelf.run_state == "failed" else None}

    @app.post("/api/v1/runs/{run_id}/smaller")
    def start_smaller(run_id: int) -> dict[str, int]:
        shelf.run_state = "running"
        return {"run_id": run_id + 1}


def _checkpoints(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/runs/{run_id}/checkpoints")
    def checkpoints(run_id: int) -> dict[str, Any]:
        made = [
            {"epoch": epoch, "annotator": "anna", "created_at": "2025-01-01T10:00:00+00:00"}
            for epoch in reversed(shelf.epoch_choices)
        ]
        looks = [{"epoch": epoch, "tagged": 1.2 - epoch / 50, "true": None} for epoch in (5, 10, 15)]
        chosen = shelf.epoch_choices[-1] if shelf.epoch_choices else None
        return {"usual": [13, 14, 15], "chosen": chosen, "looks": looks, "choices": made, "job_id": 7}

    @app.post("/api/v1/runs/{run_id}/checkpoints")
    def choose(run_id: int, body: dict[str, Any]) -> dict[str, Any]:
        shelf.epoch_choices.append(body["epoch"])
        return checkpoints(run_id)

    @app.post("/api/v1/runs/{run_id}/checkpoints/undo")
    def undo_choice(run_id: int) -> dict[str, Any]:
        shelf.epoch_choices.append((None, *shelf.epoch_choices)[-2])
        return checkpoints(run_id)


def member(shelf: Shelf, number: int) -> dict[str, Any]:
    """A fold in the middle of its training, or waiting for it."""
    state = shelf.run_state if number == 0 or shelf.run_state != "running" else "queued"
    note = "epoch 7/30, step 12/40, 1,130 frames/s" if number == 0 else ""
    told = {
        "member": number,
        "state": state,
        "done": 252.0 if number == 0 else 0.0,
        "total": 1200.0,
        "note": note,
    }
    return told | {"seconds_left": 184.0, "device": "cpu, 2 threads" if number == 0 else None, "error": None}


def epoch(number: int) -> dict[str, Any]:
    """The folds take turns; loss falls, matches leave the tags and near the truth."""
    count = (number + 1) // 2
    loss = 1.9 * 0.86**count + 0.2 + 0.05 * (number % 2)
    near = {"matched_tagged": 1.3 - 1.1 * 0.8**count, "matched_true": 0.8 + 0.8 * 0.85**count}
    return {
        "id": number,
        "member": number % 2,
        "epoch": count,
        "loss": loss,
        "frames_per_second": 1130.4,
    } | near
