"""Full-size pictures from the user's own file, each proved by time stamp and fingerprint."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from spotting.decode import VideoFile
from spotting.errors import UnreadableVideo
from spotting.folder import PictureDecoder, numbered_pictures
from spotting.frames import Reader
from spotting.index import VideoIndex
from spotting.pictures import Converter, fingerprint

_BACK_OFF_SECONDS = (1, 2, 5, 10, 30)
_WORTH_A_SEEK = 8


class SourceReader:
    """One open decoder on a video file that was indexed.

    A seek lands where the container likes, so a picture counts only when its time stamp and fingerprint are
    the ones asked for: seek to the key frame, then to the one before, then ever further back, and as the last
    resort decode from the beginning.
    """

    def __init__(self, path: Path, index: VideoIndex) -> None:
        self._path = path
        self._index = index
        self._converter = Converter()
        self._keys = np.flatnonzero(index.key_N)
        self._timed = index.timed
        self._rewind()

    def picture(self, ordinal: int) -> NDArray[np.uint8]:
        """Picture `ordinal` upright at full size; `UnreadableVideo` when the file no longer gives it."""
        frame = self._onwards(ordinal) or self._sought(ordinal) or self._from_the_start(ordinal)
        if frame is None:
            raise UnreadableVideo(f"{self._path.name}: frame {ordinal} does not decode as it did at import")
        return upright(frame, self._index, self._converter)

    def close(self) -> None:
        """Give back the file and the decoder."""
        self._file.close()

    def _onwards(self, ordinal: int) -> av.VideoFrame | None:
        """Decode on, unless a key frame well ahead makes a seek worth while."""
        key = self._key_before(ordinal)
        if ordinal < self._next or (self._timed and key > self._next + _WORTH_A_SEEK):
            return None
        return self._until(ordinal)

    def _key_before(self, ordinal: int) -> int:
        place = np.searchsorted(self._keys, ordinal, side="right")
        return int(self._keys[place - 1]) if place else 0

    def _sought(self, ordinal: int) -> av.VideoFrame | None:
        if not self._timed:
            return None
        for pts in self._landings(ordinal):
            if self._file.seek(pts):
                self._frames, self._next = self._file.pictures(), 0
                frame = self._until(ordinal)
                if frame is not None:
                    return frame
        return None

    def _from_the_start(self, ordinal: int) -> av.VideoFrame | None:
        self._file.close()
        self._rewind()
        return self._until(ordinal)

    def _rewind(self) -> None:
        self._file = VideoFile(self._path)
        self._frames: Iterator[av.VideoFrame] = self._file.pictures()
        self._next = 0

    def _landings(self, ordinal: int) -> list[int]:
        """Time stamps to seek to, from the nearest to the furthest back."""
        pts_N = self._index.pts_N
        nearest = self._key_before(ordinal)
        before = self._key_before(max(0, nearest - 1))
        second = int(1 / self._index.time_base)
        back = [int(pts_N[nearest]) - seconds * second for seconds in _BACK_OFF_SECONDS]
        return [int(pts_N[nearest]), int(pts_N[before]), *back]

    def _until(self, ordinal: int) -> av.VideoFrame | None:
        """Decode up to picture `ordinal`; None when it was missed or looks otherwise than at import."""
        for frame in self._frames:
            at = self._ordinal_of(frame)
            if at is None:
                continue
            self._next = at + 1
            if at == ordinal and fingerprint(frame) == self._index.crc_N[ordinal]:
                return frame
            if at >= ordinal:
                return None
        return None

    def _ordinal_of(self, frame: av.VideoFrame) -> int | None:
        """By time stamp where that names a picture, else by counting from the start."""
        if not self._timed:
            return self._next
        if frame.pts is None:
            return None
        at = int(np.searchsorted(self._index.pts_N, frame.pts))
        return at if at < len(self._index.pts_N) and self._index.pts_N[at] == frame.pts else None


class FolderReader:
    """Numbered pictures, each proved by its fingerprint."""

    def __init__(self, path: Path, index: VideoIndex) -> None:
        self._paths = numbered_pictures(path, index.first)
        self._index = index
        self._decoder = PictureDecoder()
        self._converter = Converter()

    def picture(self, ordinal: int) -> NDArray[np.uint8]:
        """Picture `ordinal` upright at full size; `UnreadableVideo` when the file is another one by now."""
        path = self._paths[ordinal]
        frame = self._decoder.decode(path)
        if fingerprint(frame) != self._index.crc_N[ordinal]:
            raise UnreadableVideo(f"{path.parent.name}: {path.name} is not the picture that it was at import")
        return upright(frame, self._index, self._converter)

    def close(self) -> None:
        """Nothing is held open between pictures."""


@dataclass(frozen=True, slots=True)
class SourceRecipe:
    """Which source, by path and content, and the index that proves its pictures."""

    path: Path
    digest: str
    index: VideoIndex = field(compare=False)

    def open(self) -> Reader:
        """Open a decoder on it."""
        return (FolderReader if self.path.is_dir() else SourceReader)(self.path, self.index)


def upright(frame: av.VideoFrame, index: VideoIndex, converter: Converter) -> NDArray[np.uint8]:
    """A decoded frame as it is to be seen: uint8 RGB [index.height, index.width, 3]."""
    size = (index.height, index.width) if index.turn.transposed else (index.width, index.height)
    return index.turn.apply(converter.rgb(frame, *size))
