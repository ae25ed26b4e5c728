"""Routes of the rules that labels must keep, and of what is doubtful."""

from fastapi import APIRouter

from app.actions import doubts
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class CheckBody(Body):
    rules: str | None = None


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/doubts")
    def told(dataset_id: Int64) -> Json:
        return doubts.told(work, dataset_id)

    @routes.post("/datasets/{dataset_id}/doubts")
    def check(dataset_id: Int64, body: CheckBody) -> Json:
        return doubts.check(work, dataset_id, body.rules)

    @routes.get("/datasets/{dataset_id}/successions")
    def rare(dataset_id: Int64) -> list[Json]:
        return doubts.rare(work, dataset_id)
