"""Routes of label files before their import: sent here, looked into."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from app.actions import previewing, uploading
from app.wire import Body, Json
from app.workspace import Workspace
from storage.formats.clock import Rule


class PreviewBody(Body):
    labels: Annotated[str, Field(min_length=1)]
    format: str | None = None
    time_rule: Rule | None = None
    fps: Annotated[float, Field(gt=0, le=1000)] | None = None
    columns: dict[str, str] = {}


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.post("/label-files")
    async def send_label_file(request: Request, name: str) -> Json:
        """The body is the file; the answer's path is what an import takes as `labels`."""
        return {"path": str(await uploading.take(work, name, request.stream()))}

    @routes.post("/label-files/preview")
    def preview_label_file(body: PreviewBody) -> Json:
        asked = body.model_dump() | {"labels": Path(body.labels), "format": body.format or None}
        return previewing.preview_labels(previewing.Preview(**asked))
