"""A label file as every format reads and writes it: clips with labels, and what else must go out."""

from dataclasses import dataclass, field
from typing import Any

from storage.formats.findings import Finding

Json = Any
Extra = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabel:
    """A label as somebody wrote it. `true_frame` (real-valued) is known for rendered data only."""

    label: str
    frame: int
    comment: str | None = None
    extra: Extra = field(default_factory=dict)
    true_frame: float | None = None


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
class LabelFile:
    """A label file as read: what was taken in, what was left out, and what was found.

    `layout` is how the file was written (order of keys, indentation), so that an export differs in what
    changed and nothing else.
    """

    classes: tuple[str, ...]
    clips: tuple[FileClip, ...]
    findings: tuple[Finding, ...] = ()
    carried: tuple[CarriedClip, ...] = ()
    layout: Extra = field(default_factory=dict)
