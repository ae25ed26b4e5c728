"""Files that a reader must not trust: damaged ones with a good beginning, and those that must be refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.spotting import surgery
from tests.spotting.media import SIZE, write_film

COUNT = 40
Write = Callable[[Path], None]
_FAST = {"movflags": "faststart"}


def _film(spoil: Callable[[Path], None], **how: Any) -> Write:
    """A film of `COUNT` pictures, spoilt."""

    def write(path: Path) -> None:
        write_film(path, range(COUNT), **how)
        spoil(path)

    return write


def _cut(path: Path) -> None:
    surgery.cut(path, 0.6)


def _flip(path: Path) -> None:
    surgery.flip_bytes(path, 0.4, 0.5, 20)


def _blank(path: Path) -> None:
    surgery.blank(path, 0.4, 0.45)


def _lose_packets(path: Path) -> None:
    """Drop every fiftieth packet of an MPEG transport stream, from its middle on."""
    data = path.read_bytes()
    packets = [data[start : start + 188] for start in range(0, len(data), 188)]
    half = len(packets) // 2
    path.write_bytes(b"".join(packets[:half] + [p for k, p in enumerate(packets[half:]) if k % 50]))


def _blank_all_pictures(path: Path) -> None:
    data = path.read_bytes()
    start, stop = data.index(b"mdat") + 4, data.index(b"moov") - 4
    path.write_bytes(data[:start] + bytes(stop - start) + data[stop:])


def _bytes(content: bytes) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _sound_only(path: Path) -> None:
    with av.open(str(path), "w") as output:
        output.add_stream("aac", rate=44100, layout="mono")
        surgery.add_sound(output, 1)


def _size_changes(path: Path) -> None:
    surgery.write_joined(path, [([*range(20)], SIZE), ([*range(20, COUNT)], (320, 192))])


DAMAGED: dict[str, Write] = {
    "cut short.mp4": _film(_cut, muxing=_FAST),
    "cut short.mkv": _film(_cut),
    "cut short.avi": _film(_cut, codec="mjpeg", pixels="yuvj420p", b_frames=0),
    "cut short.webm": _film(_cut, codec="libvpx", options={"deadline": "realtime"}),
    "flipped bytes.mp4": _film(_flip),
    "flipped bytes.mkv": _film(_flip, codec="ffv1", b_frames=0),
    "blank stretch.mp4": _film(_blank),
    "blank stretch.ts": _film(_blank),
    "lost packets.ts": _film(_lose_packets, codec="mpeg2video"),
}

REFUSED: dict[str, tuple[Write, str]] = {
    "empty.mp4": (_bytes(b""), "the file is empty"),
    "text.mp4": (_bytes(b"no film at all\n" * 99), "not a video that can be read"),
    "noise.mp4": (_bytes(np.random.default_rng(0).bytes(20_000)), "not a video that can be read"),
    "header lost.mp4": (_film(_cut), "not a video that can be read"),
    "sound only.mp4": (_sound_only, r"there is no film in this file \(it holds audio\)"),
    "unknown codec.mp4": (
        _film(lambda path: surgery.replace_bytes(path, b"avc1", b"zzzz")),
        "no decoder for its codec",
    ),
    "no pictures.mp4": (_film(_blank_all_pictures), "no picture can be decoded"),
    "size changes.ts": (_size_changes, "pictures change from 160x96 to 320x192 at frame (19|20)"),
}
