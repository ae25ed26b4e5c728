"""What speaks against a label, or for one that is not there: the value types of all such checks."""

from dataclasses import dataclass
from typing import Literal, get_args

from spotting.events import Event

Kind = Literal["order", "duplicate", "overlap", "missing", "spurious", "swapped"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class ClipLabels:
    """The labels of one clip, without its pictures. `num_frames` is None where a label file does not say."""

    name: str
    num_frames: int | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to look at a label again.

    `clip` is an index into the clips that were checked and `event` one into its events; None: no label is
    there, and `proposed` may be missing. `proposed` is also the class that a swapped label may mean. `other`
    is the (clip, event) that it contradicts. `reason` is for a person; `weight` in [0, 1] says how much
    speaks for it (1: a rule is broken).
    """

    kind: Kind
    clip: int
    event: int | None
    reason: str
    other: tuple[int, int] | None = None
    proposed: Event | None = None
    weight: float = 1.0
