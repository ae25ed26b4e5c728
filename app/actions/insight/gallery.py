"""The filmstrips of single labels as one picture: the largest, the most typical, the least certain shifts."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Asked, chosen
from app.actions.insight.singles import pick
from app.actions.kept import moves_of
from app.gallery import Row, action_crop, drawing, encode, montage
from app.workspace import Workspace
from spotting.errors import NotFound
from spotting.scaling import resize
from spotting.video import open_frames
from storage import datasets
from storage.moves import Moves
from storage.records import ClipRecord

ROWS = 8
SIDES = (3, 6)
HEIGHT = 112


def gallery(work: Workspace, dataset_id: int, asked: Asked, kind: str) -> bytes:
    """A PNG, JPEG or SVG file of at most eight labels: the action at the tag, some pictures before and after.

    Raises `NotFound` when no label has a suggestion, `UnreadableVideo` without a working copy.
    """
    with work.database.reading() as session:
        part = chosen(moves_of(session, dataset_id, asked.run), asked)
        shown = part.where(pick(part, asked.pick, ROWS))
        clips = {clip: datasets.get_clip(session, clip) for clip in shown.clips_L.tolist()}
    if not len(shown):
        raise NotFound("no label here has a suggestion yet: they come with training")
    side = int(np.clip(np.ceil(np.abs(shown.offsets_L).max()), *SIDES))
    rows = [_row(shown, at, side, clips[int(shown.clips_L[at])]) for at in range(len(shown))]
    return drawing(rows).encode() if kind == "svg" else encode(montage(rows), kind)


def _row(shown: Moves, at: int, side: int, clip: ClipRecord) -> Row:
    tagged = int(shown.tagged_L[at])
    said = (shown.labels_L[at], clip.name, f"frame {tagged}", f"{shown.confidence_L[at]:.0%} sure")
    return Row("   ".join(said), _pictures(clip, tagged, side), float(shown.offsets_L[at]))


def _pictures(clip: ClipRecord, tagged: int, side: int) -> NDArray[np.uint8]:
    """The action at the tag and `side` pictures either way, white outside the clip, uint8 [N, H, H, 3]."""
    wanted = range(tagged - side, tagged + side + 1)
    inside = [frame for frame in wanted if 0 <= frame < clip.num_frames]
    read = action_crop(open_frames(Path(clip.video.folder)).read(inside))
    pictures = np.full((len(wanted), HEIGHT, HEIGHT, 3), 255, dtype=np.uint8)
    pictures[[frame - wanted.start for frame in inside]] = resize(read, HEIGHT, HEIGHT)
    return pictures
