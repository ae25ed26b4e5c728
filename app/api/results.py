"""Routes of offsets and exports."""

from pathlib import Path

from fastapi import APIRouter, Response

from app.actions import exporting, insight
from app.api.body import Json
from app.workspace import Workspace


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/offsets")
    def offsets(dataset_id: int) -> Json:
        return insight.offsets_told(work, dataset_id)

    @routes.get("/datasets/{dataset_id}/export/labels.json")
    def labels(dataset_id: int, drop_removed: bool = False) -> Response:
        return _download(exporting.labels(work, dataset_id, drop_removed=drop_removed), "application/json")

    @routes.get("/datasets/{dataset_id}/export/audit.csv")
    def audit(dataset_id: int) -> Response:
        return _download(exporting.audit(work, dataset_id), "text/csv; charset=utf-8")

    @routes.get("/datasets/{dataset_id}/export/trail.csv")
    def trail(dataset_id: int) -> Response:
        return _download(exporting.trail(work, dataset_id), "text/csv; charset=utf-8")


def _download(exported: exporting.Exported, kind: str) -> Response:
    name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in exported.name)
    ascii_name = Path(name.encode("ascii", "replace").decode().replace("?", "_")).name
    headers = {"content-disposition": f'attachment; filename="{ascii_name}"', "cache-control": "no-store"}
    return Response(exported.text, media_type=kind, headers=headers)
