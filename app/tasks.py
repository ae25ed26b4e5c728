"""What each kind of job does. The only file that joins storage and torch."""

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from app import evidence_files, prediction_files, relinking
from app.actions.datasets import SAMPLE, sample_dataset
from app.actions.training import ensure_run
from app.batching import work_batch
from app.doubting import doubt_again
from app.importing import ImportRequest, import_dataset
from app.members import Member, open_member
from app.plan import looked_at
from app.settings import Settings
from app.suggesting import suggest_all
from app.worker import Task
from app.workspace import Workspace
from spotting.checkpoint import load_spotter
from spotting.config import TrainConfig
from spotting.device import best_device, describe, memory_in_use
from spotting.epochs import Epoch
from spotting.errors import BadConfig
from spotting.events import Evidence
from spotting.memory import advice
from spotting.progress import Progress
from spotting.render import render_dataset
from spotting.train import fit
from storage import runs
from storage.database import Database
from storage.records import JobRecord

log = logging.getLogger(__name__)

SAMPLE_SOURCE = r"match\d+"
SAMPLE_SIGMA = 2.0
HELD_OUT = "reading held-out clips, "
PREPARING, TRAINING, READING, LOOKING = (0.0, 0.04), (0.04, 0.94), (0.94, 0.97), (0.97, 1.0)


def run_import(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
    """Import a label file and its media."""
    request = ImportRequest.from_params(job.params)
    return import_dataset(Workspace(settings, database), request, progress).told()


def make_sample(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
    """Render the sample, import it with its truth, train on it. What an earlier attempt did is kept."""
    work = Workspace(settings, database)
    folder = settings.data / SAMPLE
    if not (folder / "truth.json").is_file():
        render_dataset(folder, sigma=SAMPLE_SIGMA, progress=part(progress, 0.0, 0.6))
    dataset_id = sample_dataset(work)
    if dataset_id is None:
        request = ImportRequest(
            labels=folder / "labels.json",
            media=folder / "videos",
            name=SAMPLE,
            truth=folder / "truth.json",
            source_pattern=SAMPLE_SOURCE,
        )
        dataset_id = import_dataset(work, request, part(progress, 0.6, 1.0)).dataset_id
    ensure_run(work, dataset_id, sigma=SAMPLE_SIGMA)
    return {"dataset_id": dataset_id}


def part(progress: Progress, start: float, stop: float) -> Progress:
    """A `Progress` for one stretch of a job that counts from 0 to 1."""

    def tell(done: float, total: float, note: str = "") -> None:
        progress(start + (stop - start) * (done / total if total else 0.0), 1.0, note)

    return tell


def on_device(progress: Progress, device: str) -> Progress:
    """The same `Progress`, with the device and the memory in use in front of every note, before a `|`."""

    def tell(done: float, total: float, note: str = "") -> None:
        where = ", ".join(filter(None, (describe(device), memory_in_use(device))))
        progress(done, total, f"{where} | {note}")

    return tell


def noting(progress: Progress, before: str) -> Progress:
    """The same `Progress`, with `before` in front of every note."""

    def tell(done: float, total: float, note: str = "") -> None:
        progress(done, total, before + note)

    return tell


def train_member(
    settings: Settings, database: Database, job: JobRecord, progress: Progress
) -> dict[str, Any]:
    """Train one member, from its checkpoint if any, and suggest frames for what it did not see."""
    work = Workspace(settings, database)
    device = best_device()
    progress = on_device(progress, device)
    member = open_member(work, job.params["run_id"], job.params["member"], device, part(progress, *PREPARING))
    looks = looked_at(member.config.epochs)

    def on_epoch(epoch: Epoch) -> None:
        told, ids = member.as_labelled(epoch)
        with database.writing() as session:
            runs.add_epoch(session, member.run_id, member.number, told, ids)
        log.info("run %d, member %d: %s", member.run_id, member.number, epoch_in_words(epoch))
        if epoch.epoch in looks and epoch.epoch < member.config.epochs:
            reached = TRAINING[0] + (TRAINING[1] - TRAINING[0]) * epoch.epoch / member.config.epochs
            look(work, member, epoch.epoch, noting(part(progress, reached, reached), HELD_OUT))

    with memory_in_words(member.config, describe(device)):
        spotter = fit(
            member.train,
            member.classes,
            member.config,
            folder=member.folder,
            device=device,
            progress=part(progress, *TRAINING),
            on_epoch=on_epoch,
        )
    found = member.evidence(spotter, noting(part(progress, *READING), HELD_OUT))
    _keep(member, found, member.config.epochs)
    predicted = member.predictions(spotter, noting(part(progress, *LOOKING), "looking for missing labels, "))
    prediction_files.save(member.folder, member.held_clips, predicted, member.classes)
    progress(1.0, 1.0, "fitting the label noise")
    suggested = suggest_all(work, member.run_id, member.number)
    if suggested.final:
        doubt_again(work, member.dataset_id)
    progress(1.0, 1.0, f"{suggested.labels:,} labels have suggestions")
    return asdict(suggested)


def epoch_in_words(epoch: Epoch) -> str:
    """An epoch as the log tells it."""
    return (
        f"epoch {epoch.epoch}, loss {epoch.loss:.4f}, learning rate {epoch.learning_rate:.2e}, "
        f"{len(epoch.matches):,} matches, {epoch.frames_per_second:,.0f} frames/s"
    )


@contextmanager
def memory_in_words(config: TrainConfig, device: str) -> Generator[None]:
    """Raise `BadConfig` that names a smaller setting where the device (in words) has no memory left."""
    try:
        yield
    except RuntimeError as error:  # torch's own error for a GPU is one of these; on a CPU it is a bare one
        if not isinstance(error, torch.OutOfMemoryError) and "allocate memory" not in str(error):
            raise
        raise BadConfig(advice(config, device)) from error


def look(work: Workspace, member: Member, epoch: int, progress: Progress) -> None:
    """Provisional suggestions for the held-out clips, from the spotter as it is after an epoch."""
    found = member.evidence(load_spotter(member.folder, member.device), progress)
    _keep(member, found, epoch)
    suggest_all(work, member.run_id, member.number)


def _keep(member: Member, found: Sequence[Evidence], epoch: int) -> None:
    ids, final = member.label_ids(found), epoch == member.config.epochs
    evidence_files.save(member.folder, ids, found, epoch=epoch, final=final)


def refit(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
    """Fit the label noise of a run again, with what reviews have shown since; no training."""
    progress(0.0, 1.0, "fitting the label noise")
    work, run_id = Workspace(settings, database), job.params["run"]
    with database.reading() as session:
        dataset_id = runs.get_run(session, run_id).dataset_id
    suggested = suggest_all(work, run_id)
    doubt_again(work, dataset_id)
    return asdict(suggested)


def find_moved(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
    """Find the media of a dataset that were moved."""
    work, media = Workspace(settings, database), Path(job.params["media"])
    return relinking.told(relinking.relink(work, job.params["dataset_id"], media, progress))


TASKS: dict[str, Task] = {
    "import": run_import,
    "sample": make_sample,
    "member": train_member,
    "refit": refit,
    "batch": work_batch,
    "relink": find_moved,
}
