"""The REST interface: what the page, scripts and tests speak. Each route is one action."""

from fastapi import APIRouter

from app.api import datasets, jobs, results, review, training
from app.workspace import Workspace


def router(work: Workspace) -> APIRouter:
    """All routes, under /api/v1."""
    routes = APIRouter(prefix="/api/v1")
    for noun in (datasets, review, training, jobs, results):
        noun.add_routes(routes, work)
    return routes
