"""A label file as every format reads and writes it: clips with labels, and what else must go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from storage.formats.findings import Finding

Json = Any
Extra = dict[str, Json]


AS_WRITTEN = "time_as_written"
"""Key in a label's `extra`: its time stamps as the file has them, for an export that did not move it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What an export knows of a label beside its frame: where it was, what was suggested, what was decided.

    `original_label` is set where a person gave it another class. `decision` is the verdict that holds, else
    flag, skip or "". `confidence` is in [0, 1].
    """

    original_frame: int
    original_label: str | None = None
    decision: str = ""
    decided_by: str | None = None
    suggested_frame: int | None = None
    confidence: float | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabel:
    """A label as somebody wrote it. `annotator` is who, where the file says so; `true_frame` (real-valued)
    is known for rendered data only; `review` is set on export.
    """

    label: str
    frame: int
    comment: str | None = None
    annotator: str | None = None
    extra: Extra = field(default_factory=dict)
    true_frame: float | None = None
    review: Reviewed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedLabel:
    """A label that its file gives a time: exact seconds from the first picture of its clip."""

    label: str
    seconds: Fraction
    comment: str | None = None
    annotator: str | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClip:
    """A clip as a label file has it. None: the file does not say, or says what cannot be (see `extra`).

    `position` is its place in the file, from 0. `extra` holds unknown keys, and values of known keys that the
    fields cannot give back as they stood; on export they take precedence.
    """

    name: str
    position: int
    num_frames: int | None
    fps: float | None = None
    width: int | None = None
    height: int | None = None
    extra: Extra = field(default_factory=dict)
    labels: tuple[NewLabel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedClip:
    """An entry of a label file that was not taken in: exported again, at its place, as it came."""

    position: int
    raw: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A clip whose labels have times: they get frames once its video is known (`storage.formats.place`)."""

    clip: FileClip
    labels: tuple[TimedLabel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """A label file as read: what was taken in, what waits for a clock, what was left out, what was found.

    `layout` is how the file was written (order of keys, indentation), so that an export differs in what
    changed and nothing else. `raw` has the entry of every clip as it stood, by position.
    """

    classes: tuple[str, ...]
    clips: tuple[FileClip, ...]
    pending: tuple[Pending, ...] = ()
    raw: Mapping[int, Json] = field(default_factory=dict, compare=False, repr=False)
    findings: tuple[Finding, ...] = ()
    carried: tuple[CarriedClip, ...] = ()
    layout: Extra = field(default_factory=dict)
