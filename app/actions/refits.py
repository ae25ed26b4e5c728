"""New fits of the label noise with what reviews have shown since, without training: when and of what."""

from typing import Any

from app.workspace import Workspace
from spotting.errors import NotFound
from storage import datasets, jobs, reviews, runs
from storage.moves import shown_run

REVIEWS_PER_REFIT = 25


def refit_when_due(session: Any, dataset_id: int, before: int) -> None:
    """Queue a new fit of the label noise where the decisions pass a multiple of 25, of which `before` were.

    None while the run that is shown still trains: it heeds them at its next look.
    """
    if before // REVIEWS_PER_REFIT == reviews.progress(session, dataset_id).decided // REVIEWS_PER_REFIT:
        return
    shown = shown_run(session, dataset_id)
    if shown is not None and runs.get_run(session, shown).state not in jobs.WAITING:
        refit(session, dataset_id)


def refit(session: Any, dataset_id: int) -> None:
    """Queue a new fit of the run whose suggestions are shown, if there is one; no training."""
    shown = shown_run(session, dataset_id)
    if shown is not None:
        jobs.enqueue_once(session, "refit", {"run": shown})


def to_suggest(work: Workspace, dataset_id: int, run_id: int | None = None) -> int:
    """The run asked for, else the one whose suggestions are shown, else the newest. Raises `NotFound`."""
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        known = [run.id for run in runs.list_runs(session, dataset_id)]
        if not known or (run_id is not None and run_id not in known):
            asked = "run" if run_id is None else f"run {run_id}"
            raise NotFound(f"dataset {dataset.name} has no {asked}: train one first")
        return run_id or shown_run(session, dataset_id) or known[0]
