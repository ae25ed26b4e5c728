"""The figures of the insight page: what draws each, and the filters that change it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.actions.insight import accuracy, epochs, groups, people, trust
from app.actions.insight.asked import Asked, Drawn
from app.strings import Words

words = Words("figures")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a section; `uses` names the fields of `Asked` that it heeds."""

    name: str
    in_section: str
    uses: tuple[str, ...]
    draw: Callable[[Any, int, Asked], Drawn]

    @property
    def section(self) -> str:
        """What the part of the page is called."""
        return words.choices("sections")[self.in_section]

    @property
    def title(self) -> str:
        """What it is called."""
        return words.choices("titles")[self.name]

    @property
    def definition(self) -> str:
        """What is plotted."""
        return words.choices("definitions")[self.name]


PARTS = ("label_class", "annotator", "video", "sample")

_ALL = (
    Figure("offsets", "offsets", ("stage", "by", *PARTS, "run", "columns"), groups.histogram),
    Figure("spread", "offsets", ("stage", "by", *PARTS, "run"), groups.bias_spread),
    Figure("change", "offsets", (*PARTS, "run"), accuracy.change),
    Figure("matched", "training", (*PARTS, "run"), epochs.matched),
    Figure("traces", "training", ("pick", *PARTS, "run"), epochs.single_traces),
    Figure("runs", "training", ("reference", *PARTS), accuracy.by_run),
    Figure("gaps", "training", ("tolerance", *PARTS), trust.gaps),
    Figure("before_after", "trust", ("reference", *PARTS, "run"), accuracy.before_after),
    Figure("calibration", "trust", ("reference", "tolerance", *PARTS, "run"), trust.calibration),
    Figure("risk", "trust", ("reference", "tolerance", *PARTS, "run"), trust.risk),
    Figure("agreement", "people", ("label_class", "video", "sample"), people.agreement),
    Figure("tolerance", "people", ("label_class", "video", "sample"), people.tolerances),
)
FIGURES = {figure.name: figure for figure in _ALL}
