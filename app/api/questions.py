"""Routes of the questions that settle a whole class, annotator or video."""

from fastapi import APIRouter, Request

from app.actions import questions
from app.rights import author
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class AnswerBody(Body):
    key: str
    annotator: str
    of: str
    name: str
    answer: str


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/questions")
    def asked(dataset_id: Int64) -> list[Json]:
        return questions.questions(work, dataset_id)

    @routes.post("/datasets/{dataset_id}/questions")
    def answer(request: Request, dataset_id: Int64, body: AnswerBody) -> list[Json]:
        return questions.answer(
            work,
            dataset_id,
            of=body.of,
            name=body.name,
            answer=body.answer,
            annotator=author(request, body.annotator),
            key=body.key,
        )
