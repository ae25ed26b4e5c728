"""Runs side by side: what they were told, and where their matches and suggestions ended."""

from typing import Any

import numpy as np

from app.workspace import Workspace
from storage import datasets, runs
from storage.moves import Moves, moves, suggested_runs
from storage.records import EpochRecord, RunRecord

Json = dict[str, Any]


def compare(work: Workspace, dataset_id: int) -> list[Json]:
    """The runs of a dataset, newest first: settings, last epoch, mean |suggested - true| in frames.

    Figures are None where they are not known. Raises `NotFound`.
    """
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        suggested = set(suggested_runs(session, dataset_id))
        return [
            _told(
                run,
                runs.epochs(session, run.id),
                moves(session, dataset_id, run.id) if run.id in suggested else None,
            )
            for run in runs.list_runs(session, dataset_id)
        ]


def _told(run: RunRecord, epochs: list[EpochRecord], part: Moves | None) -> Json:
    last = [epoch for epoch in epochs if epoch.epoch == max(epoch.epoch for epoch in epochs)]
    errors = np.empty(0) if part is None else np.abs(part.suggested_L - part.true_L)
    return {
        "id": run.id,
        "state": run.state,
        "objective": run.config.get("objective", ""),
        "reach": run.config.get("reach"),
        "epochs": run.config.get("epochs"),
        "folds": run.folds,
        "created_at": run.created_at.isoformat(),
        "loss": _mean([epoch.metrics["loss"] for epoch in last]),
        "tagged": _mean([epoch.matched_tagged for epoch in last]),
        "true": _mean([epoch.matched_true for epoch in last]),
        "suggested": _mean(errors[np.isfinite(errors)].tolist()),
    }


def _mean(values: list[float | None] | list[float]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
