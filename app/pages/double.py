"""Double review: how many labels are for two people, and a lead's decision where these differ."""

from typing import Any
from uuid import uuid4

import gradio as gr

from app.actions import people, review
from app.pages.shell import Shell, follow, on, who
from app.workspace import Workspace

WORDS = """### Two people, one label

Two people can settle a share of the labels, neither of whom sees what the other decided (in Review, the
queue *For a second person*). It tells how well people agree; where they do not, a lead decides here.
"""
HEADS = ["Label", "Clip", "Class", "Tagged", "First person", "Second person", "Apart"]
CHOICES = [
    ("the first person is right", "first"),
    ("the second person is right", "second"),
    ("the tag is right", "tag"),
    ("another frame", "frame"),
    ("there is no such event", "remove"),
]
NONE = "No label waits for a lead's decision."


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(WORDS)
    far = gr.Markdown(elem_id="double-words")
    with gr.Row():
        share = gr.Slider(0, 100, 0, step=1, label="Labels for two people, %", elem_id="double-share")
        tolerance = gr.Number(1, label="They agree up to (frames)", precision=0, minimum=0)
        draw = gr.Button("Draw them", elem_id="double-draw")
    apart = gr.Dataframe(headers=HEADS, interactive=False, elem_id="apart", wrap=True)
    with gr.Row():
        label = gr.Dropdown([], label="Label", elem_id="apart-label")
        choice = gr.Dropdown(CHOICES, value="first", label="Decision", elem_id="apart-choice")
        frame = gr.Number(None, label="Another frame", precision=0, minimum=0)
        settle = gr.Button("Settle it", variant="primary", elem_id="apart-settle")
        undo = gr.Button("Undo my last decision", elem_id="apart-undo")
    shown = [far, share, tolerance, apart, label]

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        return page(shell.work, dataset_id)

    def drawn(dataset_id: int | None, percent: float, frames: int) -> tuple[Any, ...]:
        if dataset_id is not None:
            people.plan_double(shell.work, dataset_id, share=percent / 100, tolerance=int(frames or 0))
        return page(shell.work, dataset_id)

    def settled(dataset_id: int | None, label: int | None, choice: Any, frame: int | None) -> tuple[Any, ...]:
        if label is not None:
            people.adjudicate(shell.work, label, choice=choice, frame=frame, annotator=who(shell))
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
    """How far the double review is, its settings, and the labels that wait for a decision."""
    if dataset_id is None:
        return "There is no dataset yet.", 0, 1, [], gr.Dropdown([], value=None)
    told = people.double_review(work, dataset_id)
    waiting = people.disagreements(work, dataset_id)
    ids = [one["label_id"] for one in waiting]
    words = told["words"] if waiting or not told["labels"] else f"{told['words']} {NONE}"
    rows = [_row(one) for one in waiting]
    labels = gr.Dropdown(ids, value=ids[0] if ids else None)
    return words, round(100 * told["share"]), told["tolerance"], rows, labels


def _row(one: dict[str, Any]) -> list[Any]:
    first, second, *_ = one["opinions"]
    apart = "in more than the frame" if one["apart"] is None else one["apart"]
    return [one["label_id"], one["clip"], one["label"], one["frame"], _said(first), _said(second), apart]


def _said(opinion: dict[str, Any]) -> str:
    where = "no such event" if opinion["frame"] is None else f"frame {opinion['frame']}"
    return f"{opinion['annotator']}: {opinion['label'] or ''} {where}".replace(":  ", ": ")
