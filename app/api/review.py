"""Routes of the queue, labels and decisions."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Query, Request
from pydantic import Field

from app.actions import review
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace
from storage.records import FlagReason, NewDecision

Verdict = Literal["accept", "keep", "set", "relabel", "remove", "skip", "flag"]
QUEUES = {"decided": "mine"}  # the name the page uses: what storage calls it


class DecisionBody(Body):
    key: str
    label_id: Int64
    verdict: Verdict
    frame: Int64 | None = None
    suggestion_id: Int64 | None = None
    label: str | None = None
    annotator: str
    seen: int | None = None
    reason: FlagReason | None = None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class UndoBody(Body):
    key: str
    annotator: str


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/queue")
    def queue(
        request: Request,
        later: BackgroundTasks,
        dataset_id: Int64,
        queue: str = "likely",
        label_class: Annotated[str | None, Query(alias="class")] = None,
        clip: Int64 | None = None,
        reason: FlagReason | None = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        annotator: str | None = None,
    ) -> Json:
        asked: Json = {
            "name": QUEUES.get(queue, queue),
            "annotator": author(request, annotator or work.settings.annotator),
            "label_class": label_class or None,
            "clip_id": clip,
            "reason": reason,
            "after": after or None,
        }
        told = review.queue(work, dataset_id, **asked, limit=limit)
        later.add_task(review.prepare, work, dataset_id, asked)
        return told

    @routes.get("/datasets/{dataset_id}/queues")
    def queues(request: Request, dataset_id: Int64, annotator: str | None = None) -> list[Json]:
        return review.queues(work, dataset_id, author(request, annotator or work.settings.annotator))

    @routes.get("/labels/{label_id}")
    def get_label(request: Request, label_id: Int64, annotator: str | None = None) -> Json:
        return review.get_item(work, label_id, author(request, annotator or work.settings.annotator))

    @routes.get("/labels/{label_id}/history")
    def history(request: Request, label_id: Int64, annotator: str | None = None) -> list[Json]:
        return review.history(work, label_id, author(request, annotator or work.settings.annotator))

    @routes.post("/decisions")
    def decide(body: DecisionBody, request: Request) -> Json:
        asked = NewDecision(**body.model_dump())
        return review.decide(work, replace(asked, annotator=author(request, body.annotator)))

    @routes.post("/datasets/{dataset_id}/undo")
    def undo(dataset_id: Int64, body: UndoBody, request: Request) -> Json:
        return review.undo(work, dataset_id, annotator=author(request, body.annotator), key=body.key)

    @routes.post("/datasets/{dataset_id}/redo")
    def redo(dataset_id: Int64, body: UndoBody, request: Request) -> Json:
        return review.redo(work, dataset_id, annotator=author(request, body.annotator), key=body.key)
