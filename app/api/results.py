"""Routes of exports and of the report."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.actions import exporting, reporting
from app.wire import Int64, Json
from app.workspace import Workspace

KINDS = {
    "": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".xml": "application/xml",
    ".zip": "application/zip",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/formats")
    def formats() -> list[Json]:
        return exporting.formats()

    @routes.get("/datasets/{dataset_id}/export/losses")
    def losses(dataset_id: Int64, format: str | None = None) -> Json:
        return exporting.outlook(work, dataset_id, format)

    @routes.get("/datasets/{dataset_id}/export/labels")
    @routes.get("/datasets/{dataset_id}/export/labels.json")
    def labels(
        dataset_id: Int64, format: str | None = None, lossy: bool = False, drop_removed: bool = False
    ) -> Response:
        file = exporting.labels(work, dataset_id, format=format, lossy=lossy, drop_removed=drop_removed)
        return download(_pieces(file), file.name, KINDS.get(Path(file.name).suffix, KINDS[""]))

    @routes.get("/datasets/{dataset_id}/export/audit.csv")
    def audit(dataset_id: Int64) -> Response:
        file = exporting.audit(work, dataset_id)
        return download(_pieces(file), file.name, KINDS[".csv"])

    @routes.get("/datasets/{dataset_id}/export/trail.csv")
    def trail(dataset_id: Int64) -> Response:
        file = exporting.trail(work, dataset_id)
        return download(_pieces(file), file.name, KINDS[".csv"])

    @routes.get("/datasets/{dataset_id}/report.{form}")
    def report(dataset_id: Int64, form: reporting.Form) -> Response:
        told = reporting.gather(work, dataset_id)
        return download(told.text(form), told.file_name(form), KINDS[f".{form}"])


def _pieces(exported: exporting.Exported) -> Iterator[bytes]:
    with exported.file as file:
        while piece := file.read(1 << 16):
            yield piece


def download(content: str | Iterable[bytes], name: str, kind: str) -> Response:
    """A file for the browser to save under `name`, whatever letters that has."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    ascii_name = Path(safe.encode("ascii", "replace").decode().replace("?", "_")).name
    headers = {"content-disposition": f'attachment; filename="{ascii_name}"', "cache-control": "no-store"}
    if isinstance(content, str):
        return Response(content, media_type=kind, headers=headers)
    return StreamingResponse(content, media_type=kind, headers=headers)
