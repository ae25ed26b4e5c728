"""Frame-exact access: picture k is the k-th that one full sequential decode puts out, ever after."""

from dataclasses import replace
from pathlib import Path

from spotting.errors import UnreadableVideo
from spotting.frames import StoredFrames
from spotting.index import INDEX_NAME, PROXY_NAME, Identity, VideoIndex, digest, stamp
from spotting.progress import Progress, silent
from spotting.proxy import ProxyRecipe, ProxyStyle
from spotting.source import SourceRecipe
from spotting.survey import source_files, survey

__all__ = ["ProxyStyle", "VideoIndex", "index_video", "open_frames", "open_source"]

PROXY_PARTIAL = "proxy.partial.mp4"
_USUAL = ProxyStyle()


def index_video(
    source: Path,
    folder: Path,
    *,
    style: ProxyStyle | None = _USUAL,
    first: int | None = None,
    labelled: bool = False,
    progress: Progress = silent,
) -> VideoIndex:
    """Decode `source` once, whole; write `folder/index.npz` and the working copy `folder/proxy.mp4`.

    `source` is a video file, or a folder of pictures numbered from `first` (0 or 1). The working copy is of
    this `style`, never larger than the source; a folder of pictures is read as it is where `style` is None.
    Returns at once when `folder` holds the index of the same pictures. Nothing is left half-written.
    `labelled` says that labels stand on what `folder` holds: then a source whose pictures changed is refused.
    Raises `UnreadableVideo` (file and ordinal in the message) when the pictures cannot be numbered safely.
    """
    source, folder = Path(source), Path(folder)
    known = known_index(source, folder, style, first)
    if known is not None:
        return known
    if style is None and not source.is_dir():
        raise ValueError(f"{source.name}: only a folder of pictures can do without a working copy")
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / PROXY_PARTIAL
    try:
        index = survey(source, first if source.is_dir() else None, partial, style, progress)
        if labelled:
            _refuse_change(source, folder, index)
        if style is not None:
            partial.replace(folder / PROXY_NAME)
        index.save(folder)
    finally:
        partial.unlink(missing_ok=True)
    return index


def open_frames(folder: Path) -> StoredFrames:
    """Random access to the pictures that `folder` is the index of, in the working copy if there is one.

    Cheap: nothing is opened before the first `read`. Raises `UnreadableVideo` when the folder does not hold a
    complete index and working copy.
    """
    folder = Path(folder)
    index = VideoIndex.load(folder)
    if index.style is None:
        return _of_source(Path(index.source), index)
    if not _whole(folder, index):
        raise UnreadableVideo(f"{folder}: the working copy is missing or incomplete; import the video again")
    made_from = f"{index.identity.digest} {index.proxy_bytes}"
    recipe = ProxyRecipe(folder / PROXY_NAME, index.proxy_rate, made_from)
    return StoredFrames(recipe, index.num_frames, index.proxy_width, index.proxy_height, made_from)


def open_source(source: Path, index: VideoIndex) -> StoredFrames:
    """Random access to the source itself at full size, upright; every picture is proved against the index.

    Slower than the working copy by the length of the source's groups of pictures. Raises `UnreadableVideo`
    when the source changed since it was indexed.
    """
    source = Path(source)
    paths = source_files(source, index.first)
    if stamp(paths) != index.identity.stamp and digest(paths) != index.identity.digest:
        raise UnreadableVideo(f"{source.name}: changed since it was indexed; import it again")
    return _of_source(source, index)


def _of_source(source: Path, index: VideoIndex) -> StoredFrames:
    recipe = SourceRecipe(source, index.identity.digest, index)
    return StoredFrames(recipe, index.num_frames, index.width, index.height, index.identity.digest)


def _whole(folder: Path, index: VideoIndex) -> bool:
    proxy = folder / PROXY_NAME
    return index.style is None or (proxy.is_file() and proxy.stat().st_size == index.proxy_bytes)


def _refuse_change(source: Path, folder: Path, index: VideoIndex) -> None:
    """Raise when the index that `folder` holds is of other pictures."""
    if not (folder / INDEX_NAME).is_file():
        return
    labelled = VideoIndex.load(folder)
    if not labelled.same_pictures(index):
        changed = labelled.first_difference(index)
        raise UnreadableVideo(
            f"{source.name}: has labels, but its pictures changed at frame {changed} "
            f"({labelled.num_frames} pictures then, {index.num_frames} now); put it back, "
            "or import the new video from another path"
        )


def known_index(source: Path, folder: Path, style: ProxyStyle | None, first: int | None) -> VideoIndex | None:
    """The index in `folder`, if it is of these very pictures in this style; decodes nothing."""
    try:
        index = VideoIndex.load(folder)
    except UnreadableVideo:
        return None
    if index.first not in (None, first) or index.style != style or not _whole(folder, index):
        return None
    paths = source_files(source, first)
    now = stamp(paths)
    if now == index.identity.stamp:
        return index
    if digest(paths) != index.identity.digest:
        return None
    index = replace(index, identity=Identity(now, index.identity.digest))
    index.save(folder)
    return index
