"""Commands that look for mistakes in labels: in label files alone, and in a dataset for its review."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.serving import Data

if TYPE_CHECKING:
    from spotting.doubts import ClipLabels, Doubt

ENDING = {
    "order": "out of order",
    "duplicate": "written twice",
    "overlap": "labelled differently in two clips",
}


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command()(rules)
    cli.command()(doubts)


def rules(
    labels: Annotated[
        list[Path], typer.Argument(metavar="LABELS.json...", help="Label files, checked as one.")
    ],
    by: Annotated[
        Path | None, typer.Option("--rules", metavar="RULES.toml", help="What labels must keep.")
    ] = None,
) -> None:
    """Check label files without their videos: rules, duplicates, clips that show the same frames."""
    from spotting.overlap import differences, overlaps
    from spotting.rules import Rules, broken, rare_successions, read_rules, successions

    clips = [clip for path in labels for clip in _clips(path)]
    classes = sorted({event.label for clip in clips for event in clip.events})
    stated = Rules() if by is None else read_rules(by.read_text(encoding="utf-8"), classes)
    found = [*broken(stated, clips), *differences(clips)]
    for doubt in found:
        print(f"{doubt.kind:<10} {_where(clips, doubt)}: {doubt.reason}")
    for kind, words in ENDING.items():
        print(f"{sum(doubt.kind == kind for doubt in found):>6} labels {words}")
    print(f"{len(overlaps(clips)):>6} pairs of clips show the same frames")
    if by is None:
        for rare in rare_successions(successions(clips)):
            print(_rare(rare.one, rare.other, rare.count, rare.of))


def _rare(one: str, other: str, count: int, of: int) -> str:
    return f'rare: never = [["{one}", "{other}"]] would find {count} of {of}'


def doubts(
    dataset: Annotated[str, typer.Argument(help="Name or number of the dataset.")],
    by: Annotated[
        Path | None, typer.Option("--rules", metavar="RULES.toml", help="What labels must keep, from now on.")
    ] = None,
    data: Data = None,
) -> None:
    """Check a dataset's labels; what is found waits in review queues of its own."""
    from app import settings
    from app.actions import doubts as actions
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    text = None if by is None else by.read_text(encoding="utf-8")
    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        told = actions.check(work, dataset_id, text)
        rare = actions.rare(work, dataset_id)
    for kind, count in told["open"].items():
        print(f"{count:>6} {kind}")
    for found in rare:
        print(_rare(**found))


def _clips(path: Path) -> list["ClipLabels"]:
    """The clips of a label file, without their pictures."""
    from spotting.doubts import ClipLabels
    from spotting.events import Event
    from storage.formats import spot

    return [
        ClipLabels(
            clip.name, clip.num_frames, tuple(Event(label.label, label.frame) for label in clip.labels)
        )
        for clip in spot.read(path).clips
    ]


def _where(clips: list["ClipLabels"], doubt: "Doubt") -> str:
    clip = clips[doubt.clip]
    if doubt.event is None:
        return clip.name
    event = clip.events[doubt.event]
    return f"{clip.name}, {event.label} at frame {event.frame}"
