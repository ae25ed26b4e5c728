"""Reading the same film with other libraries: OpenCV, PyAV as its documentation shows it, torchcodec."""

import importlib
from pathlib import Path
from typing import Any

import av
import cv2

from spotting.index import VideoIndex


def opencv(film: Path, count: int) -> None:
    """Read the first `count` pictures in sequence."""
    capture = cv2.VideoCapture(str(film), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    for _ in range(count):
        capture.read()


def plain_pyav(film: Path, count: int) -> None:
    """Read the first `count` pictures in sequence, as RGB."""
    with av.open(str(film)) as container:
        container.streams.video[0].thread_type = "NONE"
        for _, frame in zip(range(count), container.decode(video=0), strict=False):
            frame.to_ndarray(format="rgb24")


def seek_pyav(film: Path, index: VideoIndex, start: int) -> None:
    """Nine pictures from a seek by time stamp; none is proved."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        container.seek(int(index.pts_N[start]), stream=stream)
        wanted = (frame for frame in container.decode(stream) if frame.pts >= index.pts_N[start])
        for _, frame in zip(range(9), wanted, strict=False):
            frame.to_ndarray(format="rgb24")


def seek_opencv(film: Path, start: int) -> None:
    """Nine pictures from a seek by number; none is proved."""
    capture = cv2.VideoCapture(str(film), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    capture.set(cv2.CAP_PROP_POS_FRAMES, start)
    for _ in range(9):
        capture.read()


def torchcodec(film: Path) -> Any | None:
    """Its exact decoder on one thread; None where it is not installed or finds no FFmpeg."""
    try:
        decoders = importlib.import_module("torchcodec.decoders")
        return decoders.VideoDecoder(
            str(film), num_ffmpeg_threads=1, seek_mode="exact", dimension_order="NHWC"
        )
    except (ImportError, OSError, RuntimeError):
        return None
