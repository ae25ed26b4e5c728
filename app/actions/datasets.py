"""What a person does with datasets: import one, load the sample, look, delete."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import estimating
from app.actions.doubts import queues
from app.importing import ImportRequest, dataset_name
from app.workspace import Workspace
from spotting.errors import BadConfig, BadLabels, Conflict, NotFound
from storage import datasets, jobs, reviews, runs
from storage.records import DatasetRecord

SAMPLE = "sample"

Json = dict[str, Any]


def list_datasets(work: Workspace) -> list[Json]:
    """All datasets with their counts and progress, oldest first."""
    with work.database.reading() as session:
        return [_told(session, record) for record in datasets.list_datasets(session)]


def get_dataset(work: Workspace, dataset_id: int) -> Json:
    """One dataset with its import report. Raises `NotFound`."""
    with work.database.reading() as session:
        told = _told(session, datasets.get_dataset(session, dataset_id))
        return told | {"report": [asdict(finding) for finding in datasets.report(session, dataset_id)]}


def find_dataset(work: Workspace, name_or_id: str) -> Json:
    """The dataset of that name, or of that number. Raises `NotFound`."""
    if name_or_id.isdecimal():
        return get_dataset(work, int(name_or_id))
    with work.database.reading() as session:
        return _told(session, datasets.find_dataset(session, name_or_id))


def _told(session: Any, record: DatasetRecord) -> Json:
    latest = next(iter(runs.list_runs(session, record.id)), None)
    return {
        "id": record.id,
        "name": record.name,
        "label_file": record.label_file,
        "classes": list(record.classes),
        "clips": record.clips,
        "labels": record.labels,
        "has_truth": record.has_truth,
        "created_at": record.created_at.isoformat(),
        "progress": asdict(reviews.progress(session, record.id)),
        "queues": queues(session, record.id),
        "latest_run": None if latest is None else {"id": latest.id, "state": latest.state},
    }


def check_import(work: Workspace, request: ImportRequest) -> None:
    """Raise `BadLabels` for missing files and `Conflict` for a taken name, before the long work begins."""
    _check_files(request)
    name = dataset_name(request)
    with work.database.reading() as session:
        if any(record.name == name for record in datasets.list_datasets(session)):
            raise Conflict(f"a dataset named {name} exists already: choose another name")


def _check_files(request: ImportRequest) -> None:
    for what, path in _files(request):
        if path is not None and not path.exists():
            raise BadLabels(f"{path}: no such {what}")
    if not request.media.is_dir():
        raise BadLabels(f"{request.media}: no such folder of videos")


def _files(request: ImportRequest) -> list[tuple[str, Path | None]]:
    return [("label file", request.labels), ("truth file", request.truth), ("class file", request.class_file)]


def estimate_import(work: Workspace, request: ImportRequest) -> Json:
    """What an import will take, in numbers and in `words`. Raises as `check_import`, but for a taken name."""
    _check_files(request)
    estimate = estimating.estimate_import(work, request)
    return asdict(estimate) | {"words": str(estimate)}


def start_import(work: Workspace, request: ImportRequest) -> int:
    """Queue an import; its job's id. Raises as `check_import`."""
    check_import(work, request)
    with work.database.writing() as session:
        return jobs.enqueue(session, "import", request.to_params())


def start_relink(work: Workspace, dataset_id: int, media: Path) -> int:
    """Queue the search for media that were moved, below the folder `media`; its job's id.

    Raises `NotFound`, and `BadLabels` for a folder that is not there.
    """
    get_dataset(work, dataset_id)
    if not os.path.isdir(media):  # noqa: PTH112 (a name too long for a file system is no folder either)
        raise BadLabels(f"{media}: no such folder of videos")
    with work.database.writing() as session:
        return jobs.enqueue(session, "relink", {"dataset_id": dataset_id, "media": str(media)})


def ensure_sample(work: Workspace) -> Json:
    """The sample's {"dataset_id"} if it is there, else the {"job_id"} that makes it, begun now or before."""
    dataset_id = sample_dataset(work)
    if dataset_id is not None:
        return {"dataset_id": dataset_id, "job_id": None}
    with work.database.writing() as session:
        job_id = _sample_job(session) or jobs.enqueue(session, "sample", {})
    return {"dataset_id": None, "job_id": job_id}


def sample_dataset(work: Workspace) -> int | None:
    """The sample's id, or None where it is not there."""
    with work.database.reading() as session:
        known = datasets.list_datasets(session)
    return next((record.id for record in known if record.name == SAMPLE), None)


def sample_job(work: Workspace) -> int | None:
    """The job that is making the sample, if there is one."""
    with work.database.reading() as session:
        return _sample_job(session)


def _sample_job(session: Any) -> int | None:
    waiting = jobs.list_jobs(session, states=jobs.WAITING)
    return next((job.id for job in waiting if job.kind == "sample"), None)


def delete_dataset(work: Workspace, dataset_id: int) -> None:
    """Remove a dataset, its runs and decisions, and what was derived from its videos; the videos stay.

    Raises `NotFound`, or `Conflict` while it is being trained on.
    """
    with work.database.writing() as session:
        folders = {clip.video.folder for clip in datasets.clips(session, dataset_id)}
        run_ids = [run.id for run in runs.list_runs(session, dataset_id)]
        datasets.delete_dataset(session, dataset_id)
        for record in datasets.list_datasets(session):
            folders -= {clip.video.folder for clip in datasets.clips(session, record.id)}
        importing = any(job.kind != "member" for job in jobs.list_jobs(session, states=jobs.WAITING))
    unused = [] if importing else [Path(folder) for folder in folders]
    for folder in [work.cache(dataset_id), *map(work.run_folder, run_ids), *unused]:
        shutil.rmtree(folder, ignore_errors=True)


def delete_named(work: Workspace, dataset_id: int | None, typed: str) -> None:
    """`delete_dataset` for a person who typed its name to confirm. Raises `BadConfig` for another name."""
    if dataset_id is None:
        raise NotFound("there is no dataset to delete")
    name = get_dataset(work, dataset_id)["name"]
    if typed != name:
        raise BadConfig(f"to delete the dataset {name}, type its name: {name}")
    delete_dataset(work, dataset_id)
