"""The REST interface: what the page, scripts and tests speak. Each route is one action."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import datasets, exporting, insight, jobs, review, training
from app.importing import ImportRequest
from app.workspace import Workspace
from storage.records import NewDecision

Json = dict[str, Any]
Verdict = Literal["accept", "keep", "set", "remove", "skip", "flag"]
QUEUES = {"decided": "mine"}  # the name the page uses: what storage calls it


class Body(BaseModel):
    """A request's body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class ImportBody(Body):
    labels: str
    media: str
    name: str | None = None
    class_file: str | None = None
    truth: str | None = None
    source_pattern: str | None = None
    first_picture: Literal[0, 1] | None = None


class RunBody(Body):
    dataset_id: int
    preset: str = "small"
    objective: str | None = None
    epochs: int | None = None
    reach: float | None = None
    sigma: float | None = None
    seed: int = Field(default=0, ge=0)
    folds: int = 2


class DecisionBody(Body):
    key: str
    label_id: int
    verdict: Verdict
    frame: int | None = None
    suggestion_id: int | None = None
    annotator: str


class UndoBody(Body):
    key: str
    annotator: str


def router(work: Workspace) -> APIRouter:
    """All routes, under /api/v1."""
    routes = APIRouter(prefix="/api/v1")
    _add_dataset_routes(routes, work)
    _add_review_routes(routes, work)
    _add_training_routes(routes, work)
    _add_job_routes(routes, work)
    _add_result_routes(routes, work)
    return routes


def _add_dataset_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.get("/health")
    def health() -> Json:
        return {"app": "respot", "data": str(work.settings.data), "annotator": work.settings.annotator}

    @routes.get("/datasets")
    def list_datasets() -> list[Json]:
        return datasets.list_datasets(work)

    @routes.get("/datasets/{dataset_id}")
    def get_dataset(dataset_id: int) -> Json:
        return datasets.get_dataset(work, dataset_id)

    @routes.delete("/datasets/{dataset_id}")
    def delete_dataset(dataset_id: int) -> Json:
        datasets.delete_dataset(work, dataset_id)
        return {"deleted": dataset_id}

    @routes.post("/imports")
    def start_import(body: ImportBody) -> Json:
        params = {name: value or None for name, value in body.model_dump(exclude={"first_picture"}).items()}
        request = ImportRequest.from_params({**params, "first_picture": body.first_picture})
        return {"job_id": datasets.start_import(work, request)}

    @routes.post("/sample")
    def ensure_sample() -> Json:
        return datasets.ensure_sample(work)


def _add_review_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.get("/datasets/{dataset_id}/queue")
    def queue(
        dataset_id: int,
        queue: str = "likely",
        label_class: Annotated[str | None, Query(alias="class")] = None,
        clip: int | None = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        annotator: str | None = None,
    ) -> Json:
        return review.queue(
            work,
            dataset_id,
            name=QUEUES.get(queue, queue),
            annotator=annotator or work.settings.annotator,
            label_class=label_class or None,
            clip_id=clip,
            after=after or None,
            limit=limit,
        )

    @routes.get("/labels/{label_id}")
    def get_label(label_id: int) -> Json:
        return review.get_item(work, label_id)

    @routes.get("/labels/{label_id}/history")
    def history(label_id: int) -> list[Json]:
        return review.history(work, label_id)

    @routes.post("/decisions")
    def decide(body: DecisionBody) -> Json:
        return review.decide(work, NewDecision(**body.model_dump()))

    @routes.post("/datasets/{dataset_id}/undo")
    def undo(dataset_id: int, body: UndoBody) -> Json:
        return review.undo(work, dataset_id, annotator=body.annotator, key=body.key)

    @routes.post("/datasets/{dataset_id}/redo")
    def redo(dataset_id: int, body: UndoBody) -> Json:
        return review.redo(work, dataset_id, annotator=body.annotator, key=body.key)


def _add_training_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.post("/runs")
    def start_run(body: RunBody) -> Json:
        return {"run_id": training.start_run(work, training.RunRequest(**body.model_dump()))}

    @routes.get("/datasets/{dataset_id}/runs")
    def list_runs(dataset_id: int) -> list[Json]:
        return training.list_runs(work, dataset_id)

    @routes.get("/runs/{run_id}")
    def get_run(run_id: int) -> Json:
        return training.get_run(work, run_id)

    @routes.get("/runs/{run_id}/epochs")
    def epochs(run_id: int, after: int = 0) -> Json:
        return {"epochs": training.epochs(work, run_id, after)}

    @routes.post("/runs/{run_id}/stop")
    def stop_run(run_id: int) -> Json:
        return training.stop_run(work, run_id)

    @routes.post("/runs/{run_id}/resume")
    def resume_run(run_id: int) -> Json:
        return training.resume_run(work, run_id)


def _add_job_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.get("/jobs")
    def list_jobs() -> list[Json]:
        return jobs.list_jobs(work)

    @routes.get("/jobs/{job_id}")
    def get_job(job_id: int) -> Json:
        return jobs.get_job(work, job_id)

    @routes.post("/jobs/{job_id}/stop")
    def stop_job(job_id: int) -> Json:
        return jobs.stop_job(work, job_id)

    @routes.post("/jobs/{job_id}/resume")
    def resume_job(job_id: int) -> Json:
        return jobs.resume_job(work, job_id)


def _add_result_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.get("/datasets/{dataset_id}/offsets")
    def offsets(dataset_id: int) -> Json:
        return insight.offsets_told(work, dataset_id)

    @routes.get("/datasets/{dataset_id}/export/labels.json")
    def labels(dataset_id: int, drop_removed: bool = False) -> Response:
        return _download(exporting.labels(work, dataset_id, drop_removed=drop_removed), "application/json")

    @routes.get("/datasets/{dataset_id}/export/audit.csv")
    def audit(dataset_id: int) -> Response:
        return _download(exporting.audit(work, dataset_id), "text/csv; charset=utf-8")


def _download(exported: exporting.Exported, kind: str) -> Response:
    name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in exported.name)
    ascii_name = Path(name.encode("ascii", "replace").decode().replace("?", "_")).name
    headers = {"content-disposition": f'attachment; filename="{ascii_name}"', "cache-control": "no-store"}
    return Response(exported.text, media_type=kind, headers=headers)
