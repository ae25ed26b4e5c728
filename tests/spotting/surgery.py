"""Byte surgery on media files: what no muxer will write for us but users' files contain."""

import struct
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from tests.spotting.media import SIZE, draw, write_film

_CONTAINERS = (b"moov", b"trak", b"edts")


def set_edits(path: Path, edits: list[tuple[int, int]], frames_per_second: int = 25) -> None:
    """Replace the edit list of an MP4 film: (frames shown, first frame shown or -1 for a pause) per edit."""
    data = path.read_bytes()
    start = data.index(b"elst") + 12
    _, first_shown, _ = struct.unpack(">IiI", data[start : start + 12])
    tick = 12800 // frames_per_second
    entries = b"".join(
        struct.pack(
            ">IiI",
            1000 * length // frames_per_second,
            -1 if first < 0 else first_shown + first * tick,
            0x10000,
        )
        for length, first in edits
    )
    path.write_bytes(_with_elst(data, struct.pack(">II", 0, len(edits)) + entries))


def _with_elst(data: bytes, content: bytes) -> bytes:
    """The boxes in `data` (ISO/IEC 14496-12, 4.2) with every elst's content replaced."""
    boxes = []
    while data:
        size, kind = struct.unpack(">I4s", data[:8])
        body, data = data[8:size], data[size:]
        if kind in _CONTAINERS:
            body = _with_elst(body, content)
        body = content if kind == b"elst" else body
        boxes.append(struct.pack(">I4s", len(body) + 8, kind) + body)
    return b"".join(boxes)


def set_avi_count(path: Path, count: int) -> None:
    """Make both headers of an AVI claim `count` frames."""
    data = bytearray(path.read_bytes())
    for name, offset in ((b"avih", 8 + 16), (b"strh", 8 + 32)):
        place = data.index(name) + offset
        data[place : place + 4] = struct.pack("<I", count)
    path.write_bytes(data)


def cut(path: Path, share: float) -> None:
    """Keep only the first `share` of the bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def flip_bytes(path: Path, start: float, stop: float, count: int) -> None:
    """Invert `count` bytes between two shares of the file."""
    data = bytearray(path.read_bytes())
    places = np.random.default_rng(1).integers(int(start * len(data)), int(stop * len(data)), count)
    for place in places:
        data[place] ^= 0xFF
    path.write_bytes(data)


def blank(path: Path, start: float, stop: float) -> None:
    """Overwrite the bytes between two shares of the file with zeros."""
    data = bytearray(path.read_bytes())
    first, last = int(start * len(data)), int(stop * len(data))
    data[first:last] = bytes(last - first)
    path.write_bytes(data)


def replace_bytes(path: Path, old: bytes, new: bytes) -> None:
    """Replace every `old` with `new` of the same length."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))


def write_packed(path: Path, count: int) -> None:
    """MPEG-4 in AVI as DivX packed it: a P and the B before it in one chunk, then an empty chunk."""
    with av.open(str(path), "w", format="avi") as output:
        stream = output.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.max_b_frames, stream.codec_context.gop_size = 1, count
        frames = [av.VideoFrame.from_ndarray(draw(k), "rgb24") for k in range(count)]
        packets = [bytes(packet) for frame in [*frames, None] for packet in stream.encode(frame)]
        for place, chunk in enumerate(_packed(packets)):
            packet = av.Packet(chunk)
            packet.stream, packet.pts, packet.dts = stream, place, place
            packet.is_keyframe = place == 0
            output.mux(packet)


def _packed(packets: list[bytes]) -> list[bytes]:
    start = packets[0].index(b"\0\0\1\xb6")
    chunks = [packets[0][:start] + b"\0\0\1\xb2DivX503b1393p" + packets[0][start:]]
    place = 1
    while place < len(packets):
        pair = packets[place : place + 2]
        is_pair = len(pair) == 2 and pair[1][4] >> 6 == 2
        chunks.append(b"".join(pair) if is_pair else pair[0])
        if is_pair:
            chunks.append(b"\0\0\1\xb6\x58\x4f")
        place += 1 + is_pair
    return chunks


def add_sound(container: OutputContainer, seconds: float) -> None:
    """Encode a hum into a new AAC stream; call when the film is written, on a stream made before."""
    (stream,) = (stream for stream in container.streams if isinstance(stream, AudioStream))
    for block in range(int(seconds * 44100 / 1024)):
        hum = np.sin(np.arange(1024) / 20).astype("f4")[None]
        frame = av.AudioFrame.from_ndarray(hum, "fltp", "mono")
        frame.sample_rate, frame.pts = 44100, block * 1024
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def write_joined(path: Path, parts: list[tuple[list[int], tuple[int, int]]]) -> None:
    """MPEG-TS films written one after another into one file: numbers and size of each."""
    joined = b""
    for numbers, size in parts:
        write_film(path, numbers, codec="mpeg2video", container="mpegts", size=size)
        joined += path.read_bytes()
    path.write_bytes(joined)


def write_two_films(path: Path, sizes: list[tuple[int, int]]) -> None:
    """One file with two video streams of ten pictures each."""
    with av.open(str(path), "w") as output:
        streams = [output.add_stream("mpeg4", rate=25) for _ in sizes]
        for stream, (width, height) in zip(streams, sizes, strict=True):
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(10):
            for stream, size in zip(streams, sizes, strict=True):
                output.mux(stream.encode(av.VideoFrame.from_ndarray(draw(number, size), "rgb24")))
        for stream in streams:
            output.mux(stream.encode(None))
