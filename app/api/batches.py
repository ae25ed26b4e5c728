"""Routes of the blind audit and of decisions made in batches."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from app.actions import audits, batches, drawing
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace
from storage.batches import Group


class AcceptBody(Body):
    key: str
    annotator: str
    threshold: float | None = None
    label_class: str | None = Field(default=None, alias="class")


class MoveBody(Body):
    key: str
    annotator: str
    by: Int64
    label_class: str | None = Field(default=None, alias="class")
    source: str | None = None
    of_annotator: str | None = None


class DrawBody(Body):
    labels: Int64


class UndoBatchBody(Body):
    key: str
    annotator: str


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""
    _add_audit(routes, work)
    _add_batches(routes, work)


def _add_audit(routes: APIRouter, work: Workspace) -> None:
    @routes.get("/datasets/{dataset_id}/audit")
    def audit(dataset_id: Int64) -> Json:
        return audits.audit(work, dataset_id)

    @routes.post("/datasets/{dataset_id}/audit")
    def draw(dataset_id: Int64, body: DrawBody) -> dict[str, int]:
        return {"drawn": drawing.draw(work, dataset_id, body.labels)}

    @routes.delete("/datasets/{dataset_id}/audit")
    def take_back(dataset_id: Int64) -> dict[str, int]:
        return {"taken_back": drawing.take_back(work, dataset_id)}

    @routes.get("/datasets/{dataset_id}/accept")
    def preview(
        dataset_id: Int64,
        threshold: float | None = None,
        label_class: Annotated[str | None, Query(alias="class")] = None,
    ) -> Json:
        return audits.preview(work, dataset_id, threshold=threshold, label=label_class)

    @routes.post("/datasets/{dataset_id}/accept")
    def accept(request: Request, dataset_id: Int64, body: AcceptBody) -> Json:
        return batches.accept(
            work,
            dataset_id,
            annotator=author(request, body.annotator),
            threshold=body.threshold,
            label=body.label_class,
            key=body.key,
        )


def _add_batches(routes: APIRouter, work: Workspace) -> None:
    @routes.post("/datasets/{dataset_id}/move")
    def move(request: Request, dataset_id: Int64, body: MoveBody) -> Json:
        group = Group(label=body.label_class, source=body.source, annotator=body.of_annotator)
        who = author(request, body.annotator)
        return batches.move(work, dataset_id, by=body.by, group=group, annotator=who, key=body.key)

    @routes.get("/datasets/{dataset_id}/batches")
    def list_batches(dataset_id: Int64) -> list[Json]:
        return batches.list_batches(work, dataset_id)

    @routes.post("/batches/{batch_id}/undo")
    def undo(request: Request, batch_id: Int64, body: UndoBatchBody) -> Json:
        return batches.undo(work, batch_id, annotator=author(request, body.annotator), key=body.key)

    @routes.post("/batches/{batch_id}/resume")
    def resume(batch_id: Int64) -> Json:
        return batches.go_on(work, batch_id)
