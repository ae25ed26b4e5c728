"""Routes of datasets and imports."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from app.actions import datasets
from app.importing import ImportRequest
from app.settings import is_loopback
from app.wire import Body, Int64, Json
from app.workspace import Workspace
from storage.formats.clock import Rule


class ImportBody(Body):
    labels: str
    media: str
    name: str | None = None
    class_file: str | None = None
    truth: str | None = None
    source_pattern: str | None = None
    first_picture: Literal[0, 1] | None = None
    working_copies: bool = True
    format: str | None = None
    time_rule: Rule | None = None
    fps: Annotated[float, Field(gt=0, le=1000)] | None = None
    columns: dict[str, str] = {}


class RelinkBody(Body):
    media: str = Field(min_length=1, max_length=4096)


def _request(body: ImportBody) -> ImportRequest:
    params = {name: None if value == "" else value for name, value in body.model_dump().items()}
    return ImportRequest.from_params(params)


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/health")
    def health(request: Request) -> Json:
        """Open to all, so it tells other machines no more than what answers here."""
        asked_from = request.client.host if request.client else ""
        if work.settings.needs_login and not is_loopback(asked_from):
            return {"app": "respot"}
        return {"app": "respot", "data": str(work.settings.data), "annotator": work.settings.annotator}

    @routes.get("/datasets")
    def list_datasets() -> list[Json]:
        return datasets.list_datasets(work)

    @routes.get("/datasets/{dataset_id}")
    def get_dataset(dataset_id: Int64) -> Json:
        return datasets.get_dataset(work, dataset_id)

    @routes.delete("/datasets/{dataset_id}")
    def delete_dataset(dataset_id: Int64) -> Json:
        datasets.delete_dataset(work, dataset_id)
        return {"deleted": dataset_id}

    @routes.post("/datasets/{dataset_id}/relink")
    def relink(dataset_id: Int64, body: RelinkBody) -> Json:
        return {"job_id": datasets.start_relink(work, dataset_id, Path(body.media))}

    _add_import_routes(routes, work)


def _add_import_routes(routes: APIRouter, work: Workspace) -> None:
    @routes.post("/imports")
    def start_import(body: ImportBody) -> Json:
        return {"job_id": datasets.start_import(work, _request(body))}

    @routes.post("/imports/estimate")
    def estimate_import(body: ImportBody) -> Json:
        return datasets.estimate_import(work, _request(body))

    @routes.post("/sample")
    def ensure_sample() -> Json:
        return datasets.ensure_sample(work)
