"""Routes of what stands behind a label: trace, norms, the class's meaning, a person's own decisions."""

from fastapi import APIRouter, Request
from pydantic import Field

from app.actions import background
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace
from storage.definitions import Example


class ExampleBody(Body):
    clip_id: Int64
    frame: Int64


class DefinitionBody(Body):
    label_class: str = Field(alias="class")
    text: str
    examples: list[ExampleBody]
    annotator: str


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/labels/{label_id}/background")
    def behind(request: Request, label_id: Int64, annotator: str | None = None) -> Json:
        return background.behind(work, label_id, author(request, annotator or work.settings.annotator))

    @routes.get("/datasets/{dataset_id}/decisions")
    def decisions(
        request: Request, dataset_id: Int64, annotator: str | None = None, before: Int64 | None = None
    ) -> Json:
        whose = author(request, annotator or work.settings.annotator)
        return background.decision_page(work, dataset_id, whose, before)

    @routes.post("/datasets/{dataset_id}/definitions")
    def define(request: Request, dataset_id: Int64, body: DefinitionBody) -> Json:
        examples = tuple(Example(example.clip_id, example.frame) for example in body.examples)
        annotator = author(request, body.annotator)
        new = background.NewDefinition(
            label=body.label_class, text=body.text, examples=examples, annotator=annotator
        )
        return background.define(work, dataset_id, new)
