"""Tables of text cells under a header line, as CSV and TSV have them."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spotting.errors import BadLabels
from storage.formats.labelfile import Json
from storage.formats.rules import is_number

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Cells:
    """A table as read: the lines before its header, the header, and the rows by column."""

    before: list[list[str]]
    header: list[str]
    rows: list[Row]


def read_cells(
    text: str, name: str, delimiter: str, is_header: Callable[[Sequence[str]], bool] = lambda _: True
) -> Cells:
    """The table in `text`, under the first line that `is_header`; blank lines are no rows.

    Cells that say the same are one text in memory.

    Raises `BadLabels` with the line for other numbers of cells than columns, and for a column name twice.
    """
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before: list[list[str]] = []
    header: list[str] = []
    rows: list[Row] = []
    once: dict[str, str] = {}
    try:
        for line in lines:
            if not header and line and is_header(line):
                header = line
            elif not header:
                before.append(line)
            elif line and len(line) != len(header):
                raise BadLabels(
                    f"{name}, line {lines.line_num}: {len(line)} cells under {len(header)} columns"
                )
            elif line:
                rows.append(
                    {name: once.setdefault(cell, cell) for name, cell in zip(header, line, strict=True)}
                )
    except csv.Error as error:
        raise BadLabels(f"{name}, line {lines.line_num}: {error}") from None
    if len(set(header)) != len(header):
        raise BadLabels(f"{name}: a column name stands twice")
    return Cells(before, header, rows)


def cells_line(cells: Sequence[str], delimiter: str) -> str:
    """One line of a table."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return line.getvalue()


def number_in(cell: str) -> Json:
    """The number that a cell holds, else its text."""
    try:
        value = json.loads(cell)
    except ValueError:
        return cell
    return value if is_number(value) else cell
