"""Rules and questions: what labels must keep, what is doubtful, and what one answer settles."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import gradio as gr

from app.actions import doubts, questions
from app.pages.shell import Shell, follow, on, who
from app.strings import Words

words = Words("rules")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(words("title"))
    rules = gr.Textbox(label=words("rules"), lines=4, max_lines=20, elem_id="rules")
    check = gr.Button(words("check"), elem_id="rules-check")
    found = gr.Markdown(elem_id="doubts-words")
    gr.Markdown(words("questions"))
    asked = gr.Dropdown([], label=words("question"), visible=False, elem_id="question")
    told = gr.Markdown(words("unasked"), elem_id="question-words")
    choice = gr.Radio([], label=words("answer"), visible=False, elem_id="question-answer")
    settle = gr.Button(words("answer"), variant="primary", visible=False, elem_id="question-settle")
    question = [asked, told, choice, settle]

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        if dataset_id is None:
            return "", "", *_question([], None)
        asked_now = questions.questions(shell.work, dataset_id)
        return *_shown(doubts.told(shell.work, dataset_id)), *_question(asked_now, None)

    def check_all(dataset_id: int | None, text: str | None) -> tuple[str, str]:
        if dataset_id is None:
            return "", words("empty")
        return _shown(doubts.check(shell.work, dataset_id, text or ""))

    def choose(dataset_id: int | None, place: int | None) -> tuple[Any, ...]:
        return _question([] if dataset_id is None else questions.questions(shell.work, dataset_id), place)

    def answer(dataset_id: int | None, place: int | None, chosen: str | None) -> tuple[Any, ...]:
        if dataset_id is None or place is None or chosen is None:
            return choose(dataset_id, place)
        group = questions.questions(shell.work, dataset_id)[place]
        about = {"of": group["of"], "name": group["name"], "answer": chosen}
        after = questions.answer(shell.work, dataset_id, annotator=who(shell), key=str(uuid4()), **about)
        return _question(after, place)

    follow(shell, tab, show, [rules, found, *question])
    on(check.click, check_all, [shell.dataset, rules], [rules, found], asked=True)
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
    answers = [(text[:1].upper() + text[1:], name) for name, text in shown["choices"]]
    answers += [(words("open"), "open")] if shown["answer"] else []
    choice = gr.Radio(answers, value=None, visible=True), gr.Button(visible=True)
    return gr.Dropdown(_names(asked), value=at, visible=True), said, *choice


def _names(asked: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    return [
        (words("asked", **each | {"answer": each["answer"] or words("undecided")}), at)
        for at, each in enumerate(asked)
    ]


def _shown(told: dict[str, Any]) -> tuple[str, str]:
    """The rules, and how many labels wait for review because of them and other checks."""
    found = [f"{count:,} {doubts.QUEUES[kind].lower()}" for kind, count in told["open"].items() if count]
    return told["rules"], words("found", found=", ".join(found) or words("nothing"))
