"""Calibration, risk against coverage, and score gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, MARKS, bars, blank
from spotting.reliability import Bin

DOTTED = {"color": COLOURS[6], "dash": "dot"}


@dataclass(frozen=True, slots=True)
class Gaps:
    """A run's mean score gap by class."""

    name: str
    by_class: Mapping[str, float]


def calibration_plot(bins: Sequence[Bin]) -> go.Figure:
    """Share right against confidence; on the diagonal confidence is what it says."""
    figure = blank("confidence claimed", "share right")
    right = [one.right for one in bins]
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", name="as claimed", line=DOTTED)
    figure.add_scatter(
        x=[one.claimed for one in bins],
        y=right,
        customdata=[one.count for one in bins],
        error_y=bars(right, [one.low for one in bins], [one.high for one in bins], COLOURS[0]),
        mode="lines+markers",
        name="suggestions",
        line={"color": COLOURS[0]},
        marker={"size": 8},
        hovertemplate="%{customdata:,} labels: claimed %{x:.0%}, right %{y:.0%}<extra></extra>",
    )
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def risk_plot(points: Sequence[Sequence[float | None]]) -> go.Figure:
    """Points of coverage, risk, least risk possible, least confidence accepted."""
    figure = blank("share accepted, surest first", "share of them wrong")
    coverage, risk, best, confidence = zip(*points, strict=True)
    figure.add_scatter(
        x=coverage,
        y=risk,
        customdata=confidence,
        mode="lines",
        name="suggestions",
        line={"color": COLOURS[0], "width": 2},
        hovertemplate="%{x:.0%} accepted (confidence ≥ %{customdata:.2f}): %{y:.1%} wrong<extra></extra>",
    )
    figure.add_scatter(x=coverage, y=best, mode="lines", name="perfect order", line=DOTTED)
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(rangemode="tozero", tickformat=".0%")
    return figure


def gap_plot(runs: Sequence[Gaps]) -> go.Figure:
    """Mean score gap per class, one mark per run."""
    figure = blank("class", "mean score gap")
    for number, run in enumerate(runs):
        at = number % len(COLOURS)
        figure.add_scatter(
            x=list(run.by_class),
            y=list(run.by_class.values()),
            name=run.name,
            mode="markers",
            marker={"color": COLOURS[at], "symbol": MARKS[at], "size": 11},
            hovertemplate="%{x}: %{y:.3f}",
        )
    figure.update_yaxes(rangemode="tozero")
    return figure
