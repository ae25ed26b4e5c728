"""A run that ended for want of memory, begun again with a setting that takes less."""

from app.actions.training import queue_run
from app.plan import plan_of, train_config
from app.workspace import Workspace
from spotting.config import TrainConfig
from spotting.errors import Conflict
from spotting.memory import difference, ran_out, smaller
from storage import runs
from storage.records import RunRecord


def smaller_words(work: Workspace, run_id: int) -> str | None:
    """What a run that ran out of memory can be begun again with; None for any other. Raises `NotFound`."""
    with work.database.reading() as session:
        less = _smaller(runs.get_run(session, run_id))
    return less and difference(less)


def start_smaller(work: Workspace, run_id: int) -> int:
    """Queue the run anew with about half the memory a step; the new run's id.

    Raises `NotFound`, and `Conflict` for a run that did not run out of memory or cannot be made smaller, and
    while the dataset has a run in progress.
    """
    with work.database.writing() as session:
        run = runs.get_run(session, run_id)
        less = _smaller(run)
        if less is None:
            raise Conflict(f"run {run_id} did not run out of memory, or cannot be made smaller")
        return queue_run(session, run.dataset_id, less, plan_of(run), run.folds)


def _smaller(run: RunRecord) -> TrainConfig | None:
    return smaller(train_config(run)) if run.state == "failed" and ran_out(run.error) else None
