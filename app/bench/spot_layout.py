"""A dataset on disk as E2E-Spot lays it out: JSON per split, class.txt, a folder of pictures per clip."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadLabels
from spotting.events import Event, LabelledClip
from spotting.folder import PictureDecoder, numbered_pictures
from spotting.pictures import Converter
from storage.formats.classes import read_classes
from storage.formats.spot import read


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """`Frames` of a clip from its picture files, numbered from 0."""

    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        """Pictures at `indices`; raises `UnreadableVideo` for a file that does not decode whole."""
        decoder, converter = PictureDecoder(), Converter()
        decoded = (decoder.decode(self.paths[index]) for index in indices)
        return np.stack([converter.rgb(frame, frame.width, frame.height) for frame in decoded])


@dataclass(frozen=True, slots=True)
class Layout:
    """The classes of a dataset and the clips of its splits; no clips where there is no such file."""

    classes: tuple[str, ...]
    train: tuple[LabelledClip, ...]
    val: tuple[LabelledClip, ...]
    test: tuple[LabelledClip, ...]


def open_layout(data: Path, frames: Path) -> Layout:
    """The dataset in `data`, with the pictures of clip X in `frames`/X/000000.jpg and so on.

    Raises `BadLabels` for files that are not such a dataset and for a clip whose pictures are not as many as
    its labels say, and `UnreadableVideo` for a gap in them.
    """
    classes = read_classes(data / "class.txt")
    splits = {name: data / f"{name}.json" for name in ("train", "val", "test")}
    for name in ("train", "test"):
        if not splits[name].is_file():
            raise BadLabels(f"{splits[name]}: there is no such file")
    found = {name: _clips(path, frames) if path.is_file() else () for name, path in splits.items()}
    return Layout(classes, **found)


def _clips(path: Path, frames: Path) -> tuple[LabelledClip, ...]:
    return tuple(
        LabelledClip(
            clip.name,
            clip.name,
            tuple(Event(label.label, label.frame) for label in clip.labels),
            _pictures(frames / clip.name, clip.name, path.name, clip.num_frames),
        )
        for clip in read(path).clips
    )


def _pictures(folder: Path, clip: str, file: str, count: int | None) -> PictureFiles:
    if not folder.is_dir():
        raise BadLabels(f"{file}, clip {clip}: its folder of pictures {folder} is missing")
    paths = numbered_pictures(folder, 0)
    if count is not None and len(paths) != count:
        raise BadLabels(f"{file}, clip {clip}: {len(paths)} pictures, but num_frames is {count}")
    return PictureFiles(tuple(paths))
