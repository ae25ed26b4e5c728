"""Routes of the shift of all labels of a dataset."""

from fastapi import APIRouter, Request

from app.actions import shifts
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class UndoBody(Body):
    key: str
    annotator: str


class ShiftBody(UndoBody):
    frames: int


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/shift")
    def look(dataset_id: Int64, seed: Int64 = 0) -> Json:
        return shifts.look(work, dataset_id, seed=seed)

    @routes.post("/datasets/{dataset_id}/shift")
    def shift(request: Request, dataset_id: Int64, body: ShiftBody) -> Json:
        who = author(request, body.annotator)
        return shifts.shift(work, dataset_id, body.frames, annotator=who, key=body.key)

    @routes.post("/datasets/{dataset_id}/shift/undo")
    def undo(request: Request, dataset_id: Int64, body: UndoBody) -> Json:
        return shifts.undo(work, dataset_id, annotator=author(request, body.annotator), key=body.key)
