"""Which clips are held out together: folds grouped by source video, balanced, seeded."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from spotting.errors import BadConfig


def assign_folds(
    sources: Sequence[str], folds: int, seed: int, annotators: Sequence[str | None] | None = None
) -> list[int]:
    """The fold, 0 .. K - 1, of every clip, given the source that each was cut from and who labelled it.

    Clips of one source share a fold: their cameras and noise are the same, so a model that saw one has not
    held out the other. Each annotator's clips are spread over the folds, so that no model learns more of
    one's lag than another does and takes it for the event's time; folds hold about as many clips each; `seed`
    decides ties. With fewer sources than `folds`, K is the number of sources (leave one source out); read K
    as `max(...) + 1`. Raises `BadConfig` for fewer than two folds or sources.
    """
    sizes = Counter(sources)
    if folds < 2:
        raise BadConfig(f"folds {folds}: cross-fitting needs 2 or more")
    if len(sizes) < 2:
        raise BadConfig(
            f"all {len(sources)} clips come from one source ({next(iter(sizes), 'none')}): "
            "cross-fitting needs clips of 2 or more, set the grouping so that they can be told apart"
        )
    of_source = {source: Counter[str | None]() for source in sizes}
    for source, annotator in zip(sources, annotators or [None] * len(sources), strict=True):
        of_source[source][annotator] += 1
    loads: Counter[object] = Counter()
    fold_of: dict[str, int] = {}
    order = np.random.default_rng(seed).permutation(sorted(sizes)).tolist()
    for source in sorted(order, key=lambda name: -sizes[name]):
        annotator = of_source[source].most_common(1)[0][0]
        fold = min(
            range(min(folds, len(sizes))), key=lambda each: (loads[each, annotator], loads[each], each)
        )
        fold_of[source] = fold
        loads[fold, annotator] += sizes[source]
        loads[fold] += sizes[source]
    return [fold_of[source] for source in sources]
