"""Line charts of results with their spread over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve: `spread_N` is drawn as error bars where given; lines of one `colour` belong together."""

    name: str
    across_N: Sequence[float]
    value_N: Sequence[float]
    colour: int
    dotted: bool = False
    spread_N: Sequence[float] | None = None


def line_chart(title: str, across: str, upward: str, lines: Sequence[Line]) -> go.Figure:
    """The curves in one figure, in colours that can be told apart without colour vision."""
    figure = go.Figure()
    for line in lines:
        colour = COLOURS[line.colour % len(COLOURS)]
        figure.add_scatter(
            x=list(line.across_N),
            y=list(line.value_N),
            name=line.name,
            mode="lines+markers" if len(line.across_N) < 60 else "lines",
            line={"color": colour, "dash": "dot" if line.dotted else "solid", "width": 2},
            error_y={"array": list(line.spread_N), "thickness": 1} if line.spread_N is not None else None,
        )
    figure.update_layout(
        title=title, xaxis_title=across, yaxis_title=upward, height=460, template="plotly_white"
    )
    figure.update_xaxes(gridcolor=GRID)
    figure.update_yaxes(gridcolor=GRID)
    return figure
