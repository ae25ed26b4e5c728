"""A folder of numbered pictures: `000000.jpg`, `000001.jpg` … without a gap, read as a video is."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
from av.codec import CodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

from spotting.decode import Damage, Facts
from spotting.errors import UnreadableVideo

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]+)", re.ASCII)
_DECODERS = {b"\xff\xd8": "mjpeg", b"\x89P": "png", b"BM": "bmp", b"RI": "webp", b"II": "tiff", b"MM": "tiff"}
_START_OF_SCAN, _END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"


class PictureFolder:
    """A folder of numbered pictures, decoded in the order of their numbers, which begin at `first`.

    Raises `UnreadableVideo` as `numbered_pictures` does, and for a file that does not decode whole.
    """

    def __init__(self, path: Path, first: int | None) -> None:
        self.path = path
        self.paths = numbered_pictures(path, first)
        self.damage: list[Damage] = []
        head = PictureDecoder().decode(self.paths[0])
        self.facts = Facts(
            container="pictures",
            codec=self.paths[0].suffix[1:].lower(),
            width=head.width,
            height=head.height,
            sample_aspect=Fraction(1),
            time_base=Fraction(1, 25),
            rate=None,
            claimed_frames=len(self.paths),
            claimed_seconds=None,
            notes=(),
        )

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Every picture, in order; `pts` is the ordinal."""
        decoder = PictureDecoder()
        for ordinal, path in enumerate(self.paths):
            frame = decoder.decode(path)
            frame.pts = ordinal
            yield frame

    def close(self) -> None:
        """Nothing is held open between pictures."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class PictureDecoder:
    """Decodes picture files one by one; keeps one decoder per format."""

    def __init__(self) -> None:
        self._decoders: dict[str, CodecContext] = {}

    def decode(self, path: Path) -> av.VideoFrame:
        """Decode one picture file whole; raises `UnreadableVideo` naming it."""
        data = path.read_bytes()
        name = _DECODERS.get(data[:2])
        if name is None:
            raise UnreadableVideo(f"{path.parent.name}: {path.name} is not a picture that can be read")
        if name == "mjpeg" and data.rfind(_END_OF_IMAGE) < data.rfind(_START_OF_SCAN):
            raise UnreadableVideo(f"{path.parent.name}: {path.name} is cut short")
        if name not in self._decoders:
            self._decoders[name] = CodecContext.create(name, "r")
        try:
            return _picture(self._decoders[name], data)
        except (FFmpegError, ValueError) as error:
            raise UnreadableVideo(f"{path.parent.name}: {path.name} cannot be decoded ({error})") from error


def _picture(decoder: CodecContext, data: bytes) -> av.VideoFrame:
    assert isinstance(decoder, VideoCodecContext)
    packet = av.Packet(data)
    packet.is_keyframe = True  # else FFmpeg's PNG decoder adds the picture before
    (picture,) = decoder.decode(packet)
    return picture


def numbered_pictures(folder: Path, first: int | None) -> list[Path]:
    """The picture files of a folder in the order of their numbers, which must run from `first` without a gap.

    Raises `UnreadableVideo` naming the first missing file, a picture without a number, two pictures with one
    number, or a numbering that does not begin where it was said to (`first` None: nobody said).
    """
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and _shown(path))
    if not pictures:
        raise UnreadableVideo(f"{folder.name}: no pictures in this folder")
    by_number = _by_number(folder, pictures)
    found = by_number[min(by_number)].name
    if first is None:
        raise UnreadableVideo(
            f"{folder.name}: pictures begin with {found}; say whether frame 0 is number 0 or 1"
        )
    if min(by_number) != first:
        raise UnreadableVideo(
            f"{folder.name}: numbers were said to begin at {first}, but {found} is the first"
        )
    for number in range(first, max(by_number)):
        if number not in by_number:
            raise UnreadableVideo(f"{folder.name}: {_name_like(found, number)} is missing")
    return [by_number[number] for number in sorted(by_number)]


def _shown(path: Path) -> bool:
    return not path.name.startswith(".") and path.is_file()


def _by_number(folder: Path, pictures: list[Path]) -> dict[int, Path]:
    by_number: dict[int, Path] = {}
    prefixes: set[str] = set()
    for path in pictures:
        match = _NUMBERED.fullmatch(path.stem)
        prefixes.add(match["prefix"] if match else path.stem)
        if match is None or len(prefixes) > 1:
            raise UnreadableVideo(f"{folder.name}: {path.name} is not numbered like the other pictures")
        other = by_number.setdefault(int(match["number"]), path)
        if other != path:
            raise UnreadableVideo(f"{folder.name}: {other.name} and {path.name} have the same number")
    return by_number


def _name_like(name: str, number: int) -> str:
    """`name` with its number replaced, as wide as it was."""
    path = Path(name)
    digits = len(path.stem) - len(path.stem.rstrip("0123456789"))
    return f"{path.stem[:-digits]}{number:0{digits}d}{path.suffix}"
