"""Commands about videos: what an index says, single pictures as files, checking a dataset's videos again."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.bar import progress_bar
from app.cli.serving import Data

if TYPE_CHECKING:
    from spotting.index import VideoIndex

Video = Annotated[Path, typer.Argument(help="A video file, or a folder of numbered pictures.")]
First = Annotated[int | None, typer.Option(help="Number on the first picture of a folder: 0 or 1.")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command()(probe)
    cli.command()(frames)
    cli.command()(verify)
    cli.command()(relink)


def probe(video: Video, first: First = None, data: Data = None) -> None:
    """Decode a video once, whole, and say how many pictures it has and what to know about them."""
    for name, fact in _facts(_indexed(video, first, data)):
        print(f"{name:<12} {fact}")


def frames(
    video: Video,
    ordinals: Annotated[list[int], typer.Argument(metavar="K...", help="Frames, counted from 0.")],
    out: Annotated[Path, typer.Option(help="Folder to write the pictures to.")],
    first: First = None,
    data: Data = None,
) -> None:
    """Write frames of a video at full size as PNG files named VIDEO_K_pts.png."""
    import cv2

    from spotting.errors import NotFound
    from spotting.index import NO_PTS
    from spotting.video import open_source

    index = _indexed(video, first, data)
    beyond = [ordinal for ordinal in ordinals if not 0 <= ordinal < index.num_frames]
    if beyond:
        raise NotFound(f"{video.name}: there is no frame {beyond[0]} (frames 0 to {index.num_frames - 1})")
    source = open_source(video, index)
    out.mkdir(parents=True, exist_ok=True)
    for ordinal in ordinals:
        picture = source.read([ordinal])[0]
        pts = int(index.pts_N[ordinal])
        stamp = "none" if pts == NO_PTS else pts
        path = out / f"{video.stem}_{ordinal:06d}_pts{stamp}.png"
        path.write_bytes(cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes())
        print(path)


def verify(
    dataset: Annotated[str, typer.Argument(help="Name or number of the dataset.")], data: Data = None
) -> None:
    """Check every video of a dataset again: the same pictures as at import, in sequence and at random."""
    from app import settings
    from app.actions.datasets import find_dataset
    from app.workspace import opened
    from spotting.verify import verify as faults_of
    from storage import datasets

    with opened(settings.load(data=data)) as work:
        dataset_id = find_dataset(work, dataset)["id"]
        with work.database.reading() as session:
            videos = {clip.video.id: clip.video for clip in datasets.clips(session, dataset_id)}
    faulty = 0
    for video in videos.values():
        with progress_bar() as progress:
            faults = faults_of(Path(video.folder), Path(video.path), progress=progress)
        for line in faults or (f"{Path(video.path).name}: {video.num_frames:,} pictures as at import",):
            print(line)
        faulty += bool(faults)
    if faulty:
        raise typer.Exit(1)


def relink(
    dataset: Annotated[str, typer.Argument(help="Name or number of the dataset.")],
    media: Annotated[Path, typer.Argument(help="The folder where its videos are now.")],
    data: Data = None,
) -> None:
    """Find videos that were moved, by their content; labels and decisions stay as they are."""
    from app import settings
    from app.actions.datasets import find_dataset
    from app.relinking import relink as find_moved
    from app.workspace import opened

    with opened(settings.load(data=data)) as work, progress_bar() as progress:
        print(find_moved(work, find_dataset(work, dataset)["id"], media, progress).words())


def _indexed(video: Path, first: int | None, data: Path | None) -> "VideoIndex":
    """The index of a video, from the data folder if it was imported or looked at before."""
    from app import settings
    from app.mediafiles import Medium
    from app.workspace import opened
    from spotting.child import index_in_child
    from spotting.survey import source_files
    from storage import datasets

    source_files(video, first)
    medium = Medium(video, "folder" if video.is_dir() else "file", video.stem)
    with opened(settings.load(data=data)) as work, progress_bar() as progress:
        folder = work.settings.videos / medium.key()
        with work.database.reading() as session:
            labelled = str(folder) in datasets.labelled_folders(session)
        style = work.settings.proxy_style
        return index_in_child(video, folder, style=style, first=first, labelled=labelled, progress=progress)


def _facts(index: "VideoIndex") -> Iterator[tuple[str, str]]:
    yield "pictures", f"{index.num_frames:,}" + _claim(index)
    yield "usable", f"{index.usable:,} before the first damage" if index.suspect else "all"
    yield (
        "size",
        f"{index.width} x {index.height} as shown, {index.stored_width} x {index.stored_height} stored",
    )
    yield "rate", f"{index.fps:.3f} per second, {'variable' if index.variable_rate else 'constant'}"
    yield "time stamps", f"{_stamps(index)} in units of {index.time_base} s"
    yield "key frames", f"{int(index.key_N.sum()):,}"
    yield "format", f"{index.codec} {index.pixel_format} in {index.container}"
    yield "interlaced", "yes" if index.interlaced else "no"
    yield "working copy", f"{index.proxy_width} x {index.proxy_height}, {index.proxy_bytes / 1e6:.1f} MB"
    yield "content", index.identity.digest
    for start, stop in index.suspect:
        yield "suspect", f"frames {start} to {stop - 1}"
    for note in index.notes:
        yield "note", note


def _claim(index: "VideoIndex") -> str:
    claimed = index.claimed_frames
    return f" (the header says {claimed:,})" if claimed not in (None, index.num_frames) else ""


def _stamps(index: "VideoIndex") -> str:
    if not index.timed:
        return "missing or not rising"
    return f"{index.pts_N[0]} to {index.pts_N[-1]}"
