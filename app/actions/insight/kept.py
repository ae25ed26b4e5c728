"""The columns of the last few datasets that figures were drawn from, read again once something changed."""

import threading
from collections import OrderedDict
from typing import Any

from storage.moves import Moves, moves, version

MOST = 4
_lock = threading.Lock()
_kept: OrderedDict[tuple[Any, ...], Moves] = OrderedDict()


def moves_of(session: Any, dataset_id: int, run_id: int | None = None) -> Moves:
    """`storage.moves.moves`, read once for all the figures of a page: do not write into its arrays."""
    key = (*version(session, dataset_id), run_id)
    with _lock:  # a page asks for all its figures at once: the first one reads, the others wait for it
        if key not in _kept:
            _kept[key] = moves(session, dataset_id, run_id)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return _kept[key]
