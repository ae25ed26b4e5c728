"""Plotly figures from plain data, in colours that can be told apart without colour vision (Okabe-Ito)."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a8a8a", "#b8a800")
GRID = "rgba(128,140,160,.25)"


def offset_histogram(counts: Mapping[str, Mapping[int, int]]) -> go.Figure:
    """How many labels moved how far: `counts` by class, then by offset in whole frames (+ is later)."""
    figure = _figure("frames, + is later", "labels")
    furthest = max((abs(shift) for of_class in counts.values() for shift in of_class), default=0)
    bins = list(range(-max(3, furthest), max(3, furthest) + 1))
    for number, (label, of_class) in enumerate(sorted(counts.items())):
        figure.add_bar(
            x=bins,
            y=[of_class.get(shift, 0) for shift in bins],
            name=label,
            marker_color=COLOURS[number % len(COLOURS)],
            hovertemplate="%{y} at %{x:+d}",
        )
    figure.update_layout(barmode="stack", bargap=0.15)
    if not counts:
        _say_empty(figure)
    figure.update_xaxes(dtick=1 if furthest <= 15 else 5, range=[bins[0] - 0.6, bins[-1] + 0.6])
    return figure


def matched_curve(
    epochs: Sequence[int], tagged: Sequence[float | None], true: Sequence[float | None]
) -> go.Figure:
    """The paper's Fig. 5: mean |matched - tagged| by epoch, and mean |matched - true| where known."""
    figure = _figure("epoch", "frames")
    curves = [("|matched − tagged|", tagged, "solid", 0), ("|matched − true|", true, "dash", 1)]
    for name, values, dash, colour in curves:
        if any(value is not None for value in values):
            figure.add_scatter(
                x=list(epochs),
                y=list(values),
                name=name,
                mode="lines+markers" if len(epochs) < 60 else "lines",
                line={"color": COLOURS[colour], "dash": dash, "width": 2},
            )
    figure.update_yaxes(rangemode="tozero")
    if not epochs:
        _say_empty(figure)
    return figure


def _say_empty(figure: go.Figure) -> None:
    figure.update_yaxes(range=[0, 1], showticklabels=False)
    figure.add_annotation(text="nothing yet", showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5)


def _figure(across: str, upward: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=340,
        margin={"l": 55, "r": 15, "t": 15, "b": 45},
        xaxis_title=across,
        yaxis_title=upward,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.15},
        font={"family": "system-ui, sans-serif", "size": 13},
        showlegend=True,
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor=GRID)
    figure.update_yaxes(gridcolor=GRID, zerolinecolor=GRID)
    return figure
