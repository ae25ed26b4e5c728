"""What a person learns about the labels: how far they move, and how far that leaves them from the truth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.workspace import Workspace
from storage import datasets, offsets, runs
from storage.offsets import Histogram, Residuals
from storage.records import EpochRecord

Json = dict[str, Any]
Counts = dict[str, dict[int, int]]


def offset_counts(work: Workspace, dataset_id: int) -> dict[str, Counts]:
    """{"suggested", "decided"}: per class, how many labels moved by how many frames (+ is later)."""
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        return {
            "suggested": _counts(offsets.suggested(session, dataset_id)),
            "decided": _counts(offsets.decided(session, dataset_id)),
        }


def _counts(histograms: Mapping[str, Histogram]) -> Counts:
    return {
        label: dict(zip(found.offsets_K.tolist(), found.counts_K.tolist(), strict=True))
        for label, found in histograms.items()
    }


def residuals(work: Workspace, dataset_id: int) -> list[Json]:
    """Mean |error| in frames of tag, suggestion and final frame, in all and per class; [] without truth."""
    with work.database.reading() as session:
        found = offsets.residuals(session, dataset_id)
    if found is None:
        return []
    classes = np.array(found.labels)
    rows = [_residual_row("all classes", found, np.ones(len(classes), bool))]
    return rows + [_residual_row(str(label), found, classes == label) for label in sorted(set(found.labels))]


def _residual_row(name: str, found: Residuals, chosen_L: NDArray[np.bool_]) -> Json:
    tagged_L, suggested_L = found.tagged_L[chosen_L], found.suggested_L[chosen_L]
    present_L = np.isfinite(suggested_L)
    return {
        "label": name,
        "labels": int(chosen_L.sum()),
        "tagged": _mean(np.abs(tagged_L)),
        "suggested": _mean(np.abs(suggested_L)),
        "final": _mean(np.abs(found.final_L[chosen_L])),
        "better": _mean(np.abs(suggested_L[present_L]) < np.abs(tagged_L[present_L]) - 1e-6),
        "worse": _mean(np.abs(suggested_L[present_L]) > np.abs(tagged_L[present_L]) + 1e-6),
    }


def _mean(values: NDArray[np.floating] | NDArray[np.bool_]) -> float | None:
    """The mean of what is finite; None of nothing."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def matched_curve(work: Workspace, run_id: int) -> Json:
    """The paper's Fig. 5: mean |matched - tagged| and |matched - true|, frames, by epoch over the members."""
    with work.database.reading() as session:
        told = runs.epochs(session, run_id)
    epochs = sorted({epoch.epoch for epoch in told})
    by_epoch: dict[int, list[EpochRecord]] = defaultdict(list)
    for epoch in told:
        by_epoch[epoch.epoch].append(epoch)
    return {
        "epochs": epochs,
        "tagged": [_average(epoch.matched_tagged for epoch in by_epoch[number]) for number in epochs],
        "true": [_average(epoch.matched_true for epoch in by_epoch[number]) for number in epochs],
    }


def _average(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def offsets_told(work: Workspace, dataset_id: int) -> Json:
    """Everything above about a dataset, for scripts."""
    return {**offset_counts(work, dataset_id), "residuals": residuals(work, dataset_id)}
