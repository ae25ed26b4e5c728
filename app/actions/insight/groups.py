"""Offsets by class, annotator, video or run: their histograms, and their bias against their spread."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from app.actions.insight.asked import Asked, Drawn, nothing, rounded
from app.plots.histograms import Histogram, histograms
from app.plots.spread import Dot, bias_and_spread
from spotting.intervals import discoveries
from spotting.spread import Spread, spread
from storage import offsets
from storage.moves import suggested_runs
from storage.offsets import Blocks, By, Part

FARTHEST = 15
PANELS = 12
FEWEST = 30
UNDECIDED = "undecided"
NO_MOVES = {
    "suggested": "There are no suggestions yet: they come with training.",
    "decided": "Nobody has decided anything here yet.",
    "corrected": "No label with a suggestion is decided yet.",
}
HISTOGRAM = ("group", "offset_frames", "labels", "share")
SPREAD = (
    *("group", "labels", "clips", "bias_frames", "bias_low", "bias_high", "spread_frames"),
    *("spread_low", "spread_high", "p_value", "differs_from_0"),
)


def histogram(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """How many labels move by how many whole frames, one panel per group."""
    counted = [_histogram(name, counts) for name, counts in _counted(session, dataset_id, asked).items()]
    counted.sort(key=lambda one: (-one.labels, one.name))
    if not counted:
        return nothing(HISTOGRAM, NO_MOVES[asked.stage])
    rows = [
        (one.name, shift, count, rounded(count / one.labels))
        for one in counted
        for shift, count in zip(one.shifts, one.counts, strict=True)
        if count
    ]
    return Drawn(columns=HISTOGRAM, rows=rows, plot=histograms(counted[:PANELS], len(counted), asked.columns))


def _counted(session: Any, dataset_id: int, asked: Asked) -> dict[str, Counter[int]]:
    """Labels by whole-frame offset, per group."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for run, by, part in _parts(session, dataset_id, asked):
        for name, offset, labels in offsets.counts(session, dataset_id, stage=asked.stage, by=by, part=part):
            found[run or name or UNDECIDED][offset] += labels
    return found


def _parts(session: Any, dataset_id: int, asked: Asked) -> Iterator[tuple[str, By | None, Part]]:
    """What to count, as the groups of a column, or once for each run (named) to compare them."""
    by_run = asked.by == "run" and asked.stage != "decided"
    for run_id in suggested_runs(session, dataset_id) if by_run else [asked.run]:
        part = Part(
            label=asked.label_class or None,
            annotator=asked.annotator or None,
            source=asked.video or None,
            audit=asked.sample == "audit",
            run_id=run_id,
        )
        yield f"run {run_id}" if by_run else "", None if asked.by == "run" else asked.by, part


def _histogram(name: str, counts: Counter[int]) -> Histogram:
    held: Counter[int] = Counter()
    for offset, labels in counts.items():
        held[max(-FARTHEST, min(offset, FARTHEST))] += labels
    reach = max(3, *map(abs, held))
    shifts = list(range(-reach, reach + 1))
    return Histogram(
        name=name,
        shifts=shifts,
        counts=[held[shift] for shift in shifts],
        mean=sum(offset * labels for offset, labels in counts.items()) / counts.total(),
    )


def bias_spread(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Bias against spread of every group, with bootstrap intervals over clips."""
    told = {
        run or name or UNDECIDED: _spread(blocks)
        for run, by, part in _parts(session, dataset_id, asked)
        for name, blocks in offsets.by_block(session, dataset_id, stage=asked.stage, by=by, part=part).items()
    }
    if not told:
        return nothing(SPREAD, NO_MOVES[asked.stage])
    groups = sorted(told.items(), key=lambda group: (-group[1].count, group[0]))
    differs = discoveries(np.array([one.p_value for _, one in groups]))
    dots = [
        Dot(name, one, bool(real), one.count < FEWEST)
        for (name, one), real in zip(groups, differs, strict=True)
    ]
    return Drawn(columns=SPREAD, rows=[_spread_row(dot) for dot in dots], plot=bias_and_spread(dots))


def _spread(blocks: Blocks) -> Spread:
    return replace(spread(blocks.offsets_G, blocks.blocks_G, blocks.labels_G), clips=blocks.clips)


def _spread_row(dot: Dot) -> tuple[str | int | float | None, ...]:
    one: Spread = dot.spread
    bias_low, bias_high = one.bias_bounds or (None, None)
    low, high = one.spread_bounds or (None, None)
    return (
        *(dot.name, one.count, one.clips, rounded(one.bias), rounded(bias_low), rounded(bias_high)),
        *(rounded(one.spread), rounded(low), rounded(high), rounded(one.p_value, 4)),
        "yes" if dot.differs else "no",
    )
