"""Offsets by class, annotator, video or run: their histograms, and their bias against their spread."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Asked, Drawn, chosen, names_of, nothing, offsets_of, rounded
from app.actions.kept import moves_of
from app.plots.histograms import Histogram, histograms
from app.plots.spread import Dot, bias_and_spread
from spotting.intervals import discoveries
from spotting.spread import Spread, spread
from storage import offsets
from storage.moves import Moves, suggested_runs
from storage.offsets import Part

FARTHEST = 15
PANELS = 12
FEWEST = 30
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


@dataclass(frozen=True, slots=True)
class Group:
    """The whole-frame offsets [G] of a group, and the clips they are in."""

    name: str
    offsets_G: NDArray[np.int64]
    clips_G: NDArray[np.int64]


def _groups(session: Any, dataset_id: int, asked: Asked) -> list[Group]:
    """The groups asked for that have labels, largest first."""
    found = [
        group for name, part in _parts(session, dataset_id, asked) for group in _split(part, asked, name)
    ]
    return sorted(found, key=lambda group: (-len(group.offsets_G), group.name))


def _parts(session: Any, dataset_id: int, asked: Asked) -> Iterator[tuple[str, Moves]]:
    """The labels with the suggestions of the run asked for, or once for each run, to compare them."""
    if asked.by == "run" and asked.stage != "decided":
        for run_id in suggested_runs(session, dataset_id):
            yield f"run {run_id}", chosen(moves_of(session, dataset_id, run_id), asked)
    else:
        yield "all", chosen(moves_of(session, dataset_id, asked.run), asked)


def _split(part: Moves, asked: Asked, name: str) -> Iterator[Group]:
    offsets_L = offsets_of(part, asked.stage)
    known_L = np.isfinite(offsets_L)
    if not known_L.any():
        return
    names, group_K = np.unique(names_of(part, asked.by)[known_L], return_inverse=True)
    order_K = np.argsort(group_K, kind="stable")
    moves_K, clips_K = np.rint(offsets_L[known_L]).astype(np.int64)[order_K], part.clips_L[known_L][order_K]
    ends = np.cumsum(np.bincount(group_K, minlength=len(names)))[:-1]
    for group, own, clips in zip(
        names.tolist(), np.split(moves_K, ends), np.split(clips_K, ends), strict=True
    ):
        yield Group(name if asked.by == "run" else group or "undecided", own, clips)


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
    by_run = asked.by == "run" and asked.stage != "decided"
    run_ids = suggested_runs(session, dataset_id) if by_run else [asked.run]
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for run_id in run_ids:
        rows = offsets.counts(
            session,
            dataset_id,
            stage=asked.stage,
            by=None if asked.by == "run" else asked.by,
            part=Part(
                label=asked.label_class or None,
                annotator=asked.annotator or None,
                source=asked.video or None,
                audit=asked.sample == "audit",
                run_id=run_id,
            ),
        )
        for name, offset, labels in rows:
            found[f"run {run_id}" if by_run else name or "undecided"][offset] += labels
    return found


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
    groups = _groups(session, dataset_id, asked)
    if not groups:
        return nothing(SPREAD, NO_MOVES[asked.stage])
    told = [spread(group.offsets_G, group.clips_G) for group in groups]
    differs = discoveries(np.array([one.p_value for one in told]))
    dots = [
        Dot(group.name, one, bool(real), one.count < FEWEST)
        for group, one, real in zip(groups, told, differs, strict=True)
    ]
    return Drawn(columns=SPREAD, rows=[_spread_row(dot) for dot in dots], plot=bias_and_spread(dots))


def _spread_row(dot: Dot) -> tuple[str | int | float | None, ...]:
    one: Spread = dot.spread
    bias_low, bias_high = one.bias_bounds or (None, None)
    low, high = one.spread_bounds or (None, None)
    return (
        *(dot.name, one.count, one.clips, rounded(one.bias), rounded(bias_low), rounded(bias_high)),
        *(rounded(one.spread), rounded(low), rounded(high), rounded(one.p_value, 4)),
        "yes" if dot.differs else "no",
    )
