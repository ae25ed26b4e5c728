"""Numbers the pictures of many media, several at once, each in a child process of its own."""

import os
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from spotting.child import IndexingChild
from spotting.errors import Stopped, UnreadableVideo
from spotting.index import VideoIndex
from spotting.progress import Progress
from spotting.video import ProxyStyle

_TELL_S = 0.25
MOST_CHILDREN = 8

Outcome = VideoIndex | UnreadableVideo


@dataclass(frozen=True, slots=True)
class Wanted:
    """One medium to index: where it lies, where its index goes, the number of a folder's first picture.

    `style` is the working copy's (None: a folder of pictures is read as it is). `labelled`: there are labels
    on the pictures that `folder` is the index of.
    """

    source: Path
    folder: Path
    first: int | None
    style: ProxyStyle | None
    labelled: bool


class _Watch:
    """The children at work: what they last told, and whether they are to stop."""

    def __init__(self, children: Sequence[IndexingChild]) -> None:
        self.shares: dict[Path, float] = {}
        self.stop = threading.Event()
        self._idle: queue.SimpleQueue[IndexingChild] = queue.SimpleQueue()
        for child in children:
            self._idle.put(child)

    def index(self, item: Wanted) -> Outcome:
        """The index of one medium, or why there is none."""

        def progress(done: float, total: float, note: str = "") -> None:
            if self.stop.is_set():
                raise Stopped
            self.shares[item.source] = min(done / total, 1.0) if total else 0.0

        child = self._idle.get()
        self.shares[item.source] = 0.0
        try:
            return child.index(
                item.source,
                item.folder,
                style=item.style,
                first=item.first,
                labelled=item.labelled,
                progress=progress,
            )
        except UnreadableVideo as error:
            return error
        finally:
            self.shares.pop(item.source, None)
            self._idle.put(child)


def index_media(wanted: Sequence[Wanted], progress: Progress) -> dict[Path, Outcome]:
    """The index of every medium, or why there is none, by `Wanted.folder`.

    What is indexed already is found again in a moment. Progress counts media. Raises `Stopped` (out of
    progress); what is complete by then stays on disk.
    """
    count = max(1, min(os.cpu_count() or 1, MOST_CHILDREN, len(wanted)))
    with ExitStack() as stack:
        watch = _Watch([stack.enter_context(IndexingChild()) for _ in range(count)])
        pool = stack.enter_context(ThreadPoolExecutor(count))
        try:
            return _gather(pool, watch, wanted, progress)
        except BaseException:
            watch.stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _gather(
    pool: ThreadPoolExecutor, watch: _Watch, wanted: Sequence[Wanted], progress: Progress
) -> dict[Path, Outcome]:
    outcomes: dict[Path, Outcome] = {}
    pending: dict[Future[Outcome], Wanted] = {pool.submit(watch.index, item): item for item in wanted}
    while pending:
        finished, _ = wait(pending, timeout=_TELL_S, return_when=FIRST_COMPLETED)
        for future in finished:
            outcomes[pending.pop(future).folder] = future.result()
        progress(*_told(watch, len(outcomes), len(wanted)))
    return outcomes


def _told(watch: _Watch, done: int, total: int) -> tuple[float, float, str]:
    shares = dict(watch.shares)
    names = ", ".join(sorted(path.name for path in shares)[:3])
    return done + sum(shares.values()), total, f"{done} of {total} videos numbered; {names}".rstrip("; ")
