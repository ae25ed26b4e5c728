"""Indexing in a child process, so that a decoder that hangs, crashes or swallows memory harms nobody else."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, astuple
from pathlib import Path
from typing import IO, Any, Self

from spotting.errors import UnreadableVideo
from spotting.estimate import Estimate, estimate
from spotting.progress import Progress, silent
from spotting.video import PROXY_PARTIAL, ProxyStyle, VideoIndex, index_video, known_index

if sys.platform != "win32":
    import resource

GIB = 1 << 30
_TICK_SECONDS = 0.25
_SAY_SECONDS = 0.1
_USUAL = ProxyStyle()


def index_in_child(
    source: Path,
    folder: Path,
    *,
    style: ProxyStyle | None = _USUAL,
    first: int | None = None,
    labelled: bool = False,
    timeout: float = 120,
    progress: Progress = silent,
) -> VideoIndex:
    """`IndexingChild.index` for one video. For many, keep a child: starting one takes a third of a second."""
    with IndexingChild(timeout=timeout) as child:
        return child.index(source, folder, style=style, first=first, labelled=labelled, progress=progress)


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
        style: ProxyStyle | None = _USUAL,
        first: int | None = None,
        labelled: bool = False,
        progress: Progress = silent,
    ) -> VideoIndex:
        """`index_video` in the child; a decoder that hangs, crashes or fills memory is `UnreadableVideo` too.

        `progress` is asked a few times a second even while the child is silent, so that a stop takes effect
        at once; whatever it raises ends the child first.
        """
        source, folder = Path(source), Path(folder)
        known = known_index(source, folder, style, first)
        if known is not None:
            return known
        try:
            self._ask(source, style, first, progress, folder=str(folder), labelled=labelled)
        except BaseException:
            (folder / PROXY_PARTIAL).unlink(missing_ok=True)
            raise
        return VideoIndex.load(folder)

    def estimate(
        self, source: Path, *, style: ProxyStyle | None = _USUAL, first: int | None = None
    ) -> Estimate:
        """`spotting.estimate.estimate` in the child; raises `UnreadableVideo` as `index` does."""
        return Estimate(*self._ask(source, style, first, silent)["estimate"])

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

    def _ask(
        self, source: Path, style: ProxyStyle | None, first: int | None, progress: Progress, **index: Any
    ) -> dict[str, Any]:
        """What the child answers about a source (`index`: where its index goes); an error is raised."""
        order = {"source": str(source), "style": style and asdict(style), "first": first, "index": index}
        try:
            self._order(order)
            answer = self._attend(source.name, progress)
        except BaseException:
            self.close()
            raise
        if answer["error"] is not None:
            raise UnreadableVideo(answer["error"])
        return answer

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

    def _attend(self, name: str, progress: Progress) -> dict[str, Any]:
        """Pass progress on until the child answers."""
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
                return message
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
        try:
            _say(error=None, **_work(**order))
        except UnreadableVideo as error:
            _say(error=str(error))
        except MemoryError:
            limit = f"decoding needs more memory than the limit ({memory / GIB:g} GiB)"
            _say(error=f"{Path(order['source']).name}: {limit}")


def _work(
    source: str, style: dict[str, int] | None, first: int | None, index: dict[str, Any]
) -> dict[str, Any]:
    """Index the source, or only estimate it where there is no place for an index."""
    wanted = ProxyStyle(**style) if style else None
    if not index:
        return {"estimate": astuple(estimate(Path(source), style=wanted, first=first))}
    index_video(
        Path(source),
        Path(index["folder"]),
        style=wanted,
        first=first,
        labelled=index["labelled"],
        progress=_Reporter(),
    )
    return {}


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
