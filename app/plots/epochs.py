"""Curves over the epochs of a run: Fig. 5, and the traces of single labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, blank, line, named_after_run

MARKED = 40
BANDS = ((0.1, 0.9, "middle 80 %"), (0.25, 0.75, "middle half"))
BESIDE = {"orientation": "v", "x": 1.02, "y": 1, "xanchor": "left", "yanchor": "top"}


@dataclass(frozen=True, slots=True)
class Curve:
    """Mean |matched - `name`| by epoch, and the `level` that unmoved labels would keep (None: not known)."""

    name: str
    values: Mapping[int, float]
    level: float | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A label's matched offset at each epoch, None where it was not matched, and its true offset if known."""

    label_id: int
    label: str
    offsets: Sequence[float | None]
    right: float | None


def matched_curve(run_id: int, curves: Sequence[Curve]) -> go.Figure:
    """The paper's Fig. 5 for one run."""
    figure = blank("epoch", "frames")
    for number, curve in enumerate(curves):
        if curve.values:
            _matched(figure, curve, number)
    figure.update_yaxes(rangemode="tozero")
    named_after_run(figure, run_id)
    return figure


def _matched(figure: go.Figure, curve: Curve, number: int) -> None:
    epochs = list(curve.values)
    figure.add_scatter(
        x=epochs,
        y=list(curve.values.values()),
        name=f"|matched − {curve.name}|",
        mode="lines+markers" if len(epochs) < MARKED else "lines",
        hovertemplate="epoch %{x}: %{y:.2f} frames",
        **line(number),
    )
    if curve.level is not None:
        figure.add_scatter(
            x=[epochs[0], epochs[-1]],
            y=[curve.level] * 2,
            name=f"|tagged − {curve.name}| = {curve.level:.2f}",
            mode="lines",
            line={"color": COLOURS[number], "dash": "dot", "width": 2},
        )


def offset_traces(
    run_id: int, epochs: Sequence[int], bands: Mapping[float, Sequence[float]], traces: Sequence[Trace]
) -> go.Figure:
    """Single labels over the quantiles of all (`bands` by quantile: 0.1, 0.25, 0.5, 0.75, 0.9)."""
    figure = blank("epoch", "matched − tagged, frames", height=420)
    for low, high, name in BANDS:
        _band(figure, epochs, bands[low], bands[high], name)
    for number, trace in enumerate(traces):
        _trace(figure, epochs, trace, number)
    figure.update_layout(legend=BESIDE)
    named_after_run(figure, run_id)
    return figure


def _band(
    figure: go.Figure, epochs: Sequence[int], low: Sequence[float], high: Sequence[float], name: str
) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=epochs, y=low, showlegend=False, **edge)
    figure.add_scatter(x=epochs, y=high, fill="tonexty", fillcolor="rgba(120,130,150,.22)", name=name, **edge)


def _trace(figure: go.Figure, epochs: Sequence[int], trace: Trace, number: int) -> None:
    name, colour = f"{trace.label} {trace.label_id}", COLOURS[number % len(COLOURS)]
    figure.add_scatter(x=epochs, y=trace.offsets, mode="lines", name=name, line=line(number)["line"])
    if trace.right is not None:
        figure.add_scatter(
            x=[epochs[-1]],
            y=[trace.right],
            mode="markers",
            marker={"symbol": "diamond", "size": 9, "color": colour},
            name=f"{name}, true",
            showlegend=False,
        )
