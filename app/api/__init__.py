"""The REST interface: what the page, scripts and tests speak. Each route is one action."""

from types import ModuleType

from fastapi import APIRouter, Depends, Request

from app.api import (
    background,
    batches,
    browsing,
    checkpoints,
    datasets,
    doubts,
    figures,
    jobs,
    labelfiles,
    leases,
    people,
    planning,
    questions,
    results,
    review,
    shifts,
    training,
)
from app.problems import RESPONSES
from app.rights import account_of, writes_need
from app.wire import Json
from app.workspace import Workspace
from storage.records import Role

ROLES: dict[ModuleType, Role] = {
    datasets: "lead",
    labelfiles: "lead",
    review: "annotator",
    leases: "annotator",
    batches: "lead",
    people: "lead",
    doubts: "lead",
    background: "annotator",
    shifts: "lead",
    training: "lead",
    checkpoints: "lead",
    jobs: "lead",
    results: "lead",
    figures: "lead",
    browsing: "lead",
    planning: "lead",
    questions: "lead",
}
"""Who may change something by the routes of a module; reading is for everybody who is logged in."""


def router(work: Workspace) -> APIRouter:
    """All routes, under /api/v1."""
    routes = APIRouter(prefix="/api/v1", responses=RESPONSES)
    for noun, role in ROLES.items():
        part = APIRouter(dependencies=[Depends(writes_need(role))])
        noun.add_routes(part, work)
        routes.include_router(part)

    @routes.get("/me")
    def me(request: Request) -> Json:
        account = account_of(request)
        if account is None:
            return {"name": work.settings.annotator, "role": "lead", "login": False}
        return {"name": account.name, "role": account.role, "login": True}

    return routes
