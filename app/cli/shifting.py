"""The command about labels that are all off by the same frames."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.serving import Data

if TYPE_CHECKING:
    from app.workspace import Workspace


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(shift)


def shift(
    dataset: Annotated[str, typer.Argument(help="Name or number of the dataset.")],
    by: Annotated[
        int | None, typer.Option(min=-2, max=2, help="Frames; + is later, 0 says that the labels are right.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last shift back.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the pictures of six labels to this folder.")] = None,
    seed: Annotated[int, typer.Option(help="Another number draws six other labels.")] = 0,
    data: Data = None,
) -> None:
    """Look at six random labels, and shift all labels of a dataset if they are all early or all late."""
    from app import settings
    from app.actions import shifts
    from app.actions.datasets import find_dataset
    from app.workspace import opened
    from spotting.errors import BadConfig

    if by is not None and undo:
        raise BadConfig("--by and --undo exclude each other")
    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        by_whom = {"annotator": work.settings.annotator, "key": str(uuid.uuid4())}
        if by is not None:
            shifts.shift(work, dataset_id, by, **by_whom)
        if undo:
            shifts.undo(work, dataset_id, **by_whom)
        _say(work, dataset_id, seed)
        if out is not None:
            _write(work, dataset_id, seed, out)


def _say(work: "Workspace", dataset_id: int, seed: int) -> None:
    from app.actions import shifts

    told = shifts.look(work, dataset_id, seed=seed)
    checked = told["checked"]
    who = f"set by {checked['annotator']}" if checked else "nobody has checked these labels"
    print(f"labels are shifted by {told['frames']:+d} frames ({who})")
    for effect in told["effects"]:
        print(f"--by {effect['frames']:+d}: {effect['held']:,} labels would stay at an end of their clip")
    for sample in told["samples"]:
        print(f"{sample['clip']}, {sample['label']} at frame {sample['original_frame']} as imported")


def _write(work: "Workspace", dataset_id: int, seed: int, out: Path) -> None:
    """One JPEG per label, named after its frame as imported and the frames that it shows."""
    from app.actions import shifts

    out.mkdir(parents=True, exist_ok=True)
    for sample, jpeg in shifts.strips(work, dataset_id, seed=seed):
        strip = sample["strip"]
        name = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in sample["clip"])
        last = strip["first"] + strip["count"] - 1
        path = out / f"{name}_frame{sample['original_frame']}_shows{strip['first']}to{last}.jpg"
        path.write_bytes(jpeg)
        print(path)
