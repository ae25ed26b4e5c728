"""The training trace of a run: Fig. 5 of the paper, and the matched offsets of single labels by epoch."""

from typing import Any

import numpy as np

from app.actions.insight.asked import Asked, Drawn, chosen, nothing, right_of, rounded
from app.actions.insight.singles import pick
from app.actions.kept import moves_of
from app.plots.epochs import Curve, Trace, matched_curve, offset_traces
from spotting.errors import NotFound
from storage import runs
from storage.moves import Moves
from storage.traces import QUANTILES, distances, traces

MATCHED = ("epoch", "matched_to_tagged", "matched_to_true", "matched_to_decided")
TRACES = ("label_id", "label", "epoch", "matched_offset_frames")
SINGLES = 12
NO_MATCHES = "Run {} has recorded no matches: no epoch has ended yet, or its objective matches nothing."


def _run(session: Any, dataset_id: int, asked: Asked) -> int | None:
    """The run asked for, else the newest one with an epoch, else the newest."""
    known = [run.id for run in runs.list_runs(session, dataset_id)]
    if asked.run is not None and asked.run not in known:
        raise NotFound(f"this dataset has no run {asked.run}")
    if asked.run is not None:
        return asked.run
    return next((run_id for run_id in known if runs.epochs(session, run_id)), next(iter(known), None))


def _absent(columns: tuple[str, ...], run_id: int | None) -> Drawn:
    why = "There is no training yet." if run_id is None else NO_MATCHES.format(run_id)
    return nothing(columns, why)


def matched(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """Fig. 5: mean |matched - tagged|, |matched - true| and |matched - decided| by epoch."""
    run_id = _run(session, dataset_id, asked)
    if run_id is None:
        return _absent(MATCHED, run_id)
    part = chosen(moves_of(session, dataset_id), asked)
    names = (("tagged", part.tagged_L), ("true", part.true_L), ("decided", part.decided_L))
    curves = [_curve(session, run_id, part, name, right_L - part.tagged_L) for name, right_L in names]
    epochs = sorted({epoch for curve in curves for epoch in curve.values})
    if not epochs:
        return _absent(MATCHED, run_id)
    rows = [(epoch, *(rounded(curve.values.get(epoch)) for curve in curves)) for epoch in epochs]
    return Drawn(columns=MATCHED, rows=rows, plot=matched_curve(run_id, curves))


def _curve(session: Any, run_id: int, part: Moves, name: str, moves_L: np.ndarray) -> Curve:
    """How far the matches are from a reference, and how far the tags are: what no move would come to."""
    known_L = np.isfinite(moves_L)
    if not known_L.any():
        return Curve(name, {}, None)
    told = distances(session, run_id, part.ids_L[known_L], moves_L[known_L])
    return Curve(name, told, None if name == "tagged" else float(np.abs(moves_L[known_L]).mean()))


def single_traces(session: Any, dataset_id: int, asked: Asked) -> Drawn:
    """The matched offset of single labels, epoch by epoch, over the quantiles of all."""
    run_id = _run(session, dataset_id, asked)
    if run_id is None:
        return _absent(TRACES, run_id)
    part = chosen(moves_of(session, dataset_id), asked)
    shown = part.where(pick(part, asked.pick, SINGLES))
    told = traces(session, run_id, shown.ids_L)
    if not len(told.epochs_E):
        return _absent(TRACES, run_id)
    right_L = right_of(shown, "truth") - shown.tagged_L
    lines = [
        Trace(int(label_id), str(label), [rounded(value) for value in offsets_E], rounded(right))
        for label_id, label, offsets_E, right in zip(
            shown.ids_L, shown.labels_L, told.offsets_LE, right_L, strict=True
        )
    ]
    epochs = told.epochs_E.tolist()
    rows = [
        (line.label_id, line.label, epoch, offset)
        for line in lines
        for epoch, offset in zip(epochs, line.offsets, strict=True)
        if offset is not None
    ]
    bands = dict(zip(QUANTILES, told.quantiles_QE.tolist(), strict=True))
    return Drawn(columns=TRACES, rows=rows, plot=offset_traces(run_id, epochs, bands, lines))
