"""Routes of the choice of an epoch whose models make a run's suggestions."""

from fastapi import APIRouter, Request

from app.actions import checkpoints
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class ChoiceBody(Body):
    epoch: Int64 | None
    annotator: str


class UndoChoiceBody(Body):
    annotator: str


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/runs/{run_id}/checkpoints")
    def told(run_id: Int64) -> Json:
        return checkpoints.told(work, run_id)

    @routes.post("/runs/{run_id}/checkpoints")
    def choose(request: Request, run_id: Int64, body: ChoiceBody) -> Json:
        return checkpoints.choose(work, run_id, body.epoch, author(request, body.annotator))

    @routes.post("/runs/{run_id}/checkpoints/undo")
    def undo(request: Request, run_id: Int64, body: UndoChoiceBody) -> Json:
        return checkpoints.undo(work, run_id, author(request, body.annotator))
