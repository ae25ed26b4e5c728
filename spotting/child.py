"""Indexing in a child process, so that a decoder that hangs, crashes or swallows memory harms nobody else."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from spotting.errors import UnreadableVideo
from spotting.progress import Progress, silent
from spotting.video import PROXY_PARTIAL, VideoIndex, index_video

if sys.platform != "win32":
    import resource

GIB = 1 << 30
_TICK_SECONDS = 0.25
_SAY_SECONDS = 0.1


def index_in_child(
    source: Path,
    folder: Path,
    *,
    height: int = 224,
    first: int | None = None,
    labelled: bool = False,
    timeout: float = 120,
    memory: int = 4 * GIB,
    progress: Progress = silent,
) -> VideoIndex:
    """`index_video` in a process of its own, which is killed when it says nothing for `timeout` seconds.

    `memory` bounds its address space in bytes (not on Windows). `progress` is asked a few times a second,
    also while the child is silent, so that a stop takes effect at once. Raises `UnreadableVideo`, also for a
    decoder that hangs, crashes or runs out of memory; whatever `progress` raises ends the child first.
    """
    order = {"source": str(source), "folder": str(folder), "height": height, "first": first}
    order |= {"labelled": labelled, "memory": memory}
    command = [sys.executable, "-m", "spotting.child", json.dumps(order)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            error = _attend(child, Path(source).name, timeout, progress)
        finally:
            child.kill()
            (Path(folder) / PROXY_PARTIAL).unlink(missing_ok=True)
    if error is not None:
        raise UnreadableVideo(error)
    return VideoIndex.load(Path(folder))


def _attend(child: subprocess.Popen[str], name: str, timeout: float, progress: Progress) -> str | None:
    """Pass the child's progress on until it ends; what went wrong, or None."""
    said = _lines(child.stdout)
    heard = time.monotonic()
    done: tuple[float, float, str] = (0, 0, name)
    while time.monotonic() - heard < timeout:
        try:
            line = said.get(timeout=_TICK_SECONDS)
        except queue.Empty:
            progress(*done)
            continue
        heard = time.monotonic()
        if line is None:
            return f"{name}: the decoder crashed after {done[0]:.0f} pictures (exit code {child.wait()})"
        message = json.loads(line)
        if "progress" not in message:
            return message["error"]
        done = (*message["progress"],)
        progress(*done)
    return f"{name}: the decoder said nothing for {timeout:g} s after {done[0]:.0f} pictures, and was stopped"


def _lines(stream: IO[str] | None) -> "queue.Queue[str | None]":
    """What the stream says, line by line, then None; read by a thread so that waiting can be limited."""
    assert stream is not None
    said: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            said.put(line)
        said.put(None)

    threading.Thread(target=read, daemon=True).start()
    return said


def _work(order: dict[str, Any]) -> None:
    """The child's part: index one video, telling the parent by lines of JSON."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    memory, name = order.pop("memory"), Path(order["source"]).name
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        index_video(Path(order.pop("source")), Path(order.pop("folder")), progress=_Reporter(), **order)
    except UnreadableVideo as error:
        _say(error=str(error))
    except MemoryError:
        _say(error=f"{name}: decoding needs more memory than the limit ({memory / GIB:g} GiB)")
    else:
        _say(error=None)


class _Reporter:
    """A `Progress` that speaks at most ten times a second."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, done: float, total: float, note: str = "") -> None:
        if time.monotonic() - self._said > _SAY_SECONDS:
            self._said = time.monotonic()
            _say(progress=(done, total, note))


def _say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """The parent holds our input open; it closes when the parent is gone, however it went."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    _work(json.loads(sys.argv[1]))
