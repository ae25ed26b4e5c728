"""Routes of exports."""

from pathlib import Path

from fastapi import APIRouter, Response

from app.actions import exporting
from app.workspace import Workspace


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/export/labels.json")
    def labels(dataset_id: int, drop_removed: bool = False) -> Response:
        file = exporting.labels(work, dataset_id, drop_removed=drop_removed)
        return download(file.text, file.name, "application/json")

    @routes.get("/datasets/{dataset_id}/export/audit.csv")
    def audit(dataset_id: int) -> Response:
        file = exporting.audit(work, dataset_id)
        return download(file.text, file.name, "text/csv; charset=utf-8")

    @routes.get("/datasets/{dataset_id}/export/trail.csv")
    def trail(dataset_id: int) -> Response:
        file = exporting.trail(work, dataset_id)
        return download(file.text, file.name, "text/csv; charset=utf-8")


def download(text: str, name: str, kind: str) -> Response:
    """A file for the browser to save under `name`, whatever letters that has."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    ascii_name = Path(safe.encode("ascii", "replace").decode().replace("?", "_")).name
    headers = {"content-disposition": f'attachment; filename="{ascii_name}"', "cache-control": "no-store"}
    return Response(text, media_type=kind, headers=headers)
