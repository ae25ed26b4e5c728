"""Agreement between annotators, and the tolerance of each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, bars, blank, line
from spotting.agreement import Limits, Within

SHARES = (("90 % within", 3, ""), ("95 % within", 4, "/"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators, how often they agree, and how far apart they are (second - first)."""

    first: str
    second: str
    within: Sequence[Within]
    limits: Limits


def agreement_plot(pairs: Sequence[Pair]) -> go.Figure:
    """P(|difference| <= δ) of every pair."""
    figure = blank("δ, frames", "share at most δ apart")
    for number, pair in enumerate(pairs):
        shares, look = [one.share for one in pair.within], line(number)
        lows, highs = [one.low for one in pair.within], [one.high for one in pair.within]
        figure.add_scatter(
            x=[one.tolerance for one in pair.within],
            y=shares,
            error_y=bars(shares, lows, highs, look["marker"]["color"]),
            name=f"{pair.first} – {pair.second} ({pair.limits.count:,})",
            mode="lines+markers",
            hovertemplate="within %{x}: %{y:.0%}",
            **look,
        )
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def tolerance_plot(rows: Sequence[Sequence[str | int | float | None]]) -> go.Figure:
    """Rows of class, pairs, share within one frame, frames for 90 % and for 95 %."""
    figure = blank("", "frames")
    names = [f"{row[0]} ({row[1]:,})" for row in rows]
    for number, (name, at, pattern) in enumerate(SHARES):
        figure.add_bar(
            x=names,
            y=[row[at] for row in rows],
            name=name,
            marker={"color": COLOURS[number], "pattern": {"shape": pattern}},
            hovertemplate="±%{y} frames",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_yaxes(rangemode="tozero", dtick=1)
    return figure
