"""What storage takes and gives: frozen values, free of sessions and rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spotting.events import Event
from storage.formats.findings import Finding
from storage.formats.labelfile import CarriedClip, Extra, FileClip

JobState = Literal["queued", "running", "done", "failed", "stopped"]
Verdict = Literal["accept", "keep", "set", "remove", "skip", "flag", "undo"]
QueueName = Literal["likely", "clip", "flagged", "mine", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVideo:
    """A media file or a folder of numbered frames; `folder` holds its index and working copy.

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
class VideoRecord:
    """A medium as indexed at import. `fps` is None where there is no time axis."""

    id: int
    path: str
    kind: Literal["file", "folder"]
    folder: str
    num_frames: int
    fps: float | None
    width: int
    height: int
    identity: str


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
    """A label as imported; `position` is its place among the events of its clip, from 0."""

    id: int
    clip_id: int
    position: int
    label: str
    frame: int
    comment: str | None
    true_frame: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A piece of background work. `done` of `total` is in the job's own unit (0 of 0: not known yet).

    `attempt` grows each time the job goes back to the queue; who holds an older one has lost the job.
    """

    id: int
    kind: str
    params: Extra
    state: JobState
    done: float
    total: float
    note: str
    worker: str | None
    heartbeat: datetime | None
    stop_requested_at: datetime | None
    attempt: int
    error: str | None
    result: Extra | None
    run_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A training. `state` is the fold of its jobs' states; `error` the first failed job's."""

    id: int
    dataset_id: int
    config: Extra
    folds: int
    state: JobState
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRecord:
    """One epoch of one member of a run. `id` grows with every write: ask for what came `after` it.

    `metrics` are loss, parts, learning_rate, frames_per_second, seconds. `matched_tagged` is mean
    |matched - tagged| over the epoch's matches, `matched_true` mean |matched - true| over those with a known
    truth; frames, None where there is nothing to average.
    """

    id: int
    run_id: int
    member: int
    epoch: int
    metrics: Extra
    matched_tagged: float | None
    matched_true: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SuggestionRecord:
    """A suggestion in the database: `spotting.events.Suggestion` with where it came from.

    `posterior_S` and `scores_S` are float32 over shifts `first_shift`...-`first_shift`, NaN outside the clip.
    """

    id: int
    run_id: int
    label_id: int
    epoch: int
    provisional: bool
    frame: int
    offset: float
    confidence: float
    posterior_S: NDArray[np.float32]
    scores_S: NDArray[np.float32]
    first_shift: int
    matched_offset: float | None
    reasons: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A person's verdict. `key` is the client's (a UUID): the same key again changes nothing.

    `frame` is needed for `set` and may be left out otherwise. `suggestion_id` is the suggestion that was on
    the screen; `accept` needs it.
    """

    key: str
    label_id: int
    verdict: Verdict
    annotator: str
    frame: int | None = None
    suggestion_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision as stored. `undoes` is the decision (or the undo) that an undo takes back."""

    id: int
    key: str
    label_id: int
    verdict: Verdict
    frame: int | None
    annotator: str
    decided_at: datetime
    suggestion_id: int | None
    undoes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """What a person needs to settle one label.

    `decision` is the one that holds now. `neighbours` are the other labels of the clip near it, at the frame
    that holds for them. `cursor` continues the queue after this item.
    """

    label_id: int
    dataset_id: int
    clip_id: int
    clip: str
    label: str
    frame: int
    num_frames: int
    fps: float | None
    comment: str
    flagged: bool
    skipped: bool
    suggestion: SuggestionRecord | None
    decision: DecisionRecord | None
    neighbours: tuple[Event, ...]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewProgress:
    """Counts of labels. decided = accepted + kept + set + removed; skipped ones are not decided yet."""

    total: int
    decided: int = 0
    skipped: int = 0
    flagged: int = 0
    accepted: int = 0
    kept: int = 0
    set: int = 0
    removed: int = 0
