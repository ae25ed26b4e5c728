"""Indexing in a child process, so that a decoder that hangs, crashes or swallows memory harms nobody else."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from spotting.errors import UnreadableVideo
from spotting.progress import Progress, silent
from spotting.video import PROXY_PARTIAL, VideoIndex, index_video, known_index

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
    timeout: float = 120,
    progress: Progress = silent,
) -> VideoIndex:
    """`IndexingChild.index` for one video. For many, keep a child: starting one takes a third of a second."""
    with IndexingChild(timeout=timeout) as child:
        return child.index(source, folder, height=height, first=first, progress=progress)


class IndexingChild:
    """A process that indexes one video after another; started when needed, again after it was killed.

    It dies when it says nothing for `timeout` seconds; `memory` bounds its address space in bytes (not on
    Windows). For one caller at a time.
    """

    def __init__(self, *, timeout: float = 120, memory: int = 4 * GIB) -> None:
        self._timeout = timeout
        self._memory = memory
        self._process: subprocess.Popen[str] | None = None
        self._said: queue.Queue[str | None] = queue.Queue()

    def index(
        self,
        source: Path,
        folder: Path,
        *,
        height: int = 224,
        first: int | None = None,
        labelled: bool = False,
        progress: Progress = silent,
    ) -> VideoIndex:
        """`index_video` in the child; a decoder that hangs, crashes or fills memory is `UnreadableVideo` too.

        `progress` is asked a few times a second even while the child is silent, so that a stop takes effect
        at once; whatever it raises ends the child first.
        """
        source, folder = Path(source), Path(folder)
        known = known_index(source, folder, height, first)
        if known is not None:
            return known
        order = {"source": str(source), "folder": str(folder), "height": height, "first": first}
        try:
            self._order(order | {"labelled": labelled})
            error = self._attend(source.name, progress)
        except BaseException:
            self.close()
            (folder / PROXY_PARTIAL).unlink(missing_ok=True)
            raise
        if error is not None:
            raise UnreadableVideo(error)
        return VideoIndex.load(folder)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            with suppress(OSError):
                _pipe(self._process.stdin).close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _order(self, order: dict[str, Any]) -> None:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "spotting.child", str(self._memory)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
            self._said = _lines(_pipe(self._process.stdout))
        orders = _pipe(self._process.stdin)
        orders.write(json.dumps(order) + "\n")
        orders.flush()

    def _attend(self, name: str, progress: Progress) -> str | None:
        """Pass progress on until the child answers: its error, or None when the index is written."""
        heard = time.monotonic()
        done: tuple[float, float, str] = (0, 0, name)
        while time.monotonic() - heard < self._timeout:
            try:
                line = self._said.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                progress(*done)
                continue
            heard = time.monotonic()
            if line is None:
                raise UnreadableVideo(f"{name}: the decoder crashed after {done[0]:.0f} pictures")
            message = json.loads(line)
            if "progress" not in message:
                return message["error"]
            done = (*message["progress"],)
            progress(*done)
        raise UnreadableVideo(
            f"{name}: the decoder hung for {self._timeout:g} s after {done[0]:.0f} pictures"
        )


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _lines(stream: IO[str]) -> "queue.Queue[str | None]":
    """What a stream says, line by line, then None; read by a thread so that waiting can be limited."""
    said: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with stream:
            for line in stream:
                said.put(line)
        said.put(None)

    threading.Thread(target=read, daemon=True).start()
    return said


def _serve(memory: int) -> None:
    """The child's part: index what is ordered by lines of JSON; end at once when the parent is gone."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    orders: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin:
            orders.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        order = json.loads(orders.get())
        _say(error=_work(Path(order.pop("source")), Path(order.pop("folder")), memory, order))


def _work(source: Path, folder: Path, memory: int, how: dict[str, Any]) -> str | None:
    try:
        index_video(source, folder, progress=_Reporter(), **how)
    except UnreadableVideo as error:
        return str(error)
    except MemoryError:
        return f"{source.name}: decoding needs more memory than the limit ({memory / GIB:g} GiB)"
    return None


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


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
