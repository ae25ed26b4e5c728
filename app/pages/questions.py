"""Questions: what one answer settles for a whole class, annotator or video."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import gradio as gr

from app.actions import questions
from app.asking import REVIEWS
from app.pages.shell import Shell, follow, on, who
from app.strings import Words

words = Words("questions")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(words("title"))
    asked = gr.Dropdown([], label=words("question"), visible=False, elem_id="question")
    told = gr.Markdown(words("unasked"), elem_id="question-words")
    choice = gr.Radio([], label=words("answer"), visible=False, elem_id="question-answer")
    settle = gr.Button(words("answer"), variant="primary", visible=False, elem_id="question-settle")
    question = [asked, told, choice, settle]

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        return choose(dataset_id, None)

    def choose(dataset_id: int | None, place: int | None) -> tuple[Any, ...]:
        return _question([] if dataset_id is None else questions.questions(shell.work, dataset_id), place)

    def answer(dataset_id: int | None, place: int | None, chosen: str | None) -> tuple[Any, ...]:
        if dataset_id is None or place is None or chosen is None:
            return choose(dataset_id, place)
        group = questions.questions(shell.work, dataset_id)[place]
        about = {"of": group["of"], "name": group["name"], "answer": chosen}
        after = questions.answer(shell.work, dataset_id, annotator=who(shell), key=str(uuid4()), **about)
        return _question(after, place)

    follow(shell, tab, show, question)
    on(asked.input, choose, [shell.dataset, asked], question)
    on(settle.click, answer, [shell.dataset, asked, choice], question, asked=True)


def _question(asked: Sequence[dict[str, Any]], place: int | None) -> tuple[Any, ...]:
    """The questions to choose from, what one says, its answers and their button; an open one first."""
    if not asked:
        hidden = gr.Radio([], value=None, visible=False), gr.Button(visible=False)
        return gr.Dropdown([], value=None, visible=False), words("unasked"), *hidden
    unanswered = (at for at, each in enumerate(asked) if each["answer"] is None)
    at = place if place is not None and place < len(asked) else next(unanswered, 0)
    shown = asked[at]
    said = words("answered" if shown["answer"] else "unanswered", **shown)
    if shown["review"]:
        said += " " + words("look", count=REVIEWS, address=shown["review"])
    answers = [(text[:1].upper() + text[1:], name) for name, text in shown["choices"]]
    answers += [(words("open"), "open")] if shown["answer"] else []
    choice = gr.Radio(answers, value=None, visible=True), gr.Button(visible=True)
    return gr.Dropdown(_names(asked), value=at, visible=True), said, *choice


def _names(asked: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    return [
        (words("asked", **each | {"answer": each["answer"] or words("undecided")}), at)
        for at, each in enumerate(asked)
    ]
