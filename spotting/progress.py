"""How long work tells how far it is."""

from typing import Protocol

from spotting.errors import Stopped


class Progress(Protocol):
    """Told how far the work is, as often as it likes. Raises `Stopped` when the person asked to stop."""

    def __call__(self, done: float, total: float, note: str = "") -> None: ...


def silent(done: float, total: float, note: str = "") -> None:
    """A `Progress` for work that nobody watches."""


__all__ = ["Progress", "Stopped", "silent"]
