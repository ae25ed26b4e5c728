"""Checks an index again: same pictures in the source, the proxy whole, random reads as sequential ones."""

import zlib
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import numpy as np

from spotting.decode import VideoFile
from spotting.errors import UnreadableVideo
from spotting.folder import PictureFolder
from spotting.frames import StoredFrames
from spotting.index import VideoIndex
from spotting.pictures import fingerprint
from spotting.progress import Progress, silent
from spotting.video import open_frames, open_source

_CHUNK = 64


def verify(folder: Path, source: Path, *, samples: int = 32, progress: Progress = silent) -> tuple[str, ...]:
    """What is wrong with the index and proxy in `folder` of `source`, in words; empty when nothing is.

    Decodes source and proxy whole once, and reads `samples` pictures of each at random.
    """
    try:
        index = VideoIndex.load(folder)
        return (
            *_changed(source, index, progress),
            *_faulty_copy(folder, index, source.name, samples),
            *_unreadable(open_source(source, index), samples),
        )
    except UnreadableVideo as error:
        return (str(error),)


def _changed(source: Path, index: VideoIndex, progress: Progress) -> Iterator[str]:
    """Decode the source in sequence and compare every fingerprint."""
    expected = index.crc_N.tolist()
    differs: list[int] = []
    with PictureFolder(source, index.first) if source.is_dir() else VideoFile(source) as footage:
        found = (fingerprint(frame) for frame in footage.pictures())
        for ordinal, (then, now) in enumerate(zip_longest(expected, found)):
            progress(ordinal, max(len(expected), ordinal + 1), f"{source.name}: frame {ordinal}")
            if then != now:
                differs.append(ordinal)
    if differs:
        yield f"{source.name}: {len(differs)} pictures are not as at import, the first is frame {differs[0]}"


def _faulty_copy(folder: Path, index: VideoIndex, name: str, samples: int) -> Iterator[str]:
    """Read the proxy, if there is one, in sequence, then some pictures at random."""
    if index.style is None:
        return
    frames = open_frames(folder)
    in_sequence = [
        zlib.crc32(picture.data)
        for start in range(0, len(frames), _CHUNK)
        for picture in frames.read(range(start, min(start + _CHUNK, len(frames))))
    ]
    wrong = [
        k for k in _sample(len(frames), samples) if zlib.crc32(frames.read([k])[0].data) != in_sequence[k]
    ]
    if wrong:
        yield f"{name}: the working copy's frame {wrong[0]} is another picture at random than in sequence"


def _unreadable(frames: StoredFrames, samples: int) -> Iterator[str]:
    """Pictures of the source that a random read cannot prove."""
    for ordinal in _sample(len(frames), samples):
        try:
            frames.read([ordinal])
        except UnreadableVideo as error:
            yield str(error)


def _sample(count: int, samples: int) -> list[int]:
    """Both ends and some ordinals between, in shuffled order."""
    drawn = np.random.default_rng(count).permutation(count)[:samples].tolist()
    return [*drawn, count - 1, 0]
