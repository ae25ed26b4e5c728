"""The next round: a run on the labels as the one before it and people moved them."""

from dataclasses import replace

from app.actions.training import queue_run
from app.plan import MAX_ROUNDS, plan_of, train_config
from app.workspace import Workspace
from spotting.errors import Conflict
from spotting.noise import reach_for_sigma
from spotting.rounds import sigma_left
from storage import runs
from storage.moves import suggested_runs
from storage.rounds import error_left


def start_round(work: Workspace, dataset_id: int) -> int:
    """Queue a run like the newest finished one, on the labels as that run and people moved them; its id.

    Each label that a member trains on was moved by models that had not seen it. "convolved" learns from the
    whole posterior of labels that nobody settled, which stands in the noise's place; other objectives learn
    from the moved label, "dla" and "time_matching" with the reach of the error that is left, unless a person
    chose one. Evidence is read around the labels as they came, as far as their error was found to go. Raises
    `Conflict` if there is no finished run, or two rounds were made already.
    """
    with work.database.writing() as session:
        finished = (run for run in runs.list_runs(session, dataset_id) if run.state == "done")
        base = next(finished, None)
        if base is None:
            raise Conflict("a round goes on from a finished run: train one first, and let it finish")
        plan = plan_of(base)
        if plan.round and base.id not in suggested_runs(session, dataset_id):
            raise Conflict(f"run {base.id} did not make the labels likelier: another round is of no use")
        if plan.round >= MAX_ROUNDS:
            raise Conflict(f"run {base.id} is round {plan.round} already: more rounds drift, and do not help")
        left = sigma_left(error_left(session, dataset_id, base.id))
        config = replace(train_config(base), sigma=left)
        if not plan.reach_stated:
            config = replace(config, reach=reach_for_sigma(left))
        next_plan = replace(
            plan,
            round=plan.round + 1,
            base=base.id,
            label_sigma=max(plan.label_sigma, base.found_sigma or 0.0),
        )
        return queue_run(session, dataset_id, config, next_plan, base.folds)
