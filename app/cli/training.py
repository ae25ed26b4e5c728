"""Commands that learn from labels: train a run, make its suggestions again."""

import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.bar import progress_bar
from app.cli.mirror import Mirror, pairs
from app.cli.serving import Data

Dataset = Annotated[str, typer.Argument(help="Name or number of the dataset.")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command()(train)
    cli.command()(suggest)


def train(
    dataset: Dataset,
    preset: Annotated[str, typer.Option(help="small or paper.")] = "small",
    objective: Annotated[str | None, typer.Option(help="dla, time_matching, static or convolved.")] = None,
    head: Annotated[
        str | None, typer.Option(help="What convolved scores with: each frame (frames), or queries.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1)] = None,
    reach: Annotated[
        float | None, typer.Option(help="How far a label may move for a full score gap, frames.")
    ] = None,
    sigma: Annotated[float | None, typer.Option(help="Expected label error, frames; sets the reach.")] = None,
    mirror: Mirror = None,
    start: Annotated[
        Path | None, typer.Option(help="Folder of a spotter, trained on other clips, to start from.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Keep the backbone of --start as it is.")] = False,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Windows per step (else the preset's); fewer need less memory.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    effort: Annotated[
        str, typer.Option(help="quick: 2 folds; standard: 5; thorough: 5 folds, 3 times over.")
    ] = "quick",
    folds: Annotated[int | None, typer.Option(min=2, help="Folds, other than the effort's.")] = None,
    repeats: Annotated[int | None, typer.Option(min=1, help="Repeats, other than the effort's.")] = None,
    hold_out: Annotated[
        str, typer.Option(help="What is held out together: source, video, clip, annotator or name.")
    ] = "source",
    pattern: Annotated[
        str, typer.Option(metavar="REGEX", help="The part of a clip's name that --hold-out name goes by.")
    ] = "",
    next_round: Annotated[
        bool, typer.Option("--round", help="Train again, on the labels as the last run moved them.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Train here now, or leave it to a worker.")
    ] = True,
    data: Data = None,
) -> None:
    """Train on a dataset's labels; suggestions for every label come of it."""
    from app import settings
    from app.actions import rounds, training
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        request = training.RunRequest(
            dataset_id=dataset_id,
            preset=preset,
            objective=objective,
            head=head,
            epochs=epochs,
            reach=reach,
            sigma=sigma,
            mirrored=pairs(mirror),
            start=str(start.resolve()) if start else "",
            frozen=frozen,
            batch=batch,
            seed=seed,
            effort=effort,
            folds=folds,
            repeats=repeats,
            grouping=hold_out,
            pattern=pattern,
        )
        run_id = rounds.start_round(work, dataset_id) if next_round else training.start_run(work, request)
        print(f"run {run_id} is queued: {training.get_run(work, run_id)['held_out']}")
        if wait:
            _work_off(work, run_id)


def _work_off(work: Any, run_id: int) -> None:
    """Be the worker until the queue is empty, showing how far the run is; Ctrl-C leaves it queued."""
    import time

    from app.actions import training
    from app.tasks import TASKS
    from app.worker import work as work_on

    leaving = threading.Event()
    worker = threading.Thread(
        target=work_on, args=(work.settings, TASKS, leaving), kwargs={"until_idle": True}
    )
    worker.start()
    try:
        with progress_bar() as progress:
            while worker.is_alive():
                run = training.get_run(work, run_id)
                done = sum(
                    1.0 if m["state"] == "done" else m["done"] / max(m["total"], 1) for m in run["members"]
                )
                note = next((m["note"] for m in run["members"] if m["state"] == "running"), "")
                progress(done, len(run["members"]), note)
                time.sleep(0.5)
    finally:
        leaving.set()
        worker.join()
    run = training.get_run(work, run_id)
    print(f"run {run_id}: {run['state']}{': ' + run['error'] if run['error'] else ''}")


def suggest(
    dataset: Dataset,
    run: Annotated[int | None, typer.Option(help="Number of the run (else the one that is shown).")] = None,
    data: Data = None,
) -> None:
    """Make a run's suggestions again, with what reviews have shown since."""
    from app import settings
    from app.actions import insight, refits
    from app.actions.datasets import find_dataset
    from app.suggesting import suggest_all
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        chosen = refits.to_suggest(work, dataset_id, run)
        suggested = suggest_all(work, chosen)
        state = "" if suggested.final else " (provisional: the run has not finished)"
        print(f"run {chosen}: {suggested.labels} suggestions{state}", *suggested.notes, sep="\n  ")
        for row in insight.residuals(work, dataset_id):
            figures = [row["tagged"], row["suggested"], row["final"]]
            told = " -> ".join("-" if figure is None else f"{figure:.2f}" for figure in figures)
            print(
                f"{row['class']:<24} {row['labels']:>6} labels, |error| tagged -> suggested -> final: {told}"
            )
