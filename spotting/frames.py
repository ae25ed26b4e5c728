"""Random access by ordinal: pictures as they were asked for, and the few decoders a process keeps open."""

import atexit
import os
import threading
from collections.abc import Generator, Hashable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_OPEN_READERS = 4


class Reader(Protocol):
    """An open decoder, for one caller at a time; reading onwards is cheap, backwards may cost a seek."""

    def picture(self, ordinal: int) -> NDArray[np.uint8]:
        """Picture `ordinal` as uint8 RGB [H, W, 3]; raises `UnreadableVideo`."""
        ...

    def close(self) -> None: ...


class Recipe(Hashable, Protocol):
    """How to open a reader. Equal recipes open the same pictures."""

    def open(self) -> Reader: ...


@dataclass(frozen=True, slots=True)
class StoredFrames:
    """The pictures of one video by ordinal. Holds nothing open: share it, pickle it, fork with it.

    Where `identity` is equal, so are all pictures.
    """

    recipe: Recipe
    num_frames: int
    width: int
    height: int
    identity: str

    def __len__(self) -> int:
        return self.num_frames

    def read(self, indices: Sequence[int]) -> NDArray[np.uint8]:
        """Pictures at `indices`, any order, repeats allowed: uint8 RGB [len(indices), height, width, 3].

        Raises `IndexError` below 0 or past the end, `TypeError` for what is not a whole number, and
        `UnreadableVideo` when the file was lost or changed.
        """
        wanted_K = _whole_ordinals(indices, self.num_frames)
        if not len(wanted_K):
            return np.empty((0, self.height, self.width, 3), np.uint8)
        with _shelf.lend(self.recipe) as reader:
            if len(wanted_K) == 1:
                return np.ascontiguousarray(reader.picture(int(wanted_K[0])))[None]
            return self._several(wanted_K, reader)

    def _several(self, wanted_K: NDArray[np.int64], reader: Reader) -> NDArray[np.uint8]:
        """Decode in ascending order, each picture once."""
        pictures = np.empty((len(wanted_K), self.height, self.width, 3), np.uint8)
        order_K = np.argsort(wanted_K, kind="stable")
        for before, place in zip([None, *order_K], order_K, strict=False):
            again = before is not None and wanted_K[place] == wanted_K[before]
            pictures[place] = pictures[before] if again else reader.picture(int(wanted_K[place]))
        return pictures


def _whole_ordinals(indices: Sequence[int], count: int) -> NDArray[np.int64]:
    asked_K = np.asarray(indices)
    if asked_K.ndim != 1 or (asked_K.size and asked_K.dtype.kind not in "iu"):
        raise TypeError(f"frames are asked by a list of whole numbers, not {asked_K.dtype} {asked_K.shape}")
    wrong = asked_K[(asked_K < 0) | (asked_K >= count)]
    if wrong.size:
        raise IndexError(f"frame {wrong[0]} is outside 0..{count - 1}")
    return asked_K.astype(np.int64)


class _Shelf:
    """Open readers, each lent to one caller at a time; the longest unused are closed first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: list[tuple[Recipe, Reader]] = []

    @contextmanager
    def lend(self, recipe: Recipe) -> Generator[Reader]:
        """A reader made by `recipe`, back on the shelf afterwards unless it failed."""
        reader = self._take(recipe) or recipe.open()
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        self._put(recipe, reader)

    def _take(self, recipe: Recipe) -> Reader | None:
        with self._lock:
            for place, (held, reader) in enumerate(self._readers):
                if held == recipe:
                    del self._readers[place]
                    return reader
        return None

    def _put(self, recipe: Recipe, reader: Reader) -> None:
        with self._lock:
            self._readers.append((recipe, reader))
            surplus = self._readers.pop(0)[1] if len(self._readers) > _OPEN_READERS else None
        if surplus is not None:
            surplus.close()

    def clear(self) -> None:
        """Close what is on the shelf."""
        with self._lock:
            readers, self._readers = self._readers, []
        for _, reader in readers:
            reader.close()


_shelf = _Shelf()


def _forget_readers() -> None:
    """A forked child shares file positions with its parent: it starts with an empty shelf."""
    global _shelf
    _shelf = _Shelf()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_readers)


@atexit.register
def _close_readers() -> None:
    """Decoders end before the interpreter does: afterwards they cannot any more."""
    _shelf.clear()
