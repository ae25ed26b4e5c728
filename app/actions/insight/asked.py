"""What a figure is asked to show, and what it comes to: a plot, the numbers behind it, and their meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from storage.moves import Moves, Reference

Stage = Literal["suggested", "decided", "corrected"]
By = Literal["class", "annotator", "video", "run"]
Pick = Literal["largest", "typical", "unsure"]
Sample = Literal["all", "audit"]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters of the page, each "" or None when it is not set.

    `stage`: which move is measured: given → suggested, given → decided, suggested → decided. `by` groups the
    labels. `reference`: what counts as right. `tolerance`: frames. `pick`: which labels are shown singly.
    `sample`: all labels, or those of the blind audit: the only ones that were not chosen by any score.
    `columns`: panels side by side, as many as the screen has room for.
    """

    stage: Stage = "suggested"
    by: By = "class"
    reference: Reference = "truth"
    tolerance: int = 1
    pick: Pick = "largest"
    sample: Sample = "all"
    label_class: str = ""
    annotator: str = ""
    video: str = ""
    run: int | None = None
    columns: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure: its numbers as a table, and the plot of them. `empty` says why there is nothing to plot."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    plot: go.Figure | None = None
    empty: str = ""


def nothing(columns: tuple[str, ...], why: str) -> Drawn:
    """A figure without anything to plot, and the reason."""
    return Drawn(columns=columns, rows=(), empty=why)


def chosen(moves: Moves, asked: Asked) -> Moves:
    """The labels of the class, annotator, source video and sample asked for."""
    kept_L = np.ones(len(moves), dtype=bool) if asked.sample == "all" else moves.audit_L.copy()
    for column_L, wanted in (
        (moves.labels_L, asked.label_class),
        (moves.annotators_L, asked.annotator),
        (moves.sources_L, asked.video),
    ):
        if wanted:
            kept_L &= column_L == wanted
    return moves.where(kept_L)


def right_of(moves: Moves, reference: Reference) -> NDArray[np.float64]:
    """The frame that counts as right for every label, NaN where it is unknown."""
    return moves.true_L if reference == "truth" else moves.decided_L


def rounded(value: float | None, digits: int = 3) -> float | None:
    """A figure for a table; None for what is no number."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)
