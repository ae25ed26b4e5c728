"""Filmstrips: the pictures around a label, side by side in one JPEG whose address says all that is in it."""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from fastapi import APIRouter, Response
from numpy.typing import NDArray

from app.wire import Int64
from app.workspace import Workspace
from spotting.errors import NotFound, UnreadableVideo
from spotting.scaling import resize
from spotting.video import open_frames
from storage import datasets
from storage.records import ClipRecord

SIDE = 12
HEIGHT = 224
QUALITY = 82
LONGEST = 65  # pictures side by side: a JPEG is at most 65,535 pixels wide
MOST_BYTES = 2 << 30

FOREVER = {"cache-control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures `first` to `first + count - 1` of a clip, each `width` x `height` pixels, left to right."""

    clip_id: int
    first: int
    count: int
    width: int
    height: int
    version: str

    @property
    def name(self) -> str:
        """Its file name, in the address and on disk."""
        return f"{self.first}-{self.count}-{self.height}-{self.version}.jpg"

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "url": f"/media/strips/{self.clip_id}/{self.name}",
            "first": self.first,
            "count": self.count,
            "width": self.width,
            "height": self.height,
        }


def strip_of(clip: ClipRecord, frame: int, side: int = SIDE) -> Strip:
    """The strip of `side` pictures before `frame` to `side` after it, cut at the clip's ends."""
    first = max(0, frame - side)
    return _strip(clip, first, min(clip.num_frames, frame + side + 1) - first, HEIGHT)


def _strip(clip: ClipRecord, first: int, count: int, height: int) -> Strip:
    video = clip.video
    shown = min(height, video.height)
    width = max(1, round(video.width * shown / video.height))
    told = f"{video.identity} {video.num_frames} {width}x{shown} q{QUALITY}"
    return Strip(clip.id, first, count, width, shown, hashlib.sha256(told.encode()).hexdigest()[:12])


def router(work: Workspace) -> APIRouter:
    """The route of the strips."""
    routes = APIRouter()

    @routes.get("/media/strips/{clip_id}/{first}-{count}-{height}-{version}.jpg")
    def strip(clip_id: Int64, first: Int64, count: Int64, height: int, version: str) -> Response:
        with work.database.reading() as session:
            clip = datasets.get_clip(session, clip_id)
        asked = _strip(clip, first, count, height)
        inside = first >= 0 and 0 < count <= LONGEST and first + count <= clip.num_frames
        if not inside or (asked.height, asked.version) != (height, version):
            raise NotFound(f"clip {clip.name} has no such strip (frames {first} to {first + count - 1})")
        return Response(picture(work, clip, asked), media_type="image/jpeg", headers=FOREVER)

    return routes


def picture(work: Workspace, clip: ClipRecord, strip: Strip) -> bytes:
    """The strip as JPEG, from disk if it was made before. Raises `UnreadableVideo` without a working copy."""
    path = _place(work, clip, strip)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        frames_NHWC = open_frames(Path(clip.video.folder)).read(range(strip.first, strip.first + strip.count))
        encoded = encode(resize(frames_NHWC, strip.height, strip.width))
        _keep(path, encoded)
        return encoded


def make_ahead(work: Workspace, wanted: Sequence[tuple[ClipRecord, Strip]]) -> None:
    """Make strips that are not on disk yet, within the cache's bound; one that cannot be made is left out."""
    missing = [(clip, strip) for clip, strip in wanted if not _place(work, clip, strip).exists()]
    for clip, strip in missing:
        with suppress(UnreadableVideo):
            picture(work, clip, strip)
    if missing:
        forget_old(work.settings.strips)


def _place(work: Workspace, clip: ClipRecord, strip: Strip) -> Path:
    return work.settings.strips / str(clip.id) / strip.name


def encode(frames_NHWC: NDArray[np.uint8]) -> bytes:
    """Uint8 RGB pictures [N, H, W, 3] side by side as one JPEG."""
    row_HWC = np.concatenate(list(frames_NHWC), axis=1)
    _, encoded = cv2.imencode(".jpg", row_HWC[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()


def _keep(path: Path, encoded: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    partial.write_bytes(encoded)
    partial.replace(path)


def forget_old(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Delete the oldest strips on disk until they take `most_bytes` at most."""
    kept = sorted(_aged(folder))
    surplus = sum(size for _, size, _ in kept) - most_bytes
    for _, size, file in kept:
        if surplus <= 0:
            return
        file.unlink(missing_ok=True)
        surplus -= size


def _aged(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Time, bytes and path of every strip; one that another thread deletes meanwhile is left out."""
    for file in folder.glob("*/*.jpg"):
        with suppress(FileNotFoundError):
            state = file.stat()
            yield state.st_mtime, state.st_size, file
