"""Columns of the last few datasets that many requests ask for, read again once something changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from storage.audit_stream import Audited, audited
from storage.moves import Moves, Reference, moves, version

MOST = 4
Columns = TypeVar("Columns")
_lock = threading.Lock()
_moves: OrderedDict[tuple[Any, ...], Moves] = OrderedDict()
_audited: OrderedDict[tuple[Any, ...], Audited] = OrderedDict()


def moves_of(
    session: Any, dataset_id: int, run_id: int | None = None, known: Reference | None = None
) -> Moves:
    """`storage.moves.moves`, read once for all the figures of a page: do not write into its arrays."""
    key = (*version(session, dataset_id), run_id, known)
    return _once(_moves, key, lambda: moves(session, dataset_id, run_id, known))


def audited_of(session: Any, dataset_id: int) -> Audited:
    """`storage.audit_stream.audited`, read once for the labels of a queue: do not write into its arrays."""
    return _once(_audited, version(session, dataset_id), lambda: audited(session, dataset_id))


def _once(
    kept: OrderedDict[tuple[Any, ...], Columns], key: tuple[Any, ...], read: Callable[[], Columns]
) -> Columns:
    with _lock:  # a page asks for all it shows at once: the first request reads, the others wait for it
        if key not in kept:
            kept[key] = read()
        kept.move_to_end(key)
        while len(kept) > MOST:
            kept.popitem(last=False)
        return kept[key]
