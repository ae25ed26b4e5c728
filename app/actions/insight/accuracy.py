"""How right the labels are: before and after correction, run against run (Fig. 6), class by class."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Asked, Drawn, chosen, nothing, right_of, rounded
from app.actions.insight.trust import NO_REFERENCE
from app.actions.kept import moves_of
from app.plots.accuracy import Line, accuracy_plot, change_plot
from spotting.precision import average_precision
from storage import runs
from storage.moves import Moves, suggested_runs

TOLERANCES = (0, 1, 2, 3, 4)
PRECISION = ("labels_at", "tolerance_frames", "mean_average_precision", "labels")
RUNS = ("run", "objective", "reach_frames", "tolerance_frames", "mean_average_precision", "labels")
CHANGE = ("class", "labels", "tagged", "suggested", "final", "nearer", "farther")


def before_after(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """mAP@δ of the labels as given, as suggested, and as they stand."""
    part = _known(session, dataset_id, asked, asked.run)
    if part is None:
        return nothing(PRECISION, NO_REFERENCE[asked.reference])
    places = {"given": part.tagged_L, "suggested": part.suggested_L}
    if asked.reference == "truth":
        places["as they stand"] = np.where(np.isfinite(part.decided_L), part.decided_L, part.tagged_L)
    lines = [
        Line(name, _precision(part, asked, frames_L, part.confidence_L if name == "suggested" else None))
        for name, frames_L in places.items()
    ]
    rows = [(line.name, at, rounded(value), len(part)) for line in lines for at, value in line.values.items()]
    return Drawn(columns=PRECISION, rows=rows, plot=accuracy_plot(lines))


def by_run(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Fig. 6: mAP@δ of the suggestions of every run, beside its reach."""
    known = {run.id: run.config for run in runs.list_runs(session, dataset_id)}
    lines, rows = [], []
    for run_id in suggested_runs(session, dataset_id):
        part = _known(session, dataset_id, asked, run_id)
        if part is None:
            continue
        config = known[run_id]
        objective, reach = config.get("objective", ""), config.get("reach")
        values = _precision(part, asked, part.suggested_L, part.confidence_L)
        lines.append(Line(f"run {run_id}: {objective}, reach {reach:.3g}", values))
        rows += [
            (run_id, objective, rounded(reach, 2), at, rounded(value), len(part))
            for at, value in values.items()
        ]
    if not lines:
        return nothing(RUNS, NO_REFERENCE[asked.reference])
    return Drawn(columns=RUNS, rows=rows, plot=accuracy_plot(lines))


def _known(session: Any, dataset_id: int, asked: Asked, run_id: int | None) -> Moves | None:
    """The labels with a suggestion whose right frame is known; None if there are none."""
    part = chosen(moves_of(session, dataset_id, run_id, asked.reference), asked)
    known = part.where(np.isfinite(part.suggested_L) & np.isfinite(right_of(part, asked.reference)))
    return known if len(known) else None


def _precision(
    part: Moves, asked: Asked, frames_L: NDArray[np.float64], scores_L: NDArray[np.float64] | None
) -> dict[int, float]:
    """mAP at each tolerance of events at `frames_L` against the frames that count as right."""
    right_L = np.rint(right_of(part, asked.reference)).astype(np.int64)
    at_L = frames_L.astype(np.int64)
    scores_L = np.ones(len(part)) if scores_L is None else scores_L
    names, classes_L = np.unique(part.labels_L, return_inverse=True)
    rows = [np.nonzero(classes_L == number)[0] for number in range(len(names))]

    def precision(own: NDArray[np.int64], tolerance: int) -> float:
        clips = part.clips_L[own]
        return average_precision(clips, at_L[own], scores_L[own], clips, right_L[own], tolerance)

    return {
        tolerance: float(np.mean([precision(own, tolerance) for own in rows])) for tolerance in TOLERANCES
    }


def change(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Mean distance to the true frame of tag, suggestion and present frame, in all and per class."""
    part = chosen(moves_of(session, dataset_id, asked.run, "truth"), asked)
    if not len(part):
        return nothing(CHANGE, "The true frames are not known here (they are for simulated noise).")
    names = ["all classes", *np.unique(part.labels_L).tolist()]
    rows = [
        (name, *_change_row(part if name == "all classes" else part.where(part.labels_L == name)))
        for name in names
    ]
    return Drawn(columns=CHANGE, rows=rows, plot=change_plot(rows))


def _change_row(part: Moves) -> tuple[int | float | None, ...]:
    tagged_L, suggested_L = np.abs(part.tagged_L - part.true_L), np.abs(part.suggested_L - part.true_L)
    final_L = np.abs(np.where(np.isfinite(part.decided_L), part.decided_L, part.tagged_L) - part.true_L)
    moved_L = (suggested_L - tagged_L)[np.isfinite(suggested_L)]
    nearer, farther = _mean(moved_L < -1e-6), _mean(moved_L > 1e-6)
    return (len(part), *map(_mean, (tagged_L, suggested_L, final_L)), nearer, farther)


def _mean(values: NDArray[Any]) -> float | None:
    """The mean of what is known; None of nothing."""
    known = values[np.isfinite(values)]
    return rounded(float(known.mean())) if len(known) else None
