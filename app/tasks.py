"""What each kind of job does. The only file that joins storage and torch."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from app import evidence_files
from app.actions.datasets import SAMPLE, sample_dataset
from app.actions.training import ensure_run, train_config
from app.importing import ImportRequest, import_dataset
from app.settings import Settings
from app.suggesting import suggest_all
from app.worker import Task
from app.workspace import Workspace
from spotting.cache import cached_clips
from spotting.checkpoint import load_spotter
from spotting.config import TrainConfig
from spotting.crossfit import assign_folds
from spotting.device import best_device, describe
from spotting.epochs import Epoch
from spotting.errors import BadConfig
from spotting.events import Event, Evidence, LabelledClip
from spotting.infer import evidence
from spotting.memory import advice
from spotting.progress import Progress
from spotting.render import render_dataset
from spotting.spotter import Spotter
from spotting.train import fit
from spotting.video import open_frames
from storage import datasets, runs
from storage.database import Database
from storage.records import JobRecord

SAMPLE_SOURCE = r"match\d+"
SAMPLE_SIGMA = 2.0
LOOKS = 6  # how often a member's suggestions are refreshed while it trains
PREPARING, TRAINING, READING = (0.0, 0.04), (0.04, 0.96), (0.96, 1.0)


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


def part(progress: Progress, start: float, stop: float, before: str = "") -> Progress:
    """A `Progress` for one stretch of a job that counts from 0 to 1; `before` goes in front of every note."""

    def tell(done: float, total: float, note: str = "") -> None:
        progress(start + (stop - start) * (done / total if total else 0.0), 1.0, before + note)

    return tell


@dataclass(frozen=True, slots=True)
class Member:
    """One fold of a run: what it trains on, what it is held out from, and the label ids of both."""

    run_id: int
    fold: int
    config: TrainConfig
    classes: tuple[str, ...]
    folder: Path
    train: Sequence[LabelledClip]
    held: Sequence[LabelledClip]
    train_ids: Mapping[tuple[int, int], int]
    held_ids: Mapping[tuple[int, int], int]
    device: str

    @property
    def radius(self) -> int:
        """How far around a label, in frames, its evidence goes."""
        return max(12, round(4 * self.config.sigma))

    def evidence(self, spotter: Spotter, progress: Progress) -> list[Evidence]:
        """What the spotter says about the clips it did not see."""
        return evidence(
            spotter, self.held, self.classes, radius=self.radius, device=self.device, progress=progress
        )

    def label_ids(self, found: Sequence[Evidence]) -> list[int]:
        """The label ids of pieces of evidence."""
        return [self.held_ids[piece.clip, piece.event] for piece in found]


def train_member(
    settings: Settings, database: Database, job: JobRecord, progress: Progress
) -> dict[str, Any]:
    """Train one member, from its checkpoint if any, and suggest frames for what it did not see."""
    work = Workspace(settings, database)
    device = best_device()
    words = f"{describe(device)} | "
    member = open_member(
        work, job.params["run_id"], job.params["fold"], device, part(progress, *PREPARING, words)
    )
    every = max(1, member.config.epochs // LOOKS)

    def on_epoch(epoch: Epoch) -> None:
        ids = [member.train_ids[match.clip, match.event] for match in epoch.matches]
        with database.writing() as session:
            runs.add_epoch(session, member.run_id, member.fold, epoch, ids)
        if epoch.epoch % every == 0 and epoch.epoch < member.config.epochs:
            reached = TRAINING[0] + (TRAINING[1] - TRAINING[0]) * epoch.epoch / member.config.epochs
            look(
                work,
                member,
                epoch.epoch,
                part(progress, reached, reached, words + "reading held-out clips, "),
            )

    with memory_in_words(member.config, describe(device)):
        spotter = fit(
            member.train,
            member.classes,
            member.config,
            folder=member.folder,
            device=device,
            progress=part(progress, *TRAINING, words),
            on_epoch=on_epoch,
        )
    found = member.evidence(spotter, part(progress, *READING, words + "reading held-out clips, "))
    evidence_files.save(member.folder, member.label_ids(found), found, epoch=member.config.epochs, final=True)
    progress(1.0, 1.0, words + "fitting the label noise")
    suggested = suggest_all(work, member.run_id, member.fold)
    progress(1.0, 1.0, f"{words}{suggested.labels:,} labels have suggestions")
    return asdict(suggested)


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
    evidence_files.save(member.folder, member.label_ids(found), found, epoch=epoch, final=False)
    suggest_all(work, member.run_id, member.fold)


def open_member(work: Workspace, run_id: int, fold: int, device: str, progress: Progress) -> Member:
    """A member with its clips at training size. Raises `NotFound`, `UnreadableVideo`, `Stopped`."""
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
        runs.check_shift(session, run_id)
        dataset = datasets.get_dataset(session, run.dataset_id)
        clips = datasets.clips(session, run.dataset_id)
        labels = datasets.labels(session, run.dataset_id)
    config = train_config(run)
    folds = assign_folds([clip.source for clip in clips], run.folds, config.seed)
    of_clip = {clip.id: [label for label in labels if label.clip_id == clip.id] for clip in clips}
    pictures = [open_frames(Path(clip.video.folder)) for clip in clips]
    opened = [
        LabelledClip(
            clip.name,
            clip.source,
            tuple(Event(label.label, label.frame) for label in of_clip[clip.id]),
            frames,
        )
        for clip, frames in zip(clips, pictures, strict=True)
    ]
    identities = [frames.identity for frames in pictures]
    opened = cached_clips(opened, identities, work.cache(run.dataset_id), config.model, progress)
    sides = [[i for i in range(len(clips)) if (folds[i] == fold) == held] for held in (False, True)]
    ids = [
        {
            (at, event): label.id
            for at, i in enumerate(side)
            for event, label in enumerate(of_clip[clips[i].id])
        }
        for side in sides
    ]
    return Member(
        run_id=run_id,
        fold=fold,
        config=config,
        classes=dataset.classes,
        folder=work.member_folder(run_id, fold),
        train=[opened[i] for i in sides[0]],
        held=[opened[i] for i in sides[1]],
        train_ids=ids[0],
        held_ids=ids[1],
        device=device,
    )


TASKS: dict[str, Task] = {"import": run_import, "sample": make_sample, "member": train_member}
