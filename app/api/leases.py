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


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.post("/leases")
    def take(body: LeaseBody, request: Request) -> Json:
        return leases.take(work, body.label_ids, author(request, body.annotator))

    @routes.delete("/leases")
    def release(request: Request, annotator: str | None = None) -> Json:
        leases.release(work, author(request, annotator or work.settings.annotator))
        return {"released": True}
