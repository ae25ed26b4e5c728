"""Runs, their epochs and their suggestions as stored."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from storage.formats.labelfile import Extra
from storage.records.jobs import JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A training. `state` is the fold of its jobs' states; `error` the first failed job's.

    `shift` is the dataset's when it was started, in frames. `notes` say what its suggestions rest on, and
    `found_sigma` is the label error (sd, frames) behind them: as they were made last; none before the first.
    """

    id: int
    dataset_id: int
    config: Extra
    folds: int
    shift: int
    state: JobState
    error: str | None
    notes: tuple[str, ...]
    found_sigma: float | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochChoiceRecord:
    """Whose models make a run's suggestions: those of one epoch, or (None) of the late epochs together."""

    id: int
    run_id: int
    epoch: int | None
    annotator: str
    created_at: datetime


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
    better: float
    expected_error: float
    stability: float | None
    disagreement: float | None
    refused: bool
    created_at: datetime
