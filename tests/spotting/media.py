"""Films whose pictures say their own number: drawing it, reading it back, and writing files with PyAV."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

SIZE = (160, 96)
_COLUMNS, _ROWS = 8, 3
_NUMBER_BITS, _CHECK_BITS = 14, 10
_COVERED = 0.75
UNREADABLE = -1
Picture = NDArray[np.uint8]


def draw(number: int, size: tuple[int, int] = SIZE) -> Picture:
    """A picture [H, W, 3] with `number` as black and white cells above a texture that moves with it."""
    width, height = size
    picture = np.random.default_rng(number).integers(60, 200, (height // 4 + 1, width // 4 + 1, 3), np.uint8)
    picture = picture.repeat(4, 0).repeat(4, 1)[:height, :width]
    bits = number << _CHECK_BITS | _check(number)
    for cell in range(_COLUMNS * _ROWS):
        top, bottom, left, right = _cell(cell, size)
        picture[top:bottom, left:right] = 235 if bits >> cell & 1 else 20
    return picture


def number_in(picture: Picture) -> int:
    """The number drawn into a picture of any size, or `UNREADABLE`."""
    bits = 0
    for cell in range(_COLUMNS * _ROWS):
        top, bottom, left, right = _cell(cell, (picture.shape[1], picture.shape[0]))
        inset_y, inset_x = (bottom - top) // 4, (right - left) // 4
        bits |= (
            int(picture[top + inset_y : bottom - inset_y, left + inset_x : right - inset_x].mean() > 127)
            << cell
        )
    number = bits >> _CHECK_BITS
    return number if bits & ((1 << _CHECK_BITS) - 1) == _check(number) else UNREADABLE


def numbers_in(pictures: Iterable[Picture]) -> list[int]:
    """The number in each picture."""
    return [number_in(picture) for picture in pictures]


def _check(number: int) -> int:
    return (number * 0x9E3779B1 >> 7 ^ 0x2A5) & ((1 << _CHECK_BITS) - 1)


def _cell(cell: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    row, column = divmod(cell, _COLUMNS)
    top, bottom = (round(size[1] * _COVERED * (row + side) / _ROWS) for side in (0, 1))
    left, right = (round(size[0] * (column + side) / _COLUMNS) for side in (0, 1))
    return top, bottom, left, right


def write_film(
    path: Path,
    numbers: Sequence[int],
    *,
    codec: str = "libx264",
    container: str | None = None,
    rate: Fraction = Fraction(25),
    pixels: str = "yuv420p",
    size: tuple[int, int] = SIZE,
    group: int = 12,
    b_frames: int = 2,
    options: dict[str, str] | None = None,
    muxing: dict[str, str] | None = None,
    times: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    picture: Callable[[int], Picture] | None = None,
    prepare: Callable[[OutputContainer, VideoStream], None] | None = None,
    finish: Callable[[OutputContainer], None] | None = None,
) -> None:
    """Write one picture per number. `times` are time stamps in `time_base` (default: 0, 1, 2 … frames).

    `picture` draws one of `size` (default `draw`). `prepare(container, stream)` may add streams or set what
    has no option, before anything is written; `finish(container)` writes to them after the film.
    """
    with av.open(str(path), "w", format=container, options=muxing or {}) as output:
        stream = output.add_stream(codec, rate=rate, options=options or {})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.gop_size = group
        stream.codec_context.max_b_frames = b_frames
        stream.codec_context.thread_count = 1
        if time_base is not None:
            stream.codec_context.time_base = time_base
        if prepare is not None:
            prepare(output, stream)
        for place, number in enumerate(numbers):
            drawn = draw(number, size) if picture is None else picture(number)
            frame = av.VideoFrame.from_ndarray(drawn, "rgb24").reformat(format=pixels)
            frame.pts = place if times is None else times[place]
            frame.time_base = time_base or 1 / rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if finish is not None:
            finish(output)
