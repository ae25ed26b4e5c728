"""Filmstrips in one picture for a paper (Fig. 3): a label per row, its tag in the middle, its offset."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from spotting.scaling import resize

GAP = 4
TITLE = 26
BAND = 34
BLUE = (0, 114, 178)
INK = (28, 32, 38)
PAPER = 255
SCALE = 3  # lines and letters are drawn at this size and brought down: smooth edges
BOX = 52
LEAST_ARROW = 3
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A label: uint8 RGB pictures [N, H, W, 3], the tagged one in the middle, and its offset in frames."""

    title: str
    frames_NHWC: NDArray[np.uint8]
    offset: float


def montage(rows: Sequence[Row]) -> NDArray[np.uint8]:
    """The rows one below the other, uint8 RGB [H, W, 3]; all have as many pictures of the same size."""
    drawn = [_row(row) for row in rows]
    width = max(row.shape[1] for row in drawn)
    padded = [
        np.pad(row, ((0, 14), (0, width - row.shape[1]), (0, 0)), constant_values=PAPER) for row in drawn
    ]
    return np.pad(np.concatenate(padded), ((10, 0), (10, 10), (0, 0)), constant_values=PAPER)


def drawing(rows: Sequence[Row]) -> str:
    """The same as an SVG document: pictures as JPEG inside, lines and letters as such."""
    wide = max(_width(row) for row in rows) + 20
    parts, top = [], 10
    for row in rows:
        parts.append(_drawn_row(row, top))
        top += TITLE + row.frames_NHWC.shape[1] + BAND + 14
    style = "text{font:12px system-ui,sans-serif;fill:#1c2026}.box{fill:#fff;text-anchor:middle}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{top}" viewBox="0 0 {wide} {top}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _width(row: Row) -> int:
    count, _, width, _ = row.frames_NHWC.shape
    return count * (width + GAP) - GAP


def _drawn_row(row: Row, top: int) -> str:
    count, height, width, _ = row.frames_NHWC.shape
    step, middle = width + GAP, count // 2 * (width + GAP)
    pictures = "".join(
        f'<image x="{at * step}" width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{_inside(frame)}"/>'
        for at, frame in enumerate(row.frames_NHWC)
    )
    start, below = middle + width / 2, height
    end = float(np.clip(start + row.offset * step, 4, _width(row) - 4))
    box = float(np.clip((start + end - BOX) / 2, 0, _width(row) - BOX))
    blue = "#0072b2"
    tip = f"M{end},{below + 9}l{-7 if end > start else 7},-4v8z" if abs(end - start) > LEAST_ARROW else ""
    return (
        f'<g transform="translate(10 {top})"><text y="{TITLE - 9}">{escape(row.title)}</text>'
        f'<g transform="translate(0 {TITLE})">{pictures}'
        f'<rect x="{middle + 1}" y="1" width="{width - 2}" height="{height - 2}" '
        f'fill="none" stroke="#1c2026" stroke-width="2"/>'
        f'<path d="M{start},{below}v13M{start},{below + 9}H{end}" stroke="{blue}" stroke-width="2"/>'
        f'<path d="{tip}" fill="{blue}"/>'
        f'<rect x="{box}" y="{below + 15}" width="{BOX}" height="18" fill="{blue}"/>'
        f'<text class="box" x="{box + BOX / 2}" y="{below + 28}">{row.offset:+.2f}</text></g></g>'
    )


def _inside(frame_HWC: Picture) -> str:
    return b64encode(encode(frame_HWC, "jpg")).decode()


def action_crop(frames_NHWC: Picture, share: float = 0.6) -> Picture:
    """The part of the pictures [N, H, W, 3] where most of the motion is: a square, `share` of H high."""
    grey_NHW = frames_NHWC.astype(np.float32).mean(axis=3)
    height, width = grey_NHW.shape[1:]
    side = min(round(share * height), width)
    motion = np.abs(np.diff(grey_NHW, axis=0)).sum(axis=0)
    energy = cv2.boxFilter(motion, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    row, column = np.unravel_index(int(energy.argmax()), energy.shape)
    top = int(np.clip(row - side // 2, 0, height - side))
    left = int(np.clip(column - side // 2, 0, width - side))
    return frames_NHWC[:, top : top + side, left : left + side]


def encode(picture_HWC: NDArray[np.uint8], kind: str) -> bytes:
    """The picture as a PNG or JPEG file."""
    _, encoded = cv2.imencode(f".{kind}", np.ascontiguousarray(picture_HWC[..., ::-1]))
    return encoded.tobytes()


def _row(row: Row) -> Picture:
    count, height, width, _ = row.frames_NHWC.shape
    step = width + GAP
    strip = np.full((height, count * step - GAP, 3), PAPER, dtype=np.uint8)
    for at, frame_HWC in enumerate(row.frames_NHWC):
        strip[:, at * step : at * step + width] = frame_HWC
    middle = count // 2 * step
    cv2.rectangle(strip, (middle, 0), (middle + width - 1, height - 1), INK, 2)
    wide = strip.shape[1]
    title = _drawn(TITLE, wide, lambda big: _write(big, row.title, (2, TITLE - 8), INK))
    start = middle + width / 2
    end = float(np.clip(start + row.offset * step, 4, wide - 4))
    arrow = _drawn(BAND, wide, lambda big: _arrow(big, start, end, f"{row.offset:+.2f}"))
    return np.concatenate([title, strip, arrow])


def _arrow(big: Picture, start: float, end: float, words: str) -> None:
    """The blue arrow from the tag to where the event is, and the box with the signed offset (Fig. 3)."""
    cv2.line(big, _at(start, 0), _at(start, 13), BLUE, 2 * SCALE, cv2.LINE_AA)
    if abs(end - start) > LEAST_ARROW:
        tip = min(0.5, 8 / abs(end - start))
        cv2.arrowedLine(big, _at(start, 9), _at(end, 9), BLUE, 2 * SCALE, cv2.LINE_AA, tipLength=tip)
    left = float(np.clip((start + end - BOX) / 2, 0, big.shape[1] / SCALE - BOX))
    cv2.rectangle(big, _at(left, 15), _at(left + BOX, 33), BLUE, -1)
    _write(big, words, (left + 4, 28), (PAPER, PAPER, PAPER))


def _drawn(height: int, width: int, draw: Callable[[Picture], None]) -> Picture:
    """A white band with what `draw` puts on it at `SCALE` times its size."""
    big = np.full((height * SCALE, width * SCALE, 3), PAPER, dtype=np.uint8)
    draw(big)
    return resize(big[None], height, width)[0]


def _write(big: Picture, words: str, at: tuple[float, float], colour: tuple[int, int, int]) -> None:
    cv2.putText(big, words, _at(*at), cv2.FONT_HERSHEY_SIMPLEX, 0.44 * SCALE, colour, SCALE, cv2.LINE_AA)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round(y * SCALE)
