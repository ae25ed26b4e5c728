"""One figure of a benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; `unit` says what it counts, `aim` what it was meant to reach ("" where nothing was)."""

    what: str
    value: float
    unit: str
    aim: str = ""
