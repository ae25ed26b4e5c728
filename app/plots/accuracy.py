"""mAP by tolerance, and mean distances to the truth by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, blank, line

STATES = (("given", 6, ""), ("suggested", 0, "/"), ("as they stand", 2, "x"))


@dataclass(frozen=True, slots=True)
class Line:
    """mAP in [0, 1] by tolerance in frames."""

    name: str
    values: Mapping[int, float]


def accuracy_plot(lines: Sequence[Line]) -> go.Figure:
    """mAP@δ, one line per run or state of the labels."""
    figure = blank("tolerance δ, frames", "mAP")
    for number, one in enumerate(lines):
        figure.add_scatter(
            x=list(one.values),
            y=list(one.values.values()),
            name=one.name,
            mode="lines+markers",
            hovertemplate="δ = %{x}: %{y:.1%}",
            **line(number),
        )
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def change_plot(rows: Sequence[Sequence[str | int | float | None]]) -> go.Figure:
    """Rows of class, labels, and the mean distances of tag, suggestion and present frame."""
    figure = blank("", "mean distance to the true frame, frames")
    names = [f"{row[0]} ({row[1]:,})" for row in rows]
    for number, (name, colour, pattern) in enumerate(STATES):
        figure.add_bar(
            x=names,
            y=[row[2 + number] for row in rows],
            name=name,
            marker={"color": COLOURS[colour], "pattern": {"shape": pattern}},
            hovertemplate="%{y:.2f} frames",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    return figure
