"""The survey of a video: one full decode that writes the proxy and gathers the index."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from spotting.decode import Damage, Facts, VideoFile, hearing
from spotting.errors import UnreadableVideo
from spotting.folder import PictureFolder, numbered_pictures
from spotting.index import NO_PTS, Identity, VideoIndex, digest, stamp
from spotting.pictures import Converter, Orientation, display_size, fingerprint, orientation
from spotting.progress import Progress
from spotting.proxy import ProxyShape, ProxyStyle, ProxyWriter, proxy_shape

_NOMINAL_RATE = Fraction(25)
_REPORT_EVERY = 16
_SHORT = 0.98
_MAX_NOTES = 5
_FEW_PAUSES = 0.02


def source_files(source: Path, first: int | None) -> list[Path]:
    """The one video file, or the numbered pictures of a folder; `UnreadableVideo` when there are none."""
    if source.is_dir():
        return numbered_pictures(source, first)
    if not source.is_file():
        raise UnreadableVideo(f"{source.name}: there is no such file ({source})")
    return [source]


def survey(
    source: Path, first: int | None, proxy: Path, style: ProxyStyle | None, progress: Progress
) -> VideoIndex:
    """Decode `source` whole, write the proxy to `proxy`, return the index; raises `UnreadableVideo`.

    Without a `style` no proxy is written.
    """
    before = stamp(source_files(source, first))
    with hearing(), PictureFolder(source, first) if source.is_dir() else VideoFile(source) as footage:
        pictures = footage.pictures()
        head = next(pictures, None)
        if head is None:
            raise UnreadableVideo(f"{source.name}: no picture can be decoded{_first_error(footage.damage)}")
        frame = _Frame.of(head, footage.facts, style)
        try:
            with _writer(proxy, frame.proxy, style) as writer:
                log = _write(chain([head], pictures), frame, writer, source.name, footage.facts, progress)
        except (FFmpegError, OSError) as error:
            raise UnreadableVideo(f"{source.name}: the working copy cannot be written ({error})") from error
    files = source_files(source, first)
    if stamp(files) != before:
        raise UnreadableVideo(f"{source.name}: changed while it was read; import it again")
    count = len(log.crc)
    content = digest(files, lambda: progress(count, count, f"{source.name}: the file's own fingerprint"))
    return _index(source, first, Identity(before, content), footage, frame, log, proxy, style)


def _writer(
    path: Path, shape: ProxyShape, style: ProxyStyle | None
) -> AbstractContextManager[ProxyWriter | None]:
    return ProxyWriter(path, shape, style.quality) if style else nullcontext()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all pictures of a video share: stored size, how they are turned, size shown, size in the proxy."""

    stored: tuple[int, int]
    turn: Orientation
    shown: tuple[int, int]
    proxy: ProxyShape

    @classmethod
    def of(cls, head: av.VideoFrame, facts: Facts, style: ProxyStyle | None) -> "_Frame":
        turn = orientation(head)
        shown = display_size(head.width, head.height, facts.sample_aspect, turn)
        rate = facts.rate or _NOMINAL_RATE
        proxy = proxy_shape(*shown, rate, style.height) if style else ProxyShape(0, 0, rate)
        return cls((head.width, head.height), turn, shown, proxy)

    @property
    def scaled(self) -> tuple[int, int]:
        """Width and height to scale a stored picture to, before it is turned."""
        width, height = self.proxy.width, self.proxy.height
        return (height, width) if self.turn.transposed else (width, height)


@dataclass(slots=True)
class _Log:
    """What the pass notes of every picture, 13 bytes each."""

    pts: "array[int]" = field(default_factory=lambda: array("q"))
    crc: "array[int]" = field(default_factory=lambda: array("I"))
    key: bytearray = field(default_factory=bytearray)
    interlaced: bool = False
    pixel_format: str = ""

    def add(self, picture: av.VideoFrame) -> None:
        self.pts.append(NO_PTS if picture.pts is None else picture.pts)
        self.crc.append(fingerprint(picture))
        self.key.append(picture.key_frame)
        self.interlaced = self.interlaced or bool(picture.interlaced_frame)
        self.pixel_format = picture.format.name


def _write(
    pictures: Iterator[av.VideoFrame],
    frame: _Frame,
    writer: ProxyWriter | None,
    name: str,
    facts: Facts,
    progress: Progress,
) -> _Log:
    log, converter = _Log(), Converter()
    for ordinal, picture in enumerate(pictures):
        if (picture.width, picture.height) != frame.stored:
            old, new = frame.stored, (picture.width, picture.height)
            raise UnreadableVideo(
                f"{name}: pictures change from {old[0]}x{old[1]} to {new[0]}x{new[1]} at frame {ordinal}"
            )
        log.add(picture)
        if writer is not None:
            writer.write(converter.planes(picture, *frame.scaled), frame.turn)
        if ordinal % _REPORT_EVERY == 0:
            progress(ordinal, max(facts.expected_frames, ordinal + 1), f"{name}: {ordinal + 1:,} pictures")
    return log


def _first_error(damage: Sequence[Damage]) -> str:
    return f" ({damage[0].error})" if damage else ""


def _index(
    source: Path,
    first: int | None,
    identity: Identity,
    footage: VideoFile | PictureFolder,
    frame: _Frame,
    log: _Log,
    proxy: Path,
    style: ProxyStyle | None,
) -> VideoIndex:
    facts, damage = footage.facts, footage.damage
    pts = np.array(log.pts, np.int64)
    fps, variable = _rate(pts, facts)
    key_N = np.frombuffer(log.key, np.bool_)
    suspect = suspect_spans([item.frame for item in damage], key_N)
    return VideoIndex(
        source=str(source),
        identity=identity,
        first=first,
        container=facts.container,
        codec=facts.codec,
        pixel_format=log.pixel_format,
        width=frame.shown[0],
        height=frame.shown[1],
        stored_width=frame.stored[0],
        stored_height=frame.stored[1],
        sample_aspect=facts.sample_aspect,
        turn=frame.turn,
        interlaced=log.interlaced,
        fps=fps,
        variable_rate=variable,
        time_base=facts.time_base,
        claimed_frames=facts.claimed_frames,
        claimed_seconds=facts.claimed_seconds,
        suspect=suspect,
        notes=facts.notes + _notes(facts, damage, pts, fps),
        proxy_width=frame.proxy.width,
        proxy_height=frame.proxy.height,
        proxy_rate=frame.proxy.rate,
        proxy_bytes=proxy.stat().st_size if style else 0,
        style=style,
        pts_N=pts,
        crc_N=np.array(log.crc, np.uint32),
        key_N=key_N,
    )


def suspect_spans(stumbles: Sequence[int], key_N: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Half-open spans from each stumble (an ordinal) to the next key frame, merged where they touch."""
    keys = np.flatnonzero(key_N)
    spans: list[tuple[int, int]] = []
    for start in sorted(set(stumbles)):
        after = keys[np.searchsorted(keys, start, side="right") :]
        stop = int(after[0]) if len(after) else len(key_N)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        elif start < stop:
            spans.append((start, stop))
    return tuple(spans)


def _rate(pts: NDArray[np.int64], facts: Facts) -> tuple[float, bool]:
    """Frames per second, and whether any picture lies more than half a frame off that rate.

    A variable rate is given by the median interval.
    """
    header = float(facts.rate or _NOMINAL_RATE)
    if len(pts) < 2 or np.any(pts == NO_PTS) or np.any(np.diff(pts) <= 0):
        return header, False
    seconds = (pts - pts[0]) * float(facts.time_base)
    mean = seconds[-1] / (len(pts) - 1)
    if np.max(np.abs(seconds / mean - np.arange(len(pts)))) > 0.5:
        return float(1 / np.median(np.diff(seconds))), True
    return (header if abs(header * mean - 1) < 0.001 else float(1 / mean)), False


def _notes(facts: Facts, damage: Sequence[Damage], pts: NDArray[np.int64], fps: float) -> tuple[str, ...]:
    count, end = len(pts), float(pts[-1] * facts.time_base)
    notes = [f"after {item.frame} pictures: {item.error}" for item in damage[:_MAX_NOTES]]
    if len(damage) > _MAX_NOTES:
        notes.append(f"and {len(damage) - _MAX_NOTES} more complaints of the decoder")
    if facts.claimed_frames not in (None, count):
        notes.append(f"the header says {facts.claimed_frames} pictures, {count} were put out")
    if facts.claimed_seconds and max(count / fps, end) < _SHORT * facts.claimed_seconds:
        notes.append(f"the header says {facts.claimed_seconds:.1f} s, but pictures end before: cut short?")
    return (*notes, *_pauses(pts, facts.time_base))


def _pauses(pts: NDArray[np.int64], time_base: Fraction) -> list[str]:
    """A note when a few intervals are longer than the usual one, as where pictures were lost."""
    if len(pts) < 2 or np.any(pts == NO_PTS):
        return []
    step = np.diff(pts)
    long = np.flatnonzero(step > 1.5 * np.median(step))
    if not 0 < len(long) < _FEW_PAUSES * len(pts):
        return []
    seconds = float(step[long[0]] * time_base)
    pauses = "a pause" if len(long) == 1 else f"{len(long)} pauses, the first"
    return [f"{pauses} of {seconds:.2f} s after frame {long[0]}: pictures may be missing there"]
