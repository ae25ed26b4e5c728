"""What all figures share: colours (Okabe-Ito) with a mark and a dash beside each, margins, axes."""

from typing import Any

import plotly.graph_objects as go

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a", "#9a8a00")
MARKS = ("circle", "square", "diamond", "triangle-up", "x", "star", "pentagon", "hexagon")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
GRID = "rgba(128,140,160,.25)"
HEIGHT = 340


def blank(across: str, upward: str, height: int = HEIGHT) -> go.Figure:
    """An empty figure with titled axes. The page sets the colour of text, and the width."""
    figure = go.Figure()
    dress(figure, height)
    figure.update_xaxes(title_text=across)
    figure.update_yaxes(title_text=upward)
    return figure


def dress(figure: go.Figure, height: int = HEIGHT) -> None:
    """Give a figure the shared look."""
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 60, "r": 16, "t": 30, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        font={"family": "system-ui, sans-serif", "size": 13},
        showlegend=True,
    )
    axes = {"gridcolor": GRID, "zerolinecolor": GRID, "automargin": True, "exponentformat": "none"}
    figure.update_xaxes(title_font_size=13, **axes)
    figure.update_yaxes(title_font_size=13, **axes)


def named_after_run(figure: go.Figure, run_id: int) -> None:
    """Say in a corner which run is shown."""
    figure.update_layout(title={"text": f"run {run_id}", "font": {"size": 13}, "x": 1, "xanchor": "right"})


def line(number: int) -> dict[str, Any]:
    """Colour, dash and mark of the `number`-th line, for `add_scatter`."""
    at = number % len(COLOURS)
    return {
        "line": {"color": COLOURS[at], "dash": DASHES[at], "width": 2},
        "marker": {"color": COLOURS[at], "symbol": MARKS[at], "size": 7},
    }


def bars(values: list[float], lows: list[float], highs: list[float], colour: str) -> dict[str, Any]:
    """Error bars from `lows` to `highs` about `values`."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, high - value) for value, high in zip(values, highs, strict=True)],
        "arrayminus": [max(0.0, value - low) for value, low in zip(values, lows, strict=True)],
        "color": colour,
        "thickness": 1.2,
    }
