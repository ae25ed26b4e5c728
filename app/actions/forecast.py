"""How long a training will take, before it is started: its frames, at the speed that was last seen."""

from dataclasses import dataclass
from typing import Any

from app.actions.training import RunRequest, configure
from app.grouping import grouped, leak
from app.plan import effort_of, train_config
from app.workspace import Workspace
from spotting.config import TrainConfig
from storage import datasets, runs
from storage.records import RunRecord

Json = dict[str, Any]
RECENT = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """Frames per second of a run with the same model and objective."""

    run_id: int
    frames_per_second: float


def forecast(work: Workspace, request: RunRequest) -> Json:
    """{"frames", "seconds", "frames_per_second", "run_id", "groups", "leak"} of a request.

    `frames` are those of all epochs of all members; the speed is that of the newest run with the same model
    and objective, of any dataset; no seconds where there is none. Reading and checking held-out clips is not
    counted. `groups` are held out in turn; `leak` says what speaks against them. Raises `NotFound`,
    `BadConfig`.
    """
    config = configure(request)
    with work.database.reading() as session:
        datasets.get_dataset(session, request.dataset_id)
        clips = datasets.clips(session, request.dataset_id)
        held = grouped(session, request.dataset_id, clips, request.grouping, request.pattern)
        seen = _speed(session, config)
    effort = effort_of(request.effort, request.folds, request.repeats)
    folds = min(effort.folds, held.count)
    once = config.frames_per_epoch or sum(clip.num_frames for clip in clips) * (folds - 1) / max(folds, 1)
    frames = round(once) * config.epochs * folds * effort.repeats
    return {
        "frames": frames,
        "seconds": None if seen is None else frames / seen.frames_per_second,
        "frames_per_second": None if seen is None else seen.frames_per_second,
        "run_id": None if seen is None else seen.run_id,
        "groups": held.count,
        "leak": leak(held.split) if held.split else None,
    }


def _speed(session: Any, config: TrainConfig) -> Speed | None:
    for record in datasets.list_datasets(session)[::-1]:
        for run in runs.list_runs(session, record.id)[:RECENT]:
            speed = _alike(session, run, config)
            if speed is not None:
                return speed
    return None


def _alike(session: Any, run: RunRecord, config: TrainConfig) -> Speed | None:
    """The run's speed over its last epochs, if it is a run of such a model that has one."""
    own = train_config(run)
    if (own.model, own.objective, own.batch) != (config.model, config.objective, config.batch):
        return None
    told = [epoch.metrics["frames_per_second"] for epoch in runs.epochs(session, run.id)[-5:]]
    return Speed(run.id, sum(told) / len(told)) if told and min(told) > 0 else None
