"""A progress bar on the terminal for work that tells how far it is."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from spotting.progress import Progress

WIDTH = 30


@contextmanager
def progress_bar() -> Generator[Progress]:
    """A `Progress` drawn on one line of stderr, and nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, note="": None
        return

    def draw(done: float, total: float, note: str = "") -> None:
        share = done / total if total else 0.0
        filled = round(WIDTH * min(share, 1.0))
        bar = "█" * filled + "·" * (WIDTH - filled)
        sys.stderr.write(f"\r{bar} {share:4.0%} {note[:70]:<70}")
        sys.stderr.flush()

    try:
        yield draw
    finally:
        sys.stderr.write("\r" + " " * (WIDTH + 76) + "\r")
