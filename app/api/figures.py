"""Routes of the insight page: figures, their numbers, the gallery's picture."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.actions import insight
from app.actions.insight import Asked
from app.actions.insight.asked import By, Pick, Reference, Sample, Stage
from app.api.results import download
from app.wire import Int64, Json
from app.workspace import Workspace


class Filters(BaseModel):
    """The filters of the page as they stand in its address."""

    stage: Stage = "suggested"
    by: By = "class"
    reference: Reference = "truth"
    tolerance: Annotated[int, Field(ge=0, le=12)] = 1
    pick: Pick = "largest"
    sample: Sample = "all"
    label_class: str = ""
    annotator: str = ""
    video: str = ""
    run: int | None = None
    columns: Annotated[int, Field(ge=1, le=4)] = 4

    def asked(self) -> Asked:
        """The same for the actions."""
        return Asked(**self.model_dump())


KINDS = {"jpg": "jpeg", "svg": "svg+xml"}
Wanted = Annotated[Filters, Query()]


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/figures")
    def catalogue(dataset_id: Int64) -> Json:
        return insight.catalogue(work, dataset_id)

    @routes.get("/datasets/{dataset_id}/figures/{name}.csv")
    def table(dataset_id: Int64, name: str, filters: Wanted) -> Response:
        text, file = insight.table(work, dataset_id, name, filters.asked())
        return download(text, file, "text/csv; charset=utf-8")

    @routes.get("/datasets/{dataset_id}/gallery.{kind}")
    def gallery(dataset_id: Int64, kind: Literal["png", "jpg", "svg"], filters: Wanted) -> Response:
        picture = insight.gallery(work, dataset_id, filters.asked(), kind)
        return Response(picture, media_type=f"image/{KINDS.get(kind, kind)}")

    @routes.get("/datasets/{dataset_id}/figures/{name}")
    def figure(dataset_id: Int64, name: str, filters: Wanted) -> Json:
        return insight.figure(work, dataset_id, name, filters.asked())
