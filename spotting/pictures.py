"""Pictures: a decoded frame's fingerprint and its upright RGB form."""

import zlib
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Orientation:
    """How stored rows and columns become upright ones: transpose first, then mirror."""

    transposed: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    def apply(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turn one picture [H, W, ...] upright; [W, H, ...] comes back when transposed."""
        if self.transposed:
            picture = picture.swapaxes(0, 1)
        if self.mirror_x:
            picture = picture[:, ::-1]
        return picture[::-1] if self.mirror_y else picture

    @property
    def upright(self) -> bool:
        """True when there is nothing to turn."""
        return not (self.transposed or self.mirror_x or self.mirror_y)


def orientation(frame: av.VideoFrame) -> Orientation:
    """Read the display matrix (ISO/IEC 14496-12, 8.5.2) of a frame, to the nearest quarter turn."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return Orientation()
    a, b, _, c, d = np.frombuffer(bytes(data), "<i4")[:5].tolist()
    transposed = abs(b) > abs(a)
    return Orientation(transposed, *((c < 0, b < 0) if transposed else (a < 0, d < 0)))


def display_size(width: int, height: int, aspect: Fraction, turn: Orientation) -> tuple[int, int]:
    """Width and height in square pixels, upright; `aspect` is a stored pixel's width over its height."""
    width = max(1, round(width * aspect))
    return (height, width) if turn.transposed else (width, height)


def fingerprint(frame: av.VideoFrame) -> int:
    """CRC-32 of the visible bytes of all planes, as decoded: no stride padding, no colour conversion."""
    crc = 0
    for plane, row in zip(frame.planes, _visible_row_bytes(frame.format), strict=False):
        crc = zlib.crc32(np.ascontiguousarray(visible(plane, row)).data, crc)
    return crc


def _visible_row_bytes(layout: av.VideoFormat) -> list[int]:
    """Bytes of one visible row in each plane."""
    if not layout.is_planar:
        return [layout.width * layout.padded_bits_per_pixel // 8]
    rows: dict[int, int] = {}
    for component in layout.components:
        rows[component.plane] = rows.get(component.plane, 0) + component.width * -(-component.bits // 8)
    return [rows[plane] for plane in sorted(rows)]


def visible(plane: VideoPlane, row: int) -> NDArray[np.uint8]:
    """A view of a plane's rows, `row` bytes of each: uint8 [height, row]."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, :row]


class Converter:
    """Scales frames and converts their colours; keep one per stream, it caches tables.

    All output is BT.601: limited range for yuv420p, full range for RGB. Untagged colours are taken as
    BT.601, as FFmpeg and OpenCV do.
    """

    def __init__(self) -> None:
        self._scaler = VideoReformatter()

    def planes(self, frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
        """Area-scale to yuv420p of the given size, stored orientation."""
        return self._scaler.reformat(
            frame,
            width,
            height,
            "yuv420p",
            interpolation=Interpolation.AREA,
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )

    def rgb(self, frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """Uint8 RGB [height, width, 3], stored orientation."""
        picture = self._scaler.reformat(
            frame, width, height, "rgb24", interpolation=Interpolation.AREA, threads=1
        )
        return visible(picture.planes[0], 3 * width).reshape(height, width, 3)
