"""The index of a video: what one full decode put out, picture by picture, and which file it read."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from spotting.errors import UnreadableVideo
from spotting.pictures import Orientation
from spotting.proxy import ProxyStyle

INDEX_NAME = "index.npz"
PROXY_NAME = "proxy.mp4"
NO_PTS = np.iinfo(np.int64).min
_SCHEMA = 2
_BLOCK = 1 << 24
_ARRAYS = ("pts_N", "crc_N", "key_N")


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one source from another: `stamp` (names, sizes, times) is cheap, `digest` is of content."""

    stamp: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoIndex:
    """What one sequential decode of a video (or folder of numbered pictures) put out.

    `pts_N` int64 in units of `time_base` seconds (`NO_PTS` where the picture carries none), `crc_N` uint32
    of each picture's visible bytes, `key_N` bool. `width` and `height` are of an upright picture in
    square pixels; `fps` is nominal, for display only. `suspect` holds half-open spans of ordinals in
    which the decoder stumbled; `notes` are for a person. `first` is the number on the first file of a
    folder of pictures, else None. `style` is what the proxy was asked to be; without one (a folder of
    pictures that is read as it is) it is None and the proxy's size and bytes are 0.
    """

    source: str
    identity: Identity
    first: int | None
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    stored_width: int
    stored_height: int
    sample_aspect: Fraction
    turn: Orientation
    interlaced: bool
    fps: float
    variable_rate: bool
    time_base: Fraction
    claimed_frames: int | None
    claimed_seconds: float | None
    suspect: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]
    proxy_width: int
    proxy_height: int
    proxy_rate: Fraction
    proxy_bytes: int
    style: ProxyStyle | None
    pts_N: NDArray[np.int64]
    crc_N: NDArray[np.uint32]
    key_N: NDArray[np.bool_]

    @property
    def num_frames(self) -> int:
        """How many pictures there are."""
        return len(self.crc_N)

    @property
    def usable(self) -> int:
        """How many pictures there are before the first damage: the prefix that is safe to label."""
        return min((start for start, _ in self.suspect), default=self.num_frames)

    @property
    def timed(self) -> bool:
        """True when every picture has a time stamp and they rise: then a time stamp names one picture."""
        return bool(np.all(self.pts_N != NO_PTS) and np.all(np.diff(self.pts_N) > 0))

    def same_pictures(self, other: "VideoIndex") -> bool:
        """True when both decodes put out the same pictures in the same order."""
        return self.first_difference(other) is None

    def first_difference(self, other: "VideoIndex") -> int | None:
        """The first ordinal at which the pictures differ or one of the two ends; None when none does."""
        shared = min(self.num_frames, other.num_frames)
        differs = np.flatnonzero(self.crc_N[:shared] != other.crc_N[:shared])
        if len(differs):
            return int(differs[0])
        return None if self.num_frames == other.num_frames else shared

    def save(self, folder: Path) -> None:
        """Write `folder/index.npz`, whole or not at all."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        facts = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _ARRAYS}
        text = json.dumps({"schema": _SCHEMA} | facts, default=_plain)
        partial = folder / f"{INDEX_NAME}.partial"
        with partial.open("wb") as file:
            np.savez(file, facts=np.frombuffer(text.encode(), np.uint8), **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / INDEX_NAME)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `folder/index.npz`; `UnreadableVideo` when there is none or it is of another version."""
        path = folder / INDEX_NAME
        try:
            with np.load(path) as stored:
                arrays = {name: stored[name] for name in _ARRAYS}
                facts = json.loads(stored["facts"].tobytes())
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise UnreadableVideo(
                f"{path}: no index of a video here; import the video again ({error})"
            ) from error
        if facts.pop("schema", None) != _SCHEMA:
            raise UnreadableVideo(f"{path}: the index is of another version; import the video again")
        return cls(**_parsed(facts), **arrays)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    return [getattr(value, item.name) for item in fields(value)]


def _parsed(facts: dict[str, Any]) -> dict[str, Any]:
    for name in ("sample_aspect", "time_base", "proxy_rate"):
        facts[name] = Fraction(facts[name])
    facts["identity"] = Identity(*facts["identity"])
    facts["turn"] = Orientation(*facts["turn"])
    facts["suspect"] = tuple((start, stop) for start, stop in facts["suspect"])
    facts["style"] = ProxyStyle(*facts["style"]) if facts["style"] else None
    facts["notes"] = tuple(facts["notes"])
    return facts


def stamp(paths: list[Path]) -> str:
    """Names, sizes and times of change of the files: equal means unchanged, without reading them."""
    told = hashlib.blake2b(digest_size=16)
    for path in paths:
        state = path.stat()
        told.update(f"{path.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return told.hexdigest()


def digest(paths: list[Path], tick: Callable[[], None] = lambda: None) -> str:
    """BLAKE2b of the content of the files, in order; `tick` is called every 16 MiB."""
    told = hashlib.blake2b(digest_size=16)
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                told.update(block)
                tick()
    return told.hexdigest()
