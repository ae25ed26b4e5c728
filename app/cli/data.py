"""Commands that bring labels in, take them out, or make some."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.bar import progress_bar
from app.cli.serving import Data
from spotting.errors import BadLabels

Labels = Annotated[Path, typer.Argument(metavar="LABELS.json", help="A label file in Spot JSON.")]
AnyLabels = Annotated[
    Path, typer.Argument(metavar="LABELS", help="A label file, or a folder or zip of them (see formats).")
]
FormatName = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="Its format (else recognised): see formats.")
]
TimeRule = Annotated[
    Literal["frame", "floor", "round"] | None,
    typer.Option(help="How times are read: frame numbers beside them, picture on screen, nearest picture."),
]
Rate = Annotated[
    float | None, typer.Option(min=0.001, max=1000, help="Pictures per second where no file says so.")
]
Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="FIELD=NAME", help="The column that holds a field.")
]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command("import")(import_labels)
    cli.command()(preview)
    cli.command()(export)
    cli.command()(formats)
    cli.command()(sample)
    cli.command("simulate-noise")(simulate_noise)


def import_labels(
    labels: AnyLabels,
    media: Annotated[Path, typer.Option(help="Folder of video files or of frame folders.")],
    name: Annotated[str | None, typer.Option(help="Name of the dataset (else from the file).")] = None,
    class_file: Annotated[
        Path | None, typer.Option(help="One class per line (else class.txt, else the labels').")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="The true frames: a label file with the same events.")
    ] = None,
    source_pattern: Annotated[
        str | None,
        typer.Option(metavar="REGEX", help="The part of a clip's name that names its source video."),
    ] = None,
    first_picture: Annotated[
        int | None, typer.Option(min=0, max=1, help="Number on the first picture of a frame folder.")
    ] = None,
    working_copies: Annotated[
        bool, typer.Option(help="Make working copies of frame folders too; videos always get one.")
    ] = True,
    format: FormatName = None,
    time_rule: TimeRule = None,
    fps: Rate = None,
    column: Columns = None,
    data: Data = None,
) -> None:
    """Import a label file and its videos as a dataset, every frame checked."""
    from app import settings
    from app.actions.datasets import check_import
    from app.estimating import estimate_import
    from app.importing import ImportRequest, import_dataset
    from app.workspace import opened

    request = ImportRequest(
        labels=labels,
        media=media,
        name=name,
        class_file=class_file,
        truth=truth,
        source_pattern=source_pattern,
        first_picture=first_picture,
        working_copies=working_copies,
        format=format,
        time_rule=time_rule,
        fps=fps,
        columns=dict(_named(item) for item in column or ()),
    )
    with opened(settings.load(data=data)) as work:
        check_import(work, request)
        print(estimate_import(work, request))
        with progress_bar() as progress:
            imported = import_dataset(work, request, progress)
    for finding in imported.report:
        print(f"{finding.level:<8} {finding}")
    print(f"dataset {imported.dataset_id} {imported.name}: {imported.clips} clips, {imported.labels} labels")
    if imported.doubted:
        print(f"{imported.doubted} labels wait in review queues: written twice, or differing between clips")


def preview(
    labels: AnyLabels,
    format: FormatName = None,
    time_rule: TimeRule = None,
    fps: Rate = None,
    column: Columns = None,
) -> None:
    """Read a label file without its videos: its format, what it holds, what an import would say of it."""
    from app.actions.previewing import Preview, preview_labels

    columns = dict(_named(item) for item in column or ())
    asked = Preview(labels=labels, format=format, time_rule=time_rule, fps=fps, columns=columns)
    told = preview_labels(asked)
    if told["error"]:
        raise BadLabels(told["error"])
    print(f"{told['title']} (--format {told['format']}): {told['clips']:,} clips, {told['labels']:,} labels")
    if told["needs_rule"]:
        print(f"times: choose --time-rule {' or '.join(told['rules'])} ({told['advice']})")
    for finding in told["findings"]:
        times = f" ({finding['count']:,} times)" if finding["count"] > 1 else ""
        print(f"{finding['level']:<8} clip {finding['clip']}: {finding['message']}{times}")


def _named(item: str) -> tuple[str, str]:
    field, equals, name = item.partition("=")
    if not equals:
        raise typer.BadParameter(f"--column {item}: write FIELD=NAME, such as frame=frame_number")
    return field.strip(), name


def formats() -> None:
    """List the label formats: what each reads, writes, and cannot carry."""
    from app.actions import exporting

    for format in exporting.formats():
        ways = " and ".join(word for word in ("reads", "writes") if format[word])
        rules = ", ".join(format["time_rules"])
        print(f"{format['name']:<14} {format['title']} ({', '.join(format['extensions'])}): {ways}")
        print(f"{'':<14} time rules: {rules or 'none'}")
        print(f"{'':<14} cannot carry: {', '.join(format['cannot_carry']) or 'carries everything'}")


def export(
    dataset: Annotated[str, typer.Argument(help="Name or number of the dataset.")],
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    drop_removed: Annotated[
        bool, typer.Option("--drop-removed", help="Leave labels marked removed out of the label file.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Another format than they came in.")
    ] = None,
    lossy: Annotated[
        bool, typer.Option("--lossy", help="Leave out what the format cannot carry; each loss is listed.")
    ] = False,
    data: Data = None,
) -> None:
    """Write the corrected labels in any format, an audit CSV and the trail of decisions."""
    from app import settings
    from app.actions import exporting
    from app.actions.datasets import find_dataset
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        for loss in exporting.losses(work, dataset_id, format) if lossy else ():
            print(f"left out: {loss}")
        files = [
            exporting.labels(work, dataset_id, format=format, lossy=lossy, drop_removed=drop_removed),
            exporting.audit(work, dataset_id),
            exporting.trail(work, dataset_id),
        ]
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            exporting.write(file, out / file.name)
            print(out / file.name)


def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if it is not there.")],
    clips: Annotated[int, typer.Option(min=2)] = 96,
    frames: Annotated[int, typer.Option(min=32, help="Pictures per clip.")] = 256,
    size: Annotated[int, typer.Option(min=32, help="Height in pixels.")] = 112,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    sigma: Annotated[float, typer.Option(min=0, help="Label noise in frames (sd).")] = 2.0,
) -> None:
    """Render sample clips with exactly known events: videos, noisy labels.json, truth.json, class.txt."""
    from spotting.render import render_dataset

    with progress_bar() as progress:
        render_dataset(
            folder, clips=clips, frames=frames, size=size, seed=seed, sigma=sigma, progress=progress
        )
    print(
        f"respot import {folder / 'labels.json'} --media {folder / 'videos'} --truth {folder / 'truth.json'}"
    )


def simulate_noise(
    labels: Labels,
    sigma: Annotated[float, typer.Option(min=0, help="Noise in frames (sd), Gaussian, rounded.")],
    out: Annotated[Path, typer.Option(help="Where the noisy label file goes.")],
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Move every label by rounded Gaussian noise; the original stays and serves as --truth of the import."""
    from app.simulation import with_noise
    from storage.formats import spot

    if out.resolve() == labels.resolve():
        raise BadLabels(f"{out} is the original, which would be lost: name another --out")
    file = spot.read(labels)
    noisy, moved = with_noise(file, sigma=sigma, seed=seed)
    out.write_text(spot.write(noisy), encoding="utf-8", newline="")
    print(f"{out}: {moved.labels} labels, moved by {moved.mean:.2f} frames on average")
    print(f"respot import {out} --media DIR --truth {labels}")
