"""Whether suggestions can be trusted: calibration, risk against coverage, score gaps (Table 3)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions.insight.asked import Asked, Drawn, chosen, nothing, right_of, rounded
from app.actions.kept import moves_of
from app.plots.trust import Gaps, calibration_plot, gap_plot, risk_plot
from spotting.reliability import bins, risk_coverage
from spotting.score_gap import score_gaps
from storage import runs
from storage.moves import Moves, curves, suggested_runs

NO_REFERENCE = {
    "truth": "The true frames are not known here: choose decisions as the reference.",
    "decided": "No label with a suggestion is decided yet.",
}
CALIBRATION = ("labels", "mean_confidence", "share_right", "low", "high")
RISK = ("coverage", "risk", "risk_of_a_perfect_order", "least_confidence")
GAPS = ("run", "objective", "reach_frames", "class", "labels", "mean_gap", "median_gap")
POINTS = 400


def _judged(session: Any, dataset_id: int, asked: Asked) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Confidence and whether it was right, of the suggestions whose right frame is known."""
    part = chosen(moves_of(session, dataset_id, asked.run, asked.reference), asked)
    errors_L = part.suggested_L - right_of(part, asked.reference)
    known_L = np.isfinite(errors_L)
    return part.confidence_L[known_L], np.abs(errors_L[known_L]) < asked.tolerance + 0.5


def calibration(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """The share of suggestions that are right at each confidence."""
    confidence_G, right_G = _judged(session, dataset_id, asked)
    if not len(right_G):
        return nothing(CALIBRATION, NO_REFERENCE[asked.reference])
    found = bins(confidence_G, right_G)
    rows = [(one.count, *map(rounded, (one.claimed, one.right, one.low, one.high))) for one in found]
    return Drawn(columns=CALIBRATION, rows=rows, plot=calibration_plot(found))


def risk(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """What share of the accepted is wrong when the surest are accepted first."""
    confidence_G, right_G = _judged(session, dataset_id, asked)
    if not len(right_G):
        return nothing(RISK, NO_REFERENCE[asked.reference])
    curve = risk_coverage(confidence_G, right_G)
    at = np.unique(np.linspace(0, len(right_G) - 1, POINTS).astype(int))
    rows = [
        tuple(map(rounded, point))
        for point in zip(
            curve.coverage_G[at], curve.risk_G[at], curve.best_G[at], curve.confidence_G[at], strict=True
        )
    ]
    return Drawn(columns=RISK, rows=rows, plot=risk_plot(rows))


def gaps(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Table 3: mean gap between the best and second best score near a label, per run and class."""
    known = {run.id: run.config for run in runs.list_runs(session, dataset_id)}
    part = chosen(moves_of(session, dataset_id), asked)
    alone_L = _alone(moves_of(session, dataset_id), asked.tolerance)
    rows, bars = [], []
    for run_id in suggested_runs(session, dataset_id):
        found = _gaps_of(session, dataset_id, run_id, asked.tolerance)
        config = known[run_id]
        name = f"run {run_id}"
        classes = {}
        for label in np.unique(part.labels_L).tolist():
            ids = part.ids_L[part.labels_L == label]
            values = np.array([found[i] for i in ids.tolist() if i in found and i in alone_L])
            values = values[np.isfinite(values)]
            if len(values):
                classes[label] = float(values.mean())
                figures = (len(values), rounded(values.mean()), rounded(float(np.median(values))))
                rows.append((name, config.get("objective"), rounded(config.get("reach"), 2), label, *figures))
        bars.append(Gaps(name, classes))
    if not rows:
        return nothing(GAPS, "There are no suggestions with scores for labels that stand alone.")
    return Drawn(columns=GAPS, rows=rows, plot=gap_plot(bars))


def _gaps_of(session: Any, dataset_id: int, run_id: int, tolerance: int) -> dict[int, float]:
    found = curves(session, dataset_id, run_id)
    side = found.scores_GS.shape[1] // 2
    if not len(found.ids_G) or side < 1:
        return {}
    gaps_G = score_gaps(found.scores_GS, max(1, min(tolerance, side)))
    return dict(zip(found.ids_G.tolist(), gaps_G.tolist(), strict=True))


def _alone(part: Moves, tolerance: int) -> set[int]:
    """The labels that have no other label of their clip within `tolerance` frames."""
    order = np.lexsort((part.tagged_L, part.clips_L))
    clips, frames = part.clips_L[order], part.tagged_L[order]
    near = (clips[1:] == clips[:-1]) & (np.diff(frames) <= tolerance)
    crowded = np.zeros(len(part), dtype=bool)
    crowded[1:] |= near
    crowded[:-1] |= near
    return set(part.ids_L[order][~crowded].tolist())
