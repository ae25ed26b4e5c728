"""Which clips are held out together: folds grouped by source video, balanced, seeded."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from spotting.errors import BadConfig


def assign_folds(sources: Sequence[str], folds: int, seed: int) -> list[int]:
    """The fold, 0 .. K - 1, of every clip, given the source that each was cut from.

    Clips of one source share a fold: their cameras and noise are the same, so a model that saw one has not
    held out the other. Folds hold about as many clips each; `seed` decides ties. With
    fewer sources than `folds`, K is the number of sources (leave one source out); read K as `max(...) + 1`.
    Raises `BadConfig` for fewer than two folds or sources.
    """
    sizes = Counter(sources)
    if folds < 2:
        raise BadConfig(f"folds {folds}: cross-fitting needs 2 or more")
    if len(sizes) < 2:
        raise BadConfig(
            f"all {len(sources)} clips come from one source ({next(iter(sizes), 'none')}): "
            "cross-fitting needs clips of 2 or more, set the grouping so that they can be told apart"
        )
    order = np.random.default_rng(seed).permutation(sorted(sizes)).tolist()
    loads = [0] * min(folds, len(sizes))
    fold_of: dict[str, int] = {}
    for source in sorted(order, key=lambda name: -sizes[name]):
        fold_of[source] = loads.index(min(loads))
        loads[fold_of[source]] += sizes[source]
    return [fold_of[source] for source in sources]
