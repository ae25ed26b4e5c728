"""Bias against spread: one mark per group, with its intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.plots.style import COLOURS, GRID, MARKS, bars, blank
from spotting.spread import Spread

NAMED = 16
SMALLEST, LARGEST = 8, 22


@dataclass(frozen=True, slots=True)
class Dot:
    """A group: whether its bias `differs` from 0 beyond chance, and whether it has `few` labels."""

    name: str
    spread: Spread
    differs: bool
    few: bool


def bias_and_spread(dots: Sequence[Dot]) -> go.Figure:
    """The groups, the larger the more labels; the first sixteen are named."""
    figure = blank("bias: mean move, frames (+ is later)", "spread, frames", height=420)
    most = max(dot.spread.count for dot in dots)
    for number, dot in enumerate(dots):
        _mark(figure, dot, number, SMALLEST + (LARGEST - SMALLEST) * (dot.spread.count / most) ** 0.5)
    figure.add_vline(x=0, line={"color": GRID, "width": 2})
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(showlegend=False)
    return figure


def _mark(figure: go.Figure, dot: Dot, number: int, size: float) -> None:
    one, at = dot.spread, number % len(COLOURS)
    figure.add_scatter(
        x=[one.bias],
        y=[one.spread],
        error_x=_bars(one.bias, one.bias_bounds, COLOURS[at]),
        error_y=_bars(one.spread, one.spread_bounds, COLOURS[at]),
        mode="markers+text" if number < NAMED else "markers",
        text=[dot.name],
        textposition="top center",
        name=dot.name,
        opacity=0.4 if dot.few else 1.0,
        marker={
            "size": size,
            "color": COLOURS[at],
            "symbol": MARKS[at] if dot.differs else f"{MARKS[at]}-open",
            "line": {"width": 2, "color": COLOURS[at]},
        },
        hovertemplate=f"{one.count:,} labels<br>bias %{{x:+.2f}}<br>spread %{{y:.2f}}",
    )


def _bars(value: float, bounds: tuple[float, float] | None, colour: str) -> dict[str, object] | None:
    return None if bounds is None else bars([value], [bounds[0]], [bounds[1]], colour)
