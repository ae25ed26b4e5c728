"""Media that were moved: found again by what is in them, never by their name alone."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.mediafiles import MediaFolder, Medium
from app.workspace import Workspace
from spotting.errors import UnreadableVideo
from spotting.index import Identity, VideoIndex, digest, stamp
from spotting.progress import Progress
from spotting.survey import source_files
from storage import datasets
from storage.records import VideoRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """How many media were found again, which are still missing, which have the name but other content."""

    found: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]

    def words(self) -> str:
        """In one line."""
        parts = [f"{self.found} found again"]
        parts += [f"still missing: {', '.join(self.missing)}"] if self.missing else []
        parts += [f"other content under the same name: {', '.join(self.changed)}"] if self.changed else []
        return "; ".join(parts)


def missing(work: Workspace, dataset_id: int) -> list[VideoRecord]:
    """The media of a dataset that are no longer where they were. Raises `NotFound`."""
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        videos = {clip.video.id: clip.video for clip in datasets.clips(session, dataset_id)}
    return [video for video in videos.values() if not Path(video.path).exists()]


def relink(work: Workspace, dataset_id: int, media: Path, progress: Progress) -> Relinked:
    """Look below the folder `media` for all that is missing; what has the same content is taken from there
    now.

    Labels, decisions and working copies stay. Raises `NotFound`, `BadLabels` for a folder that is not there.
    """
    gone = missing(work, dataset_id)
    folder = MediaFolder(media)
    found, lost, changed = 0, [], []
    for at, video in enumerate(gone):
        name = Path(video.path).name
        progress(at, len(gone), f"looking for {name}")
        candidates = [medium for medium in folder.find(name) if medium.kind == video.kind]
        index = VideoIndex.load(Path(video.folder))
        medium = next((medium for medium in candidates if _same(index, medium)), None)
        if medium is not None:
            _move(work, video, index, medium.path)
            found += 1
        else:
            (changed if candidates else lost).append(name)
    return Relinked(found=found, missing=tuple(lost), changed=tuple(changed))


def told(relinked: Relinked) -> dict[str, Any]:
    """As JSON values, with its `words`."""
    return asdict(relinked) | {"words": relinked.words()}


def _same(index: VideoIndex, medium: Medium) -> bool:
    try:
        paths = source_files(medium.path, index.first)
    except UnreadableVideo:
        return False
    return stamp(paths) == index.identity.stamp or digest(paths) == index.identity.digest


def _move(work: Workspace, video: VideoRecord, index: VideoIndex, path: Path) -> None:
    identity = Identity(stamp(source_files(path, index.first)), index.identity.digest)
    with work.database.writing() as session:
        datasets.move_video(session, video.id, str(path))
        replace(index, source=str(path), identity=identity).save(Path(video.folder))
