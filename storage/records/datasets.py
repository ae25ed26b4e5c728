"""What an import brings, and datasets, clips and labels as stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from storage.formats.findings import Finding
from storage.formats.labelfile import CarriedClip, Extra, FileClip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVideo:
    """A media file or a folder of numbered frames; `folder` holds its index and working copy.

    `fps` is None where there is no time axis.
    `identity` tells one medium from another wherever it lies (a checksum); a path and identity seen before
    share one row.
    """

    path: str
    kind: Literal["file", "folder"]
    folder: str
    num_frames: int
    fps: float | None
    width: int
    height: int
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClip:
    """A clip of a label file, the video it was found in, and `source`, the grouping key of cross-fitting."""

    clip: FileClip
    source: str
    video: NewVideo


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDataset:
    """All that one import brings in. `carried` and `layout` go out again on export, `report` is shown."""

    name: str
    label_file: str
    classes: tuple[str, ...]
    clips: tuple[NewClip, ...]
    report: tuple[Finding, ...] = ()
    carried: tuple[CarriedClip, ...] = ()
    layout: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRecord:
    """A dataset with its size."""

    id: int
    name: str
    label_file: str
    classes: tuple[str, ...]
    clips: int
    labels: int
    has_truth: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRecord(NewVideo):
    """A medium in the database, as indexed at import."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRecord:
    """A clip in the database. `num_frames` is that of its pictures; `fps` is None where unknown."""

    id: int
    dataset_id: int
    name: str
    source: str
    position: int
    num_frames: int
    fps: float | None
    width: int | None
    height: int | None
    video: VideoRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRecord:
    """A label; `position` is its place among the events of its clip, from 0.

    `frame` is the tag, after the dataset's shift; `original_frame` is as imported. `annotator` is who wrote
    it, where the label file says so.
    """

    id: int
    clip_id: int
    position: int
    label: str
    frame: int
    original_frame: int
    comment: str | None
    true_frame: float | None
    annotator: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRecord:
    """A shift of all labels of a dataset, in frames (+ is later). `undoes` is the row that it takes back.

    A row that undoes another has the frames that hold again.
    """

    id: int
    frames: int
    annotator: str
    decided_at: datetime
    undoes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEffect:
    """What a shift by `frames` would do.

    `held`: how many labels it would hold back at an end of their clip. `suggestions`: how many labels would
    have one, from runs that learned from labels shifted so.
    """

    frames: int
    held: int
    suggestions: int
