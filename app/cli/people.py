"""Commands about the people who review: labels for two of them, and taking back what one decided."""

from typing import Annotated

import typer

from app.cli.accepting import Dataset
from app.cli.bar import progress_bar
from app.cli.serving import Data


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (undo, double):
        cli.command()(command)


def undo(
    dataset: Dataset,
    by: Annotated[str | None, typer.Option(help="Whose decisions to take back.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from then on: '2026-11-25 14:30', UTC.")] = None,
    batch: Annotated[int | None, typer.Option(help="A batch to take back instead.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; else only say what would be done.")] = False,
    data: Data = None,
) -> None:
    """Take back what one person decided, or one batch, as rows that can themselves be taken back."""
    from app import settings
    from app.actions import batches, people
    from app.actions.datasets import find_dataset
    from app.workspace import opened
    from spotting.errors import BadConfig

    if (by is None) == (batch is None):
        raise BadConfig("say whose decisions to take back (--by NAME) or which batch (--batch NUMBER)")
    with opened(settings.load(data=data)) as work, progress_bar() as progress:
        dataset_id, who = find_dataset(work, dataset)["id"], work.settings.annotator
        if by is not None:
            print(people.preview_revert(work, dataset_id, by, since)["words"])
        else:
            print(*(one["words"] for one in batches.list_batches(work, dataset_id) if one["id"] == batch))
        if apply and by is not None:
            done = people.revert(work, dataset_id, of=by, since=since, annotator=who, progress=progress)
            print(f"batch {done['id']}: {done['words']}")
        elif apply and batch is not None:
            done = batches.undo(work, batch, annotator=who, progress=progress)
            print(f"batch {done['id']}: {done['words']}")


def double(
    dataset: Dataset,
    share: Annotated[float | None, typer.Option(min=0, max=1, help="Of all labels, for two people.")] = None,
    tolerance: Annotated[int, typer.Option(min=0, help="Frames up to which two people agree.")] = 1,
    data: Data = None,
) -> None:
    """Say how far the double review is and where two people differ, or draw labels for it."""
    from app import settings
    from app.actions import people
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        if share is not None:
            people.plan_double(work, dataset_id, share=share, tolerance=tolerance)
        print(people.double_review(work, dataset_id)["words"])
        for one in people.disagreements(work, dataset_id):
            told = ", ".join(f"{said['annotator']} {said['frame']}" for said in one["opinions"])
            print(f"label {one['label_id']}, {one['clip']}, {one['label']} at {one['frame']}: {told}")
