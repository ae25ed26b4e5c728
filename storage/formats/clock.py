"""When each picture of a clip begins, and which picture a time means. All times are exact fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal, Protocol

import numpy as np

from spotting.errors import Conflict
from spotting.index import VideoIndex

Rule = Literal["frame", "floor", "round"]
"""How a label file is read: its own frame numbers; the picture on the screen at its time; the nearest one."""

_NTSC = Fraction(1000, 1001)
_NEAR = 3e-6


class Clock(Protocol):
    """The time axis of one clip, from its first picture on."""

    def start(self, frame: int) -> Fraction:
        """Seconds at which the picture appears; also for frames beyond the last one."""
        ...

    def floor(self, seconds: Fraction) -> int:
        """The picture on the screen at that time; -1 before the first."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """`rate` pictures per second."""

    rate: Fraction

    def start(self, frame: int) -> Fraction:
        return frame / self.rate

    def floor(self, seconds: Fraction) -> int:
        return max(-1, floor(seconds * self.rate))


@dataclass(frozen=True, slots=True)
class Table:
    """A variable rate: `ticks` (rising, the first is 0) in units of `unit` seconds, one per picture.

    The last picture stays as long as the one before it.
    """

    ticks: Sequence[int]
    unit: Fraction

    def start(self, frame: int) -> Fraction:
        last = len(self.ticks) - 1
        if frame <= last:
            return self.ticks[frame] * self.unit
        return (self.ticks[last] + (frame - last) * self._last_stay()) * self.unit

    def floor(self, seconds: Fraction) -> int:
        ticks = floor(seconds / self.unit)
        past = ticks - self.ticks[-1]
        if past >= 0:
            return len(self.ticks) - 1 + past // self._last_stay()
        return int(np.searchsorted(self.ticks, ticks, side="right")) - 1

    def _last_stay(self) -> int:
        return self.ticks[-1] - self.ticks[-2] if len(self.ticks) > 1 else 1


def frame_at(clock: Clock, seconds: Fraction, rule: Rule) -> int:
    """The frame that a time means: with "floor" the picture on the screen, with "round" the nearest start."""
    frame = clock.floor(seconds)
    if rule == "floor":
        return frame
    if frame < 0:
        return 0 if seconds >= -(clock.start(1) / 2) else -1
    nearer_next = 2 * seconds >= clock.start(frame) + clock.start(frame + 1)
    return frame + 1 if nearer_next else frame


def milliseconds(clock: Clock, frame: int) -> int:
    """The time of a frame in whole milliseconds that readers which floor and readers which round both read
    back as that frame: floor(1000 t) + 1. Raises `Conflict` where the next picture is too near for that.
    """
    written = floor(clock.start(frame) * 1000) + 1
    if frame_at(clock, Fraction(written, 1000), "round") != frame:
        raise Conflict(
            f"frames {frame} and {frame + 1} are under 2 ms apart: milliseconds cannot tell them apart"
        )
    return written


def exact_rate(fps: float) -> Fraction:
    """The rate that a decimal stands for: 29.97 is 30000/1001; other rates are taken as they are written."""
    for rate in (Fraction(round(fps)), round(fps * 1.001) * _NTSC):
        if rate > 0 and abs(fps / float(rate) - 1) < _NEAR:
            return rate
    return Fraction(str(fps))


def video_clock(index: VideoIndex) -> Clock:
    """The clock of an indexed video: its time stamps where the rate varies, else its rate.

    Raises `Conflict` for a variable rate whose time stamps do not rise from picture to picture.
    """
    if not index.variable_rate:
        return Constant(exact_rate(index.fps))
    if not index.timed:
        raise Conflict("its pictures have no rising time stamps: a time does not name one of them")
    return Table((index.pts_N - index.pts_N[0]).tolist(), index.time_base)
