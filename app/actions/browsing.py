"""What a person sees of a dataset's clips: a picture of each, its events, and what became of them."""

from dataclasses import asdict
from typing import Any

from app.media import strip_of
from app.workspace import Workspace
from storage.browsing import BrowsedClip, browse

Json = dict[str, Any]


def clips(work: Workspace, dataset_id: int, *, search: str, after: int | None, limit: int) -> Json:
    """{"total", "clips", "next"} of a search, from its start or `after` the `next` of a page.

    Raises `NotFound`.
    """
    with work.database.reading() as session:
        found = browse(session, dataset_id, search=search, after=after, limit=limit)
    told = [_told(browsed) for browsed in found.clips]
    return {"total": found.total, "clips": told, "next": found.next}


def _told(browsed: BrowsedClip) -> Json:
    """A clip with the picture at its first event."""
    clip = browsed.clip
    shown = browsed.labels[0].frame if browsed.labels else clip.num_frames // 2
    return {
        "id": clip.id,
        "name": clip.name,
        "source": clip.source,
        "num_frames": clip.num_frames,
        "fps": clip.fps,
        "thumbnail": strip_of(clip, shown, side=0).told(),
        "labels": [asdict(label) for label in browsed.labels],
    }
