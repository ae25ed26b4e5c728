"""The proxy: a small working copy of a video, quick to read at random, in which picture k has pts k."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
import numpy as np
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from spotting.errors import UnreadableVideo
from spotting.pictures import Converter, Orientation, visible

GROUP = 10
_OPTIONS = {
    "preset": "veryfast",
    "tune": "fastdecode",
    "g": str(GROUP),
    "keyint_min": str(GROUP),
    "sc_threshold": "0",
    "bf": "0",
    "threads": "1",
}


@dataclass(frozen=True, slots=True)
class ProxyStyle:
    """How large and how good proxies are made: pixels high at most, and x264's rate factor.

    `quality` runs from 1 (large) to 51 (poor); at 18 little can be seen, 6 more halves the bytes.
    """

    height: int = 224
    quality: int = 18


@dataclass(frozen=True, slots=True)
class ProxyShape:
    """Size of a proxy in pixels (both even) and its constant nominal rate in frames per second."""

    width: int
    height: int
    rate: Fraction


def proxy_shape(width: int, height: int, rate: Fraction, wanted_height: int) -> ProxyShape:
    """Fit an upright picture to `wanted_height`, never enlarging it; both sides even."""
    fitted = max(2, min(wanted_height, height) // 2 * 2)
    wide = min(round(width * fitted / height / 2), width // 2)
    return ProxyShape(max(2, wide * 2), fitted, rate.limit_denominator(1001))


class ProxyWriter:
    """Writes upright yuv420p pictures one after another: H.264, groups of ten, no B-frames, pts = k."""

    def __init__(self, path: Path, shape: ProxyShape, quality: int) -> None:
        self.count = 0
        self._shape = shape
        self._container = av.open(f"file:{path}", "w", format="mp4")
        options = _OPTIONS | {"crf": str(quality)}
        self._stream = self._container.add_stream("libx264", rate=shape.rate, options=options)
        self._stream.width, self._stream.height = shape.width, shape.height
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = 1 / shape.rate
        self._stream.color_range, self._stream.colorspace = 1, 6

    def write(self, frame: av.VideoFrame, turn: Orientation) -> None:
        """Append one picture of the proxy's size, stored orientation, to be turned upright."""
        if not turn.upright:
            frame = _turned(frame, turn)
        frame.pts, frame.time_base, frame.pict_type = self.count, 1 / self._shape.rate, 0
        self._container.mux(self._stream.encode(frame))
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        if self.count:
            self._container.mux(self._stream.encode(None))
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _turned(frame: av.VideoFrame, turn: Orientation) -> av.VideoFrame:
    """Turn each plane of a yuv420p picture."""
    width, height = (frame.height, frame.width) if turn.transposed else (frame.width, frame.height)
    upright = av.VideoFrame(width, height, "yuv420p")
    for old, new in zip(frame.planes, upright.planes, strict=True):
        visible(new, new.width)[:] = turn.apply(visible(old, old.width))
    return upright


class ProxyReader:
    """One open decoder on a proxy. For one caller at a time; reading onwards costs no seek."""

    def __init__(self, path: Path, rate: Fraction) -> None:
        self._path = path
        self._rate = rate
        try:
            self._container = av.open(f"file:{path}")
        except (FFmpegError, OSError) as error:
            raise UnreadableVideo(f"{path}: the working copy cannot be opened ({error})") from error
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "NONE"
        self._converter = Converter()
        self._packets = self._container.demux(self._stream)
        self._frames = self._decode()
        self._next = 0

    def picture(self, ordinal: int) -> NDArray[np.uint8]:
        """Picture `ordinal` as uint8 RGB [H, W, 3]; `UnreadableVideo` when the file does not hold it."""
        start = ordinal - ordinal % GROUP
        if not start <= self._next <= ordinal:
            self._seek(start)
        for frame in self._frames:
            self._check(frame)
            self._next += 1
            if self._next > ordinal:
                return self._converter.rgb(frame, frame.width, frame.height)
        raise UnreadableVideo(f"{self._path}: the working copy ends before picture {ordinal}")

    def close(self) -> None:
        """Give back the file and the decoder."""
        self._container.close()

    def _seek(self, ordinal: int) -> None:
        pts = ordinal / self._rate / _time_base(self._stream)
        self._container.seek(int(pts), stream=self._stream)
        self._frames = self._decode()
        self._next = ordinal

    def _decode(self) -> Iterator[av.VideoFrame]:
        for packet in self._packets:
            yield from packet.decode()
        self._packets = self._container.demux(self._stream)

    def _check(self, frame: av.VideoFrame) -> None:
        found = None if frame.pts is None else frame.pts * _time_base(self._stream) * self._rate
        if found != self._next:
            raise UnreadableVideo(f"{self._path}: the working copy holds picture {found} for {self._next}")


def _time_base(stream: VideoStream) -> Fraction:
    if stream.time_base is None:
        raise UnreadableVideo("the working copy has no time base")
    return stream.time_base


@dataclass(frozen=True, slots=True)
class ProxyRecipe:
    """Which proxy: where it lies, its rate, and the identity of what it was made from."""

    path: Path
    rate: Fraction
    identity: str

    def open(self) -> ProxyReader:
        """Open a decoder on it."""
        return ProxyReader(self.path, self.rate)
