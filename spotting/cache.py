"""Training-size copies of clips on disk: uint8 memory maps, decoded and scaled once."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.config import ModelConfig
from spotting.events import Frames, LabelledClip
from spotting.progress import Progress
from spotting.windows import fit_pictures

LEAVE_BYTES = 2 << 30
_CHUNK = 128


class CachedFrames:
    """`Frames` read from a memory map of uint8 [N, H, W, 3]; opened when first read, in any process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self._pictures())

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        """Pictures at `indices`; raises `IndexError` outside the clip."""
        wanted = np.asarray(indices, np.int64)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise IndexError(f"frames {wanted.min()} to {wanted.max()} of a clip of {len(self)}")
        if wanted.size and wanted[-1] - wanted[0] + 1 == wanted.size and (np.diff(wanted) == 1).all():
            return np.asarray(self._pictures()[wanted[0] : wanted[-1] + 1])
        return self._pictures()[wanted]

    def __getstate__(self) -> Path:
        return self._path

    def __setstate__(self, path: Path) -> None:
        self.__init__(path)

    def _pictures(self) -> NDArray[np.uint8]:
        if self._map is None:
            self._map = np.load(self._path, mmap_mode="r")
        return self._map  # pyright: ignore[reportReturnType]


def cached_clips(
    clips: Sequence[LabelledClip],
    identities: Sequence[str],
    folder: Path,
    model: ModelConfig,
    progress: Progress,
) -> list[LabelledClip]:
    """The same clips with `Frames` of training size from `folder`, which is filled where needed.

    A file is named after its pictures' identity (one per clip, `StoredFrames.identity`) and the size: other
    pictures under an old name are not taken for those that were there. A clip that would leave less than
    `LEAVE_BYTES` of the disk free is given back as it came, to be read where it lies. `progress` is told
    frames; stopping loses at most the clip in hand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    total, done = sum(len(clip.frames) for clip in clips), 0
    cached = []
    for clip, identity in zip(clips, identities, strict=True):
        path = folder / f"{_key(identity, model)}.npy"
        if not path.exists() and not _fits(clip.frames, folder, model):
            cached.append(clip)
            continue
        if not path.exists():
            _write(
                path,
                clip.frames,
                model,
                lambda read, before=done: progress(before + read, total, "preparing frames"),
            )
        done += len(clip.frames)
        cached.append(replace(clip, frames=CachedFrames(path)))
    return cached


def _key(identity: str, model: ModelConfig) -> str:
    return f"{hashlib.sha256(identity.encode()).hexdigest()[:20]}-{model.framing}{model.size}"


def _fits(frames: Frames, folder: Path, model: ModelConfig) -> bool:
    """Whether the disk has room for a clip at training size, taken to be twice as wide as high at most."""
    needed = len(frames) * model.size**2 * 3 * (1 if model.framing == "whole" else 2)
    return shutil.disk_usage(folder).free - needed >= LEAVE_BYTES


def _write(path: Path, frames: Frames, model: ModelConfig, progress) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pictures = None
        for first in range(0, len(frames), _CHUNK):
            last = min(first + _CHUNK, len(frames))
            chunk = fit_pictures(frames.read(range(first, last)), model.size, model.framing)
            if pictures is None:
                shape = (len(frames), *chunk.shape[1:])
                pictures = np.lib.format.open_memmap(beside, mode="w+", dtype=np.uint8, shape=shape)
            pictures[first:last] = chunk
            progress(last)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
