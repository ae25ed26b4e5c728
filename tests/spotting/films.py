"""The catalogue of films: every way of storing pictures that misleads readers, and the pictures in it."""

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.stream import Disposition

from tests.spotting import surgery
from tests.spotting.media import SIZE, draw, write_film

Film = Callable[[Path, int], Sequence[int]]
"""Writes `count` pictures to a path; returns the numbers that a right reader sees, in order."""

_ODD = (161, 91)
_FRAME = Fraction(1, 25)
_MJPEG: dict[str, Any] = {"codec": "mjpeg", "pixels": "yuvj420p", "b_frames": 0}
_OPEN: dict[str, Any] = {"options": {"x264-params": "open-gop=1"}, "b_frames": 3}
_HEVC: dict[str, Any] = {
    "codec": "libx265",
    "options": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:frame-threads=1:keyint=12"},
}
_VP9 = {"auto-alt-ref": "1", "lag-in-frames": "16", "deadline": "realtime", "cpu-used": "5", "b": "500k"}
_INTERLACED = {"options": {"flags": "+ildct+ilme"}}


def film(**how: Any) -> Film:
    """Pictures 0, 1, 2 … as `write_film` writes them."""

    def write(path: Path, count: int) -> Sequence[int]:
        write_film(path, range(count), **how)
        return range(count)

    return write


def _av1(path: Path, count: int) -> Sequence[int]:
    options = {"preset": "8", "crf": "20", "svtav1-params": "lp=1"}
    with _same_priority() if hasattr(os, "sched_getscheduler") else nullcontext():
        return film(codec="libsvtav1", b_frames=0, options=options)(path, count)


@contextmanager
def _same_priority() -> Generator[None]:
    """Take back the real-time priority that SVT-AV1 gives the thread that calls it, where it may (as root).

    Every process that is started from the thread afterwards would inherit it: a browser starves the machine.
    """
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


def _timed(times: Callable[[int], Sequence[int]], **how: Any) -> Film:
    """Pictures at `times(count)`, in 25ths of a second."""

    def write(path: Path, count: int) -> Sequence[int]:
        write_film(path, range(count), times=times(count), time_base=_FRAME, **how)
        return range(count)

    return write


def _from(start: int, **how: Any) -> Film:
    return _timed(lambda count: range(start, start + count), **how)


def _uneven(count: int) -> Sequence[int]:
    return np.random.default_rng(5).integers(1, 9, count).cumsum().tolist()


def _with_gap(count: int) -> Sequence[int]:
    return [k + 500 * (k > count // 2) for k in range(count)]


def _edited(edits: Callable[[int], list[tuple[int, int]]]) -> Film:
    """An edit list of (frames shown, first frame shown or -1 for a pause)."""

    def write(path: Path, count: int) -> Sequence[int]:
        write_film(path, range(count))
        surgery.set_edits(path, edits(count))
        return [first + k for length, first in edits(count) if first >= 0 for k in range(length)]

    return write


def _hidden_start(path: Path, count: int) -> Sequence[int]:
    times = range(-20, count - 20)
    write_film(path, range(count), times=times, time_base=_FRAME, muxing={"avoid_negative_ts": "disabled"})
    return range(20, count)


def _claiming(claim: int) -> Film:
    def write(path: Path, count: int) -> Sequence[int]:
        write_film(path, range(count), **_MJPEG)
        surgery.set_avi_count(path, claim)
        return range(count)

    return write


def _packed(path: Path, count: int) -> Sequence[int]:
    surgery.write_packed(path, count)
    return range(count)


def _stamps_jump_back(path: Path, count: int) -> Sequence[int]:
    half = count // 2
    surgery.write_joined(path, [([*range(half)], SIZE), ([*range(half, count)], SIZE)])
    return range(count)


def _sound_begins_midway(path: Path, count: int) -> Sequence[int]:
    """Two transport streams in one file, the second with a sound stream that the first does not announce."""
    half = count // 2
    write_film(path, range(half), codec="mpeg2video", container="mpegts")
    silent = path.read_bytes()
    write_film(
        path,
        range(half, count),
        codec="mpeg2video",
        container="mpegts",
        prepare=_add_sound,
        finish=lambda output: surgery.add_sound(output, count / 25),
    )
    path.write_bytes(silent + path.read_bytes())
    return range(count)


def _add_sound(output: Any, _: Any) -> None:
    output.add_stream("aac", rate=44100, layout="mono")


def _turned(degrees: int, *, mirrored: bool = False) -> Film:
    """Pictures stored turned (and mirrored), with the display matrix that puts them right."""

    def undo(picture: np.ndarray) -> np.ndarray:
        seen = picture[:, ::-1] if mirrored else picture
        return np.ascontiguousarray(np.rot90(seen, -degrees // 90))

    def write(path: Path, count: int) -> Sequence[int]:
        write_film(
            path,
            range(count),
            size=SIZE if degrees % 180 == 0 else (SIZE[1], SIZE[0]),
            picture=lambda number: undo(draw(number)),
            prepare=lambda _, stream: stream.set_display_rotation(degrees, hflip=mirrored),
        )
        return range(count)

    return write


def _long_sound(path: Path, count: int) -> Sequence[int]:
    write_film(
        path, range(count), prepare=_add_sound, finish=lambda output: surgery.add_sound(output, count / 10)
    )
    return range(count)


def _cover(path: Path, count: int) -> Sequence[int]:
    """A cover picture in a stream before the film's, larger than the film."""
    jpeg = cv2.imencode(".jpg", draw(9999, (640, 384)))[1].tobytes()

    def prepare(output: Any, _: Any) -> None:
        cover = output.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 640, 384, "yuvj420p"
        cover.disposition = Disposition.attached_pic

    def finish(output: Any) -> None:
        packet = av.Packet(jpeg)
        packet.stream, packet.pts, packet.dts = output.streams.video[1], 0, 0
        packet.is_keyframe = True
        output.mux(packet)

    write_film(path, range(count), prepare=prepare, finish=finish)
    return range(count)


def _stretched(path: Path, count: int) -> Sequence[int]:
    def prepare(_: Any, stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)

    write_film(path, range(count), size=(120, 96), prepare=prepare)
    return range(count)


def _doubled(path: Path, count: int) -> Sequence[int]:
    numbers = [k // 2 for k in range(count)]
    write_film(path, numbers)
    return numbers


def _short(length: int) -> Film:
    def write(path: Path, count: int) -> Sequence[int]:
        write_film(path, range(min(length, count)))
        return range(min(length, count))

    return write


JOINED = ("time stamps jump back.ts", "sound begins midway.ts")
"""Where two files were joined, packets seem lost: the pictures are right, but a reader must be in doubt."""

QUICK: dict[str, Film] = {
    "h264 closed groups.mp4": film(),
    "h264 open groups.mp4": film(**_OPEN),
    "h264 open groups.ts": film(**_OPEN),
    "h264 without time stamps.avi": film(),
    "hevc open groups.ts": film(**_HEVC),
    "vp8 hidden frames.webm": film(codec="libvpx", options=_VP9),
    "vp9 hidden frames.webm": film(codec="libvpx-vp9", options=_VP9),
    "av1.mp4": _av1,
    "mpeg2.ts": film(codec="mpeg2video"),
    "mpeg4 packed b-frames.avi": _packed,
    "mjpeg.avi": film(**_MJPEG),
    "mjpeg dropped frames.avi": _timed(_uneven, **_MJPEG),
    "header says 12.avi": _claiming(12),
    "start at 100 s.mkv": _from(2500),
    "start at 100 s.ts": _from(2500),
    "edit hides the start.mp4": _edited(lambda count: [(count - 20, 20)]),
    "edit shows two parts.mp4": _edited(lambda count: [(10, 15), (5, count - 8)]),
    "negative time stamps.mp4": _hidden_start,
    "variable rate.mp4": _timed(_uneven),
    "variable rate.mkv": _timed(_uneven),
    "equal time stamps.mkv": film(rate=Fraction(2000)),
    "time stamps jump back.ts": _stamps_jump_back,
    "sound begins midway.ts": _sound_begins_midway,
    "interlaced mpeg2.ts": film(codec="mpeg2video", **_INTERLACED),
    "interlaced h264.mp4": film(**_INTERLACED),
    "turned 90.mp4": _turned(90),
    "stretched pixels.mp4": _stretched,
    "10 bits.mp4": film(pixels="yuv420p10le"),
    "422.mp4": film(pixels="yuv422p"),
    "odd size.webm": film(codec="libvpx-vp9", size=_ODD, options={"deadline": "realtime", "cpu-used": "8"}),
    "sound lasts longer.mp4": _long_sound,
    "cover picture.mp4": _cover,
    "29.97.mp4": film(rate=Fraction(30000, 1001)),
    "59.94.mkv": film(rate=Fraction(60000, 1001)),
    "120.mp4": film(rate=Fraction(120)),
    "one frame.mp4": _short(1),
    "ünï: 100 %06d.mp4": film(),
}

COMPLETE: dict[str, Film] = QUICK | {
    "h264 open groups.mkv": film(**_OPEN),
    "h264.flv": film(),
    "h264 fragments.mp4": film(muxing={"movflags": "frag_keyframe+empty_moov"}),
    "h264 negative offsets.mp4": film(muxing={"movflags": "negative_cts_offsets"}),
    "h264 raw.h264": film(container="h264"),
    "h264 one long group.mp4": film(group=1000),
    "hevc.mp4": film(**_HEVC),
    "hevc 10 bits.mkv": film(pixels="yuv420p10le", **_HEVC),
    "vp9.ivf": film(codec="libvpx-vp9", options=_VP9),
    "mpeg2.mpg": film(codec="mpeg2video"),
    "mpeg2 stamps wrap.ts": _from(2386060, codec="mpeg2video", muxing={"mpegts_copyts": "1"}),
    "mpeg4 b-frames.avi": film(codec="mpeg4"),
    "mpeg4 b-frames.mp4": film(codec="mpeg4"),
    "mpeg4 odd size.avi": film(codec="mpeg4", size=_ODD),
    "mjpeg.mov": film(**_MJPEG),
    "prores.mov": film(codec="prores_ks", pixels="yuv422p10le", b_frames=0),
    "ffv1 odd size.mkv": film(codec="ffv1", size=_ODD, b_frames=0),
    "animation.gif": film(codec="gif", pixels="rgb8", rate=Fraction(10), b_frames=0),
    "header says 9999.avi": _claiming(9999),
    "start at 100 s.mp4": _from(2500),
    "edit hides the end.mp4": _edited(lambda count: [(count - 20, 0)]),
    "edit begins with a pause.mp4": _edited(lambda count: [(12, -1), (count, 0)]),
    "negative time stamps.mkv": _from(-20, muxing={"avoid_negative_ts": "disabled"}),
    "gap of 20 s.mp4": _timed(_with_gap),
    "no length.mkv": film(muxing={"live": "1"}),
    "turned 180.mp4": _turned(180),
    "turned 270.mp4": _turned(270),
    "mirrored.mp4": _turned(0, mirrored=True),
    "turned 90 and mirrored.mp4": _turned(90, mirrored=True),
    "444 odd size.mp4": film(pixels="yuv444p", size=_ODD),
    "every picture twice.mp4": _doubled,
    "23.976.mkv": film(rate=Fraction(24000, 1001)),
    "two frames.mp4": _short(2),
}
