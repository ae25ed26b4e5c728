"""Routes of double review, adjudication, and of taking back what one person decided."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.actions import people
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class DoubleBody(Body):
    share: float
    tolerance: Int64 = 1


class AdjudicateBody(Body):
    key: str
    annotator: str
    choice: people.Choice
    frame: Int64 | None = None


class RevertBody(Body):
    key: str
    annotator: str
    of: str
    since: str | None = None


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/double")
    def double_review(dataset_id: Int64) -> Json:
        return people.double_review(work, dataset_id)

    @routes.post("/datasets/{dataset_id}/double")
    def plan_double(dataset_id: Int64, body: DoubleBody) -> Json:
        return people.plan_double(work, dataset_id, share=body.share, tolerance=body.tolerance)

    @routes.get("/datasets/{dataset_id}/disagreements")
    def disagreements(dataset_id: Int64) -> list[Json]:
        return people.disagreements(work, dataset_id)

    @routes.post("/labels/{label_id}/adjudicate")
    def adjudicate(request: Request, label_id: Int64, body: AdjudicateBody) -> Json:
        who = author(request, body.annotator)
        return people.adjudicate(
            work, label_id, choice=body.choice, frame=body.frame, annotator=who, key=body.key
        )

    @routes.get("/datasets/{dataset_id}/people")
    def list_people(dataset_id: Int64) -> list[Json]:
        return people.people(work, dataset_id)

    @routes.get("/datasets/{dataset_id}/revert")
    def preview(dataset_id: Int64, of: Annotated[str, Query()], since: str | None = None) -> Json:
        return people.preview_revert(work, dataset_id, of, since)

    @routes.post("/datasets/{dataset_id}/revert")
    def revert(request: Request, dataset_id: Int64, body: RevertBody) -> Json:
        who = author(request, body.annotator)
        return people.revert(work, dataset_id, of=body.of, since=body.since, annotator=who, key=body.key)
