"""Routes of the clip browser."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.actions import browsing
from app.wire import Int64, Json
from app.workspace import Workspace


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/clips")
    def clips(
        dataset_id: Int64,
        search: Annotated[str, Query(max_length=200)] = "",
        after: Int64 | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 24,
    ) -> Json:
        return browsing.clips(work, dataset_id, search=search, after=after, limit=limit)
