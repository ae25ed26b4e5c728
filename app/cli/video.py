"""Commands about one video: what its index says, and single pictures of it as files."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from spotting.index import VideoIndex

Video = Annotated[Path, typer.Argument(help="A video file, or a folder of numbered pictures.")]
First = Annotated[int | None, typer.Option(help="Number on the first picture of a folder: 0 or 1.")]
Data = Annotated[Path | None, typer.Option(help="Data folder (else RESPOT_DATA, else the system's own).")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command()(probe)
    cli.command()(frames)


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

    from spotting.index import NO_PTS
    from spotting.video import open_source

    index = _indexed(video, first, data)
    source = open_source(video, index)
    out.mkdir(parents=True, exist_ok=True)
    for ordinal in ordinals:
        picture = source.read([ordinal])[0]
        pts = int(index.pts_N[ordinal])
        stamp = "none" if pts == NO_PTS else pts
        path = out / f"{video.stem}_{ordinal:06d}_pts{stamp}.png"
        path.write_bytes(cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes())
        print(path)


def _indexed(video: Path, first: int | None, data: Path | None) -> "VideoIndex":
    """The index of a video, from the data folder if it was imported or looked at before."""
    from app import settings
    from app.mediafiles import Medium
    from spotting.child import index_in_child
    from spotting.survey import source_files

    source_files(video, first)
    medium = Medium(video, "folder" if video.is_dir() else "file", video.stem)
    folder = settings.load(data=data).videos / medium.key()
    return index_in_child(video, folder, first=first, progress=_tell)


def _tell(done: float, total: float, note: str = "") -> None:
    """Progress on a terminal, nothing elsewhere."""
    import sys

    if sys.stderr.isatty():
        print(f"\r{100 * done / total if total else 0:3.0f} %  {note:<60}", end="", file=sys.stderr)


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
