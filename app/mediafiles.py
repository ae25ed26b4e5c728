"""Finds the medium of every clip below a folder: a video file or a folder of numbered pictures."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from spotting.errors import BadLabels

VIDEOS = frozenset(
    {".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts"}
    | {".webm", ".wmv"}
)
_HALF = re.compile(r"/[12]$")
_SIZE = re.compile(r"(?<=\b[12])_([0-9]{3,4})p$")
_NUMBER = re.compile(r"[0-9]+$")
PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class Medium:
    """A video file or a folder of numbered pictures; `name` is its path below the media, unsuffixed."""

    path: Path
    kind: Literal["file", "folder"]
    name: str

    def key(self) -> str:
        """16 hex digits of its path: what lies there stays one video, whatever becomes of the file."""
        return hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:16]

    def begins_at_zero(self) -> bool:
        """True for a folder of pictures whose lowest number is 0."""
        numbers = (
            _NUMBER.search(file.stem) for file in self.path.iterdir() if _is_numbered_picture(file.name)
        )
        return min((int(found.group()) for found in numbers if found), default=None) == 0


class MediaFolder:
    """All media below a folder, found once, asked by clip name.

    A name means the same path below the folder, else the same last part anywhere below it; letter case is
    only ignored when nothing matches with it. Halves of games (`<game>/1`) may carry their size, as in
    `1_224p.mkv`, and are found by the game, never by the 1 alone. Raises `BadLabels` if the folder does not
    exist.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise BadLabels(f"{folder}: no such folder of videos")
        self.folder = folder
        self.media = tuple(sorted(_media(folder), key=lambda medium: medium.name))
        self._named: dict[str, list[Medium]] = {}
        for medium in self.media:
            for name in _names(medium):
                self._named.setdefault(name, []).append(medium)

    def find(self, clip: str) -> list[Medium]:
        """What `clip` may mean: one medium if it is found, none if it is missing, several if unclear."""
        asked = _without_suffix(clip)
        if _HALF.search(asked):
            return self._half(PurePosixPath(asked).parts)
        last = PurePosixPath(asked).name
        for name in (f"={asked}", asked, last, f"~{asked}", f"~{last}"):
            key = name.lower() if name.startswith("~") else name
            if self._named.get(key):
                return self._named[key]
        return []

    def _half(self, parts: tuple[str, ...]) -> list[Medium]:
        """One half: below the folder of its game, wherever that lies, or this folder is that game's."""
        tails = ["/".join(parts[i:]) for i in range(len(parts) - 1)]
        if parts[-2] == self.folder.resolve().name:
            tails.append(parts[-1])
        return next((self._named[f"={tail}"] for tail in tails if f"={tail}" in self._named), [])


def meant(candidates: Sequence[Medium]) -> Medium | None:
    """The one medium that they are: of a half of a game in several sizes the smallest. None: it is unclear.

    Working copies are no higher than the smallest usual size, and it is read many times as fast.
    """
    if len(candidates) == 1:
        return candidates[0]
    sized = [(int(found[1]), medium) for medium in candidates if (found := _SIZE.search(medium.name))]
    halves = {_SIZE.sub("", medium.name) for medium in candidates}
    if len(halves) != 1 or len(sized) < len(candidates):
        return None
    return min(sized, key=lambda one: one[0])[1]


def _names(medium: Medium) -> Iterable[str]:
    """`=` marks the whole path, `~` names without letter case."""
    last = PurePosixPath(medium.name).name
    sized = (f"={_SIZE.sub('', medium.name)}",) if _SIZE.search(medium.name) else ()
    return dict.fromkeys(
        (f"={medium.name}", medium.name, last, f"~{medium.name.lower()}", f"~{last.lower()}", *sized)
    )


def _without_suffix(clip: str) -> str:
    name = clip.replace("\\", "/").strip("/")
    return name[: -len(Path(name).suffix)] if Path(name).suffix.lower() in VIDEOS else name


def _media(folder: Path) -> Iterator[Medium]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(parent)
        if here != folder and any(_is_numbered_picture(name) for name in files):
            yield Medium(here, "folder", here.relative_to(folder).as_posix())
        for name in files:
            if Path(name).suffix.lower() in VIDEOS and not name.startswith("."):
                file = here / name
                yield Medium(file, "file", file.relative_to(folder).with_suffix("").as_posix())


def _is_numbered_picture(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() in PICTURES and _NUMBER.search(path.stem) is not None
