"""A table of results: values with their spread over seeds, written as Markdown, CSV and HTML."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import mean, stdev


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of several seeds; `scale` and `digits` say how they are shown."""

    values: tuple[float, ...]
    digits: int = 2
    scale: float = 1.0

    @property
    def mean(self) -> float:
        """Their mean, scaled."""
        return self.scale * mean(self.values)

    @property
    def sd(self) -> float:
        """Their standard deviation, scaled; 0 for one value."""
        return self.scale * stdev(self.values) if len(self.values) > 1 else 0.0

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"{self.mean:.{self.digits}f}"
        return f"{self.mean:.{self.digits}f} ± {self.sd:.{self.digits}f}"


Value = str | int | float | Spread | None


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the columns' names, and rows of text, numbers or spreads; None where nothing was measured."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]

    def markdown(self) -> str:
        """The table under its title."""
        lines = [self.columns, ["---"] * len(self.columns), *([_text(v) for v in row] for row in self.rows)]
        return f"### {self.title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def csv(self) -> str:
        """The table with the means in one column each and, where there are any, the spreads in the next."""
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        spread = [any(isinstance(row[at], Spread) for row in self.rows) for at in range(len(self.columns))]
        names = [
            [name, f"{name} sd", f"{name} seeds"] if wide else [name]
            for name, wide in zip(self.columns, spread, strict=True)
        ]
        writer.writerow([name for group in names for name in group])
        for row in self.rows:
            cells = [_cells(value, wide) for value, wide in zip(row, spread, strict=True)]
            writer.writerow([cell for group in cells for cell in group])
        return written.getvalue()

    def html(self) -> str:
        """The table under its title."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_text(value))}</td>" for value in row) + "</tr>"
            for row in self.rows
        )
        return f"<h2>{escape(self.title)}</h2><table><tr>{head}</tr>{body}</table>"


def _text(value: Value) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _cells(value: Value, wide: bool) -> list[Value]:
    if not wide:
        return [value]
    if isinstance(value, Spread):
        return [value.mean, value.sd, len(value.values)]
    return [value, None, None]
