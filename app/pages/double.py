"""Double review: how many labels are for two people, and a lead's decision where these differ."""

from typing import Any
from uuid import uuid4

import gradio as gr

from app.actions import people, review
from app.pages.element import element, table
from app.pages.shell import Shell, follow, on, who
from app.strings import Words
from app.workspace import Workspace
from spotting.errors import BadConfig

words = Words("double")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(words("title"))
    far = gr.Markdown(elem_id="double-words")
    with gr.Row():
        share = gr.Slider(0, 100, 0, step=1, label=words("share"), elem_id="double-share")
        tolerance = gr.Number(1, label=words("tolerance"), precision=0, minimum=0)
        draw = gr.Button(words("draw"), elem_id="double-draw")
    apart = element("respot-table", {}, "apart", of="apart")
    with gr.Row(visible=False) as settling:
        label = gr.Dropdown([], label=words("label"), elem_id="apart-label")
        choice = gr.Dropdown(
            [(text, name) for name, text in words.choices("choices").items()],
            value="first",
            label=words("decision"),
            elem_id="apart-choice",
        )
        frame = gr.Textbox("", label=words("frame"), elem_id="apart-frame")
        settle = gr.Button(words("settle"), variant="primary", elem_id="apart-settle")
    undo = gr.Button(words("undo"), elem_id="apart-undo", visible=False)
    shown = [far, share, tolerance, apart, label, settling, undo]

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        return page(shell.work, dataset_id)

    def drawn(dataset_id: int | None, percent: float, frames: int) -> tuple[Any, ...]:
        if dataset_id is not None:
            people.plan_double(shell.work, dataset_id, share=percent / 100, tolerance=int(frames or 0))
        return page(shell.work, dataset_id)

    def settled(dataset_id: int | None, label: int | None, choice: Any, frame: str) -> tuple[Any, ...]:
        if label is not None:
            people.adjudicate(shell.work, label, choice=choice, frame=_frame(frame), annotator=who(shell))
        return page(shell.work, dataset_id)

    def undone(dataset_id: int | None) -> tuple[Any, ...]:
        if dataset_id is not None:
            review.undo(shell.work, dataset_id, annotator=who(shell), key=str(uuid4()))
        return page(shell.work, dataset_id)

    follow(shell, tab, show, shown)
    on(draw.click, drawn, [shell.dataset, share, tolerance], shown, asked=True)
    on(settle.click, settled, [shell.dataset, label, choice, frame], shown, asked=True)
    on(undo.click, undone, shell.dataset, shown, asked=True)


def page(work: Workspace, dataset_id: int | None) -> tuple[Any, ...]:
    """How far the double review is, its settings, the labels that wait for a decision, what can be done."""
    if dataset_id is None:
        hidden = gr.Row(visible=False), gr.Button(visible=False)
        return words("empty"), 0, 1, table([]), gr.Dropdown([], value=None), *hidden
    told = people.double_review(work, dataset_id)
    waiting = people.disagreements(work, dataset_id)
    ids = [one["label_id"] for one in waiting]
    return (
        told["words"],
        round(100 * told["share"]),
        told["tolerance"],
        table([_row(one) for one in waiting]),
        gr.Dropdown(ids, value=ids[0] if ids else None),
        gr.Row(visible=bool(ids)),
        gr.Button(visible=bool(told["labels"])),
    )


def _frame(typed: str | None) -> int | None:
    text = (typed or "").strip()
    if text and not text.isdecimal():
        raise BadConfig(words("no_frame", typed=text))
    return int(text) if text else None


def _row(one: dict[str, Any]) -> list[Any]:
    first, second, *_ = one["opinions"]
    apart = words("more") if one["apart"] is None else one["apart"]
    return [one["label_id"], one["clip"], one["label"], one["frame"], _said(first), _said(second), apart]


def _said(opinion: dict[str, Any]) -> str:
    where = words("no_event") if opinion["frame"] is None else words("at", frame=opinion["frame"])
    return f"{opinion['annotator']}: {opinion['label'] or ''} {where}".replace(":  ", ": ")
