"""Tables of values, for a format that keeps all there is instead of labels alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["whole", "real", "truth", "text", "moment", "json", "reals"]
"""What a column holds: 64-bit integers, doubles, true or false, UTF-8, times in UTC, JSON as text, lists."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the kinds of its columns in order, and its rows, read anew by each call."""

    name: str
    columns: Mapping[str, Kind]
    rows: Callable[[], Iterable[Sequence[Any]]]
