"""Routes of leases: labels kept for the person who comes to them next."""

from fastapi import APIRouter, Request
from pydantic import Field

from app.actions import leases
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class LeaseBody(Body):
    label_ids: list[Int64] = Field(max_length=100)
    annotator: str = Field(min_length=1, max_length=100)


class AskBody(Body):
    label_id: Int64
    annotator: str = Field(min_length=1, max_length=100)


class AnswerBody(AskBody):
    give: bool


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.post("/leases")
    def take(body: LeaseBody, request: Request) -> Json:
        return leases.take(work, body.label_ids, author(request, body.annotator))

    @routes.post("/leases/ask")
    def ask(body: AskBody, request: Request) -> Json:
        return leases.ask(work, body.label_id, author(request, body.annotator))

    @routes.post("/leases/answer")
    def answer(body: AnswerBody, request: Request) -> Json:
        leases.answer(work, body.label_id, author(request, body.annotator), give=body.give)
        return {"answered": True}

    @routes.delete("/leases")
    def release(request: Request, annotator: str | None = None) -> Json:
        leases.release(work, author(request, annotator or work.settings.annotator))
        return {"released": True}
