"""Offset histograms: one panel per group, whole-frame bins, the unmoved bin and the mean set off."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.plots.style import COLOURS, dress

PANEL = 190


@dataclass(frozen=True, slots=True)
class Histogram:
    """A group's labels by whole-frame offset (`counts` at `shifts`, + is later) and their mean offset."""

    name: str
    shifts: list[int]
    counts: list[int]
    mean: float

    @property
    def labels(self) -> int:
        """How many labels there are in all."""
        return sum(self.counts)


def histograms(groups: Sequence[Histogram], total: int, columns: int) -> go.Figure:
    """The panels, largest group first; a note says how many of `total` groups are left to the table."""
    columns = min(columns, len(groups))
    rows = math.ceil(len(groups) / columns)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        shared_yaxes="all",  # pyright: ignore[reportArgumentType]
        horizontal_spacing=0.04,
        vertical_spacing=min(0.2, 0.4 / rows),
        subplot_titles=[f"{one.name} · {one.labels:,} · mean {one.mean:+.2f}" for one in groups],
    )
    for number, one in enumerate(groups):
        _panel(figure, one, number // columns + 1, number % columns + 1)
    dress(figure, height=max(340, rows * PANEL + 90))
    reach = max(max(one.shifts) for one in groups)
    figure.update_xaxes(range=[-reach - 0.6, reach + 0.6], dtick=_step(reach, columns), zeroline=False)
    figure.update_xaxes(title_text="frames, + is later", row=rows)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(title_text="share of labels", col=1)
    figure.update_annotations(font_size=13)
    figure.update_layout(bargap=0.12, showlegend=False)
    if total > len(groups):
        said = f"{len(groups)} of {total} groups; all are in the numbers"
        figure.update_layout(title={"text": said, "font": {"size": 13}}, margin_t=70)
    return figure


def _step(reach: int, columns: int) -> int:
    return next(step for step in (1, 2, 5) if 2 * reach / step <= 44 / columns or step == 5)


def _panel(figure: go.Figure, one: Histogram, row: int, column: int) -> None:
    figure.add_bar(
        x=one.shifts,
        y=[count / one.labels for count in one.counts],
        customdata=one.counts,
        name=one.name,
        marker={
            "color": [COLOURS[4] if shift == 0 else COLOURS[0] for shift in one.shifts],
            "pattern": {
                "shape": ["/" if shift == 0 else "" for shift in one.shifts],
                "fillmode": "overlay",
                "fgcolor": "#ffffff",
            },
        },
        hovertemplate="%{customdata:,} labels (%{y:.1%}) at %{x:+d}<extra></extra>",
        row=row,
        col=column,
    )
    figure.add_vline(
        x=one.mean,
        line={"color": COLOURS[1], "width": 2, "dash": "dot"},
        row=row,  # pyright: ignore[reportArgumentType]
        col=column,  # pyright: ignore[reportArgumentType]
    )
