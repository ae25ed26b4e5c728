"""A video file decoded once, in order: its pictures as the decoder puts them out, and where it stumbled."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
from av import logging as libav_log
from av.container import InputContainer
from av.error import DecoderNotFoundError, FFmpegError
from av.error import EOFError as EndOfFile
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from spotting.errors import UnreadableVideo

_NOT_FILM = Disposition.attached_pic | Disposition.timed_thumbnails
_MAX_FAILED_READS = 8
_MAX_ASPECT = 8
_MIN_RATE, _MAX_RATE = Fraction(1, 100), 1000


@dataclass(frozen=True, slots=True)
class Damage:
    """The decoder stumbled after `frame` pictures had been put out; `error` is in its own words."""

    frame: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the header of a video claims; only the pictures themselves decide. Unknown is None."""

    container: str
    codec: str
    width: int
    height: int
    sample_aspect: Fraction
    time_base: Fraction
    rate: Fraction | None
    claimed_frames: int | None
    claimed_seconds: float | None
    notes: tuple[str, ...]

    @property
    def expected_frames(self) -> int:
        """About how many pictures there will be; 0 when the header does not say."""
        return self.claimed_frames or round((self.claimed_seconds or 0) * (self.rate or 0))


class VideoFile:
    """The film of one file, decoded without threads so that every pass puts out the same pictures.

    Raises `UnreadableVideo` when the file cannot be opened, holds no film, or no decoder knows its codec.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._container = _open(path)
        try:
            self._stream = _film(self._container, path)
        except UnreadableVideo:
            self._container.close()
            raise
        self._stream.thread_type = "NONE"
        self.facts = _facts(self._container, self._stream)
        self.damage: list[Damage] = []
        self._demuxed = self._container.demux(self._stream)
        self._running: Generator[av.VideoFrame] | None = None
        self._put_out = 0
        self._heard = 0

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Every picture from where the file stands, in display order, edit lists honoured.

        What cannot be decoded is noted in `damage`, which begins anew, and passed over. An earlier call's
        pictures end.
        """
        self._end_running()
        self._running = self._pictures()
        return self._running

    def _pictures(self) -> Generator[av.VideoFrame]:
        self.damage.clear()
        self._heard = libav_log.get_last_error()[0]
        for packet in self._packets():
            for frame in self._decoded(packet):
                if frame.is_corrupt:
                    self._note("the decoder calls the picture corrupt")
                yield frame
                self._put_out += 1

    def seek(self, pts: int) -> bool:
        """Go to a key frame at or before `pts` (in the film's time base), roughly; False when it cannot."""
        try:
            self._container.seek(pts, stream=self._stream)
        except FFmpegError:
            return False
        return True

    def close(self) -> None:
        """Give back the file and the decoder."""
        self._end_running()
        self._container.close()

    def _end_running(self) -> None:
        if self._running is not None:
            self._running.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _packets(self) -> Iterator["Packet[VideoStream] | None"]:
        """Packets of the film over read errors, then None, which drains the decoder.

        One demuxing generator serves across seeks: PyAV leaks half a kilobyte with each that is abandoned.
        """
        for _ in range(_MAX_FAILED_READS):
            failed = False
            try:
                yield from (packet for packet in self._demuxed if packet.size)
            except IndexError:
                pass  # PyAV stumbles at the end of a file in which a stream began midway
            except FFmpegError as error:
                self._note(f"the file cannot be read on: {_words(error)}")
                failed = True
            self._demuxed = self._container.demux(self._stream)
            if not failed:
                break
        yield None

    def _decoded(self, packet: "Packet[VideoStream] | None") -> Iterator[av.VideoFrame]:
        """Pictures that one packet releases; with None, all that the decoder still holds."""
        if packet is not None and packet.is_corrupt:
            self._note("part of the file is missing or damaged here")
        for _ in range(1 if packet else _MAX_FAILED_READS):
            try:
                frames = self._stream.decode(packet)
            except EndOfFile:
                return
            except FFmpegError as error:
                self._note(_words(error))
                frames = []
            self._listen()
            yield from frames

    def _listen(self) -> None:
        """Note what the decoder complained of without giving up on the packet."""
        heard, message = libav_log.get_last_error()
        if heard != self._heard and message is not None:
            self._note(message[2].strip())
        self._heard = heard

    def _note(self, error: str) -> None:
        self.damage.append(Damage(self._put_out, error))


@contextmanager
def hearing() -> Generator[None]:
    """Have FFmpeg's decoders count their complaints, for `VideoFile.damage`; holds for the whole process."""
    libav_log.set_level(libav_log.PANIC)
    try:
        yield
    finally:
        libav_log.set_level(None)


def _open(path: Path) -> InputContainer:
    if not path.is_file():
        raise UnreadableVideo(f"{path.name}: there is no such file ({path})")
    if path.stat().st_size == 0:
        raise UnreadableVideo(f"{path.name}: the file is empty")
    try:
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        raise UnreadableVideo(f"{path.name}: not a video that can be read ({_words(error)})") from error


def _films(container: InputContainer) -> list[VideoStream]:
    return [stream for stream in container.streams.video if not stream.disposition & _NOT_FILM]


def _film(container: InputContainer, path: Path) -> VideoStream:
    """The default stream if one is marked, else the largest, else the first; never a cover picture."""
    films = _films(container)
    if not films:
        kinds = sorted({stream.type for stream in container.streams}) or ["nothing"]
        raise UnreadableVideo(f"{path.name}: there is no film in this file (it holds {', '.join(kinds)})")
    film = max(films, key=_preference)
    if film.codec_context is None:
        raise UnreadableVideo(f"{path.name}: no decoder for its codec")
    return film


def _preference(stream: VideoStream) -> tuple[bool, int, int]:
    if stream.codec_context is None:
        return (False, 0, -stream.index)
    return (bool(stream.disposition & Disposition.default), stream.width * stream.height, -stream.index)


def _facts(container: InputContainer, stream: VideoStream) -> Facts:
    films = len(_films(container))
    aspect = stream.sample_aspect_ratio or Fraction(1)
    seconds = stream.duration * stream.time_base if stream.duration and stream.time_base else None
    if seconds is None and container.duration:
        seconds = Fraction(container.duration, av.time_base)
    return Facts(
        container=container.format.name,
        codec=stream.codec_context.name,
        width=stream.width,
        height=stream.height,
        sample_aspect=aspect if 1 / _MAX_ASPECT <= aspect <= _MAX_ASPECT else Fraction(1),
        time_base=stream.time_base or Fraction(1, 25),
        rate=_rate(stream),
        claimed_frames=stream.frames or None,
        claimed_seconds=float(seconds) if seconds else None,
        notes=(f"{films} video streams: number {stream.index} is used",) if films > 1 else (),
    )


def _rate(stream: VideoStream) -> Fraction | None:
    """The header's frames per second, if it is one that film can have."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and _MIN_RATE <= rate <= _MAX_RATE:
            return rate
    return None


def _words(error: Exception) -> str:
    if isinstance(error, DecoderNotFoundError):
        return "no decoder for its codec"
    return getattr(error, "strerror", None) or str(error)
