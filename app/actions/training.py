"""What a person does with runs: start one, watch it, stop it, go on with it."""

import shutil
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.actions.jobs import seconds_left
from app.grouping import grouped
from app.plan import (
    Plan,
    effort_of,
    held_out,
    plan_of,
    to_config,
    train_config,
    usable_folds,
)
from app.workspace import Workspace
from spotting.config import TrainConfig
from spotting.errors import BadConfig, Conflict
from spotting.noise import reach_for_sigma
from spotting.presets import paper, small
from storage import datasets, jobs, offsets, runs
from storage.records import EpochRecord, JobRecord, RunRecord

Json = dict[str, Any]
Preset = Literal["small", "paper"]
PRESETS: tuple[Preset, ...] = ("small", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a person chooses. None is the preset's; `sigma` (frames) sets the reach where none is given.

    `mirrored`: pairs of classes that a flip swaps. `start`: folder of a spotter to start from, `frozen` with
    its backbone as it is. It must not have seen this dataset: a clip it knows is not held out.
    `effort`, one of `EFFORTS`, says how many `folds` and `repeats` there are, where these are None.
    `grouping`, one of `GROUPINGS`: what is held out together; "name" goes by a `pattern` in the clip's name.
    """

    dataset_id: int
    preset: str = "small"
    objective: str | None = None
    head: str | None = None
    epochs: int | None = None
    reach: float | None = None
    sigma: float | None = None
    mirrored: tuple[tuple[str, str], ...] = ()
    start: str = ""
    frozen: bool = False
    batch: int | None = None
    seed: int = 0
    effort: str = "quick"
    folds: int | None = None
    repeats: int | None = None
    grouping: str = "source"
    pattern: str = ""


def configure(request: RunRequest) -> TrainConfig:
    """The settings that a request comes to. Raises `BadConfig` naming what is out of range."""
    if request.preset not in PRESETS:
        raise BadConfig(f"preset is {request.preset!r}: must be one of {', '.join(PRESETS)}")
    config = paper() if request.preset == "paper" else small()
    chosen = {
        "objective": request.objective,
        "head": request.head,
        "epochs": request.epochs,
        "sigma": request.sigma,
        "batch": request.batch,
        "reach": _reach(request),
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    kept = {"mirrored": request.mirrored, "start": request.start, "frozen": request.frozen}
    return replace(config, seed=request.seed, **kept, **given)


def _reach(request: RunRequest) -> float | None:
    """The reach asked for, else the one that undoes label noise of the size expected; None: the preset's."""
    if request.reach is None and request.sigma is not None:
        return reach_for_sigma(request.sigma)
    return request.reach


def start_run(work: Workspace, request: RunRequest) -> int:
    """Queue a run's members, one per fold and repeat; the run's id.

    Raises `NotFound`, `BadConfig` for a setting out of range or nothing to hold out, and `Conflict` while
    the dataset has a run in progress.
    """
    config = configure(request)
    effort = effort_of(request.effort, request.folds, request.repeats)
    with work.database.writing() as session:
        datasets.get_dataset(session, request.dataset_id)
        clips = datasets.clips(session, request.dataset_id)
        held = grouped(session, request.dataset_id, clips, request.grouping, request.pattern)
        plan = Plan(
            stated_sigma=request.sigma,
            label_sigma=config.sigma,
            reach_stated=request.reach is not None,
            repeats=effort.repeats,
            grouping=request.grouping,
            pattern=request.pattern,
            groups=held.count,
            split=held.split,
        )
        folds = usable_folds(effort.folds, held.count)
        return queue_run(session, request.dataset_id, config, plan, folds)


def queue_run(session: Any, dataset_id: int, config: TrainConfig, plan: Plan, folds: int) -> int:
    """Queue the members of a new run; its id. Raises `Conflict` while another run is in progress."""
    for run in runs.list_runs(session, dataset_id):
        if run.state in ("queued", "running"):
            raise Conflict(f"run {run.id} of this dataset is {run.state}: stop it first, or let it finish")
    run_id = runs.create_run(session, dataset_id, to_config(config, plan), folds)
    for member in range(folds * plan.repeats):
        jobs.enqueue(session, "member", {"run_id": run_id, "member": member})
    return run_id


def stop_run(work: Workspace, run_id: int) -> Json:
    """Stop the members that are queued or running; what they learned is kept. Raises `NotFound`."""
    with work.database.writing() as session:
        runs.get_run(session, run_id)
        for job in jobs.list_jobs(session, run_id=run_id, states=jobs.WAITING):
            jobs.ask_stop(session, job.id)
    return get_run(work, run_id)


def resume_run(work: Workspace, run_id: int) -> Json:
    """Go on with members that were stopped or failed, from checkpoints. Raises `NotFound`, `Conflict`."""
    with work.database.writing() as session:
        runs.get_run(session, run_id)
        halted = jobs.list_jobs(session, run_id=run_id, states=("stopped", "failed"))
        if not halted:
            raise Conflict(f"run {run_id} has nothing that was stopped")
        for job in reversed(halted):
            jobs.resume(session, job.id)
    return get_run(work, run_id)


def delete_run(work: Workspace, run_id: int) -> None:
    """Remove a run, its suggestions and its checkpoints. Raises as `storage.runs.delete_run`.

    Raises `Conflict` also while a round is there that goes on from it.
    """
    with work.database.writing() as session:
        run = runs.get_run(session, run_id)
        for other in runs.list_runs(session, run.dataset_id):
            if plan_of(other).base == run_id:
                raise Conflict(f"run {other.id} is a round that goes on from run {run_id}: delete that first")
        runs.delete_run(session, run_id)
    shutil.rmtree(work.run_folder(run_id), ignore_errors=True)


def list_runs(work: Workspace, dataset_id: int) -> list[Json]:
    """The runs of a dataset, newest first, without their members."""
    with work.database.reading() as session:
        return [_summary(run) for run in runs.list_runs(session, dataset_id)]


def latest_run(work: Workspace, dataset_id: int) -> Json | None:
    """The newest run of a dataset as `get_run` tells it, or None."""
    with work.database.reading() as session:
        latest = next(iter(runs.list_runs(session, dataset_id)), None)
    return None if latest is None else get_run(work, latest.id)


def get_run(work: Workspace, run_id: int) -> Json:
    """How a run stands: `share` done, `seconds_left` (None: unknown), and its members. Raises `NotFound`."""
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
        members = sorted(jobs.list_jobs(session, run_id=run_id), key=lambda job: job.id)
        told = runs.epochs(session, run_id)
        expected = offsets.mean_error(session, run.dataset_id)
    told_members = _members(run, members, told)
    left = [one["seconds_left"] for one in told_members if one["seconds_left"] is not None]
    done, total, _ = progress_of({"members": told_members})
    progress = {"share": done / max(1, total), "seconds_left": max(left, default=None)}
    return _summary(run) | progress | {"members": told_members, "expected": expected}


def progress_of(run: Json) -> tuple[float, float, str]:
    """How many members' worth of work is done, of how many, and what the running one says."""
    shares = [1.0 if m["state"] == "done" else m["done"] / max(m["total"], 1e-9) for m in run["members"]]
    note = next((m["note"] for m in run["members"] if m["state"] == "running"), "")
    return sum(shares), len(shares), note


def epochs(work: Workspace, run_id: int, after: int = 0) -> list[Json]:
    """What the epochs written after the one with id `after` told, oldest first. Raises `NotFound`."""
    with work.database.reading() as session:
        runs.get_run(session, run_id)
        return [_epoch_told(epoch) for epoch in runs.epochs(session, run_id, after)]


def _epoch_told(epoch: EpochRecord) -> Json:
    return {
        "id": epoch.id,
        "member": epoch.member,
        "epoch": epoch.epoch,
        "matched_tagged": epoch.matched_tagged,
        "matched_true": epoch.matched_true,
        **epoch.metrics,
    }


def _summary(run: RunRecord) -> Json:
    return {
        "id": run.id,
        "dataset_id": run.dataset_id,
        "state": run.state,
        "error": run.error,
        "folds": run.folds,
        "held_out": held_out(run),
        "config": run.config,
        "notes": list(run.notes),
        "created_at": run.created_at.isoformat(),
    }


def _members(run: RunRecord, members: list[JobRecord], told: list[EpochRecord]) -> list[Json]:
    """The members in the order in which they run; the time left of a waiting one counts those before it."""
    told_members = []
    before = 0.0
    for job in members:
        left = _seconds_left(run, job, told)
        before += left or 0.0
        device, _, note = job.note.rpartition(" | ")
        told_members.append(
            {
                "member": job.params["member"],
                "state": job.state,
                "done": job.done,
                "total": job.total,
                "note": "stopping…" if job.stop_requested_at and job.state == "running" else note,
                "seconds_left": None if left is None else before,
                "device": device or None,
                "error": job.error,
            }
        )
    return told_members


def _seconds_left(run: RunRecord, job: JobRecord, told: list[EpochRecord]) -> float | None:
    """How long a member will still take: by the latest epochs of the run, else by its progress so far."""
    if job.state not in ("queued", "running"):
        return None
    if not told:
        return seconds_left(job)
    recent = [epoch.metrics["seconds"] for epoch in told[-5:]]
    left = 1 - (job.done / job.total if job.total else 0.0)
    return left * train_config(run).epochs * sum(recent) / len(recent)


def ensure_run(work: Workspace, dataset_id: int, *, sigma: float) -> int:
    """The dataset's newest run; one of the preset `small` is started if there is none.

    `sigma` is the labels' known error, frames.
    """
    with work.database.reading() as session:
        latest = next(iter(runs.list_runs(session, dataset_id)), None)
    return start_run(work, RunRequest(dataset_id=dataset_id, sigma=sigma)) if latest is None else latest.id
