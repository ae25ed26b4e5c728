"""What an import will take, from the headers of the videos alone, before it starts."""

import math
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from app.importing import ImportRequest, found_media, read_file, wanted_of
from app.indexing import MOST_CHILDREN, Wanted
from app.mediafiles import MediaFolder
from app.workspace import Workspace
from spotting.child import IndexingChild
from spotting.errors import UnreadableVideo
from spotting.estimate import Estimate
from spotting.index import INDEX_NAME
from storage import datasets

SAMPLED = 40
"""Headers read at most; the other videos are taken to be like these."""

PATIENCE_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEstimate:
    """About what an import takes, within a factor of two.

    `known` of the `media` are indexed already and cost nothing. `frames`, `copy_bytes` and `seconds` (of
    waiting) are of the others; `unsaid` of the headers read do not say how long their video is. `free_bytes`
    is the room in the data folder.
    """

    media: int
    known: int
    unsaid: int
    frames: int
    copy_bytes: int
    seconds: float
    free_bytes: int

    def __str__(self) -> str:
        new = self.media - self.known
        told = f"{self.media:,} videos and frame folders, {self.known:,} of them indexed already"
        if not new:
            return f"{told}: nothing to decode."
        minutes = max(1, round(self.seconds / 60))
        taken = f"{_size(self.copy_bytes)} of working copies ({_size(self.free_bytes)} free)"
        told += f"; about {self.frames:,} pictures to decode: {taken}, about {minutes:,} min."
        return told + (" Some videos do not say how long they are." if self.unsaid else "")


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def estimate_import(work: Workspace, request: ImportRequest) -> ImportEstimate:
    """Find the media of the label file, read some headers. Raises `BadLabels` as the import does."""
    media, _ = found_media(read_file(request), MediaFolder(request.media))
    with work.database.reading() as session:
        labelled = datasets.labelled_folders(session)
    wanted = dict.fromkeys(wanted_of(medium, request, work.settings, labelled) for medium in media.values())
    new = [item for item in wanted if not (item.folder / INDEX_NAME).is_file()]
    told = _headers(new)
    share = len(new) / len(told) if told else 0
    at_once = max(1, min(os.cpu_count() or 1, MOST_CHILDREN, len(new)))
    return ImportEstimate(
        media=len(wanted),
        known=len(wanted) - len(new),
        unsaid=sum(guess.num_frames == 0 for guess in told),
        frames=round(share * sum(guess.num_frames for guess in told)),
        copy_bytes=round(share * sum(guess.proxy_bytes for guess in told)),
        seconds=share * sum(guess.seconds for guess in told) / at_once,
        free_bytes=shutil.disk_usage(work.settings.data).free,
    )


def _headers(wanted: Sequence[Wanted]) -> list[Estimate]:
    """What the headers of some promise; those that cannot be read are the import's to refuse."""
    told: list[Estimate] = []
    with IndexingChild(timeout=PATIENCE_S) as child:
        for item in wanted[:: math.ceil(len(wanted) / SAMPLED) or 1]:
            try:
                told.append(child.estimate(item.source, style=item.style, first=item.first))
            except UnreadableVideo:
                continue
    return told
