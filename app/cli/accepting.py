"""Commands about many labels at once: what the audit says, accept the sure ones, move a group, take back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.bar import progress_bar
from app.cli.serving import Data

Dataset = Annotated[str, typer.Argument(help="Name or number of the dataset.")]
OfClass = Annotated[str | None, typer.Option("--class", help="Labels of this class only.")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (audit, accept, move, batches, questions, report):
        cli.command()(command)


def audit(
    dataset: Dataset,
    draw: Annotated[
        int | None, typer.Option(min=1, help="Draw so many more labels, at random, into the audit first.")
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Take what was drawn so, and is undecided, out again.")
    ] = False,
    data: Data = None,
) -> None:
    """Say what the blind audit found, and what it vouches for."""
    from app import settings
    from app.actions import audits, drawing
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        if take_back:
            print(f"{drawing.take_back(work, dataset_id):,} labels are taken out of the blind audit")
        if draw is not None:
            print(f"{drawing.draw(work, dataset_id, draw):,} more labels are drawn into the blind audit")
        told = audits.audit(work, dataset_id)
    print(f"{told['settled']:,} of {told['total']:,} labels of the blind audit are settled")
    _print_preview(told["accept"])
    if (lacking := drawing.words(told["more"])) is not None:
        print(lacking)
    for group in told["groups"]:
        if group["n"]:
            print(_group_line(group))


def _print_preview(seen: dict[str, Any]) -> None:
    print(seen["words"])
    if seen["unverified"]:
        print(seen["unverified"])


def _group_line(group: dict[str, Any]) -> str:
    line = f"{group['name']:<30} n = {group['n']:>5,}"
    if group["low"] is not None:
        line += (
            f"  decided − tagged {group['shift']:+.2f} ({group['low']:+.2f} to {group['high']:+.2f}) frames"
        )
    if group["right"] is not None:
        line += f"  suggestions within ±1: {group['right']:.1%} ({group['lower']:.1%}–{group['upper']:.1%})"
    return line + (f"  no such event: {group['absent']}" if group["absent"] else "")


def accept(
    dataset: Dataset,
    confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Accept from here (else what the audit certifies).")
    ] = None,
    label: OfClass = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; else only say what would be done.")] = False,
    data: Data = None,
) -> None:
    """Accept the sure suggestions as one batch that can be taken back; settled labels stay as they are."""
    from app import settings
    from app.actions import audits, batches
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        _print_preview(audits.preview(work, dataset_id, threshold=confidence, label=label))
        if apply:
            who = work.settings.annotator
            with progress_bar() as progress:
                done = batches.accept(
                    work, dataset_id, annotator=who, threshold=confidence, label=label, progress=progress
                )
            print(f"batch {done['id']}: {done['words']}")


def move(
    dataset: Dataset,
    by: Annotated[int, typer.Option(help="Frames; + is later.")],
    label: OfClass = None,
    source: Annotated[str | None, typer.Option(help="Labels of this source video only.")] = None,
    annotator: Annotated[str | None, typer.Option(help="Labels that this person wrote only.")] = None,
    data: Data = None,
) -> None:
    """Move every unsettled label of a class, a video or an annotator, as one batch that can be taken back."""
    from app import settings
    from app.actions import batches
    from app.actions.datasets import find_dataset
    from app.workspace import opened
    from storage.batches import Group

    with opened(settings.load(data=data)) as work, progress_bar() as progress:
        done = batches.move(
            work,
            find_dataset(work, dataset)["id"],
            by=by,
            group=Group(label=label, source=source, annotator=annotator),
            annotator=work.settings.annotator,
            progress=progress,
        )
    print(f"batch {done['id']}: {done['words']}")


def batches(
    dataset: Dataset,
    undo: Annotated[int | None, typer.Option(help="Number of a batch to take back.")] = None,
    data: Data = None,
) -> None:
    """List the batches of a dataset, newest first, or take one back."""
    from app import settings
    from app.actions import batches as actions
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        if undo is not None:
            actions.undo(work, undo, annotator=work.settings.annotator)
        for batch in actions.list_batches(work, dataset_id):
            print(f"batch {batch['id']}  {batch['created_at'][:16]}  {batch['annotator']}: {batch['words']}")


def questions(
    dataset: Dataset,
    answer: Annotated[
        str | None, typer.Option(help="keep the labels, move them, or open: take the answer back.")
    ] = None,
    of: Annotated[str, typer.Option(help="What the answer is about: class, annotator or video.")] = "class",
    name: Annotated[str, typer.Option(help="Which class, annotator or video.")] = "",
    data: Data = None,
) -> None:
    """Show the questions that settle a whole class, annotator or video, or answer one."""
    from uuid import uuid4

    from app import settings
    from app.actions import questions as actions
    from app.actions.datasets import find_dataset
    from app.asking import REVIEWS
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        if answer is not None:
            who = work.settings.annotator
            actions.answer(work, dataset_id, of=of, name=name, answer=answer, annotator=who, key=str(uuid4()))
        for asked in actions.questions(work, dataset_id):
            print(asked["words"])
            told = f"answered: {asked['answer']}, by {asked['by']}" if asked["answer"] else "open"
            print(f"  {told}", *(f"  {choice}: {words}" for choice, words in asked["choices"]), sep="\n")
            if asked["review"]:
                print(f"  or look at {REVIEWS} of its labels in the app: {asked['review']}")


def report(
    dataset: Dataset,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    data: Data = None,
) -> None:
    """Write one page about a dataset, HTML and Markdown: what changed, agreement, audit, before and after."""
    from app import settings
    from app.actions.datasets import find_dataset
    from app.actions.reporting import gather, write
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        for path in write(gather(work, find_dataset(work, dataset)["id"]), out):
            print(path)
