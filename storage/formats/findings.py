"""What the import found in a label file: each problem, where it stands, what was done about it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["fixed", "refused", "noted"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know about a label file.

    `fixed`: taken in, changed as the message says. `refused`: the clip is left out (it goes out again, as it
    came, on export). `noted`: taken in as it stands. `clip` is its name, or `entry 3` where it has none;
    `event` is the event's position in its clip, from 0. Equal problems have equal messages, so that a report
    can count them.
    """

    level: Level
    clip: str
    message: str
    event: int | None = None

    def __str__(self) -> str:
        event = "" if self.event is None else f", event {self.event}"
        return f"clip {self.clip}{event}: {self.message}"
