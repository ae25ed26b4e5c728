"""CSV text, line by line, that a spreadsheet opens without running any of it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain


def lines(header: Iterable[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The header and the rows, a line each; nothing is kept in memory."""
    writer = csv.writer(_Lines())
    return (writer.writerow(row) for row in chain([header], rows))


def number(value: float | None, digits: int) -> str:
    """A number with so many digits behind the point; nothing for None."""
    return "" if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def moment(value: datetime | None) -> str:
    """A time to the second; nothing for None."""
    return "" if value is None else value.isoformat(timespec="seconds")


def text(value: str) -> str:
    """Somebody's words: what would run as a formula (= + - @, tab or return in front) gets a leading '."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


class _Lines:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
