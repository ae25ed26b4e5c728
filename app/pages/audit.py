"""Audit: what the blind audit found, accepting the sure suggestions as one batch, taking batches back."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from app.actions import audits, batches, datasets
from app.pages.shell import Shell, follow, on, who

GROUPS = [
    "Group",
    "n",
    "Decided − tagged",
    "95 % interval",
    "Suggestions within ±1",
    "95 % interval",
    "No event",
]
BATCHES = ["Batch", "Made", "By", "What"]
ALL = "all classes"
EMPTY = "There is no dataset yet."
CERTIFIED, CHOSEN = "what the audit certifies", "from a confidence of my choice"


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            gr.Markdown("### Accept in bulk")
            label = gr.Dropdown([ALL], value=ALL, label="Labels of", elem_id="accept-class")
            how = gr.Radio([CERTIFIED, CHOSEN], value=CERTIFIED, label="Accept", elem_id="accept-how")
            confidence = gr.Slider(0.5, 1, 0.95, step=0.005, label="Confidence", visible=False)
            words = gr.Markdown(EMPTY, elem_id="accept-words")
            accept = gr.Button("Accept as one batch", variant="primary", elem_id="accept-apply")
            gr.Markdown("### Batches")
            made = gr.Dataframe(headers=BATCHES, interactive=False, elem_id="batches", wrap=True)
            with gr.Row():
                number = gr.Dropdown([], label="Batch", elem_id="batch-number")
                undo = gr.Button("Take it back", elem_id="batch-undo")
        with gr.Column(scale=2):
            gr.Markdown("### Blind audit")
            far = gr.Markdown(elem_id="audit-words")
            groups = gr.Dataframe(headers=GROUPS, interactive=False, elem_id="audit-groups")
    choice = [shell.dataset, label, how, confidence]
    shown = [words, far, groups, made, number]

    def show(dataset_id: int | None, chosen: str, how: str, confidence: float) -> tuple[Any, ...]:
        return page(shell, dataset_id, _class(chosen), confidence if how == CHOSEN else None)

    def arrive(dataset_id: int | None) -> tuple[Any, ...]:
        told = [] if dataset_id is None else datasets.get_dataset(shell.work, dataset_id)["classes"]
        choices = gr.Dropdown([ALL, *told], value=ALL)
        return choices, CERTIFIED, gr.Slider(visible=False), *page(shell, dataset_id, None, None)

    def apply(dataset_id: int | None, chosen: str, how: str, confidence: float) -> tuple[Any, ...]:
        threshold = confidence if how == CHOSEN else None
        if dataset_id is not None:
            batches.accept(
                shell.work, dataset_id, annotator=who(shell), threshold=threshold, label=_class(chosen)
            )
        return page(shell, dataset_id, _class(chosen), threshold)

    def take_back(dataset_id: int | None, batch_id: int | None) -> tuple[Any, ...]:
        if batch_id is not None:
            batches.undo(shell.work, batch_id, annotator=who(shell))
        return page(shell, dataset_id, None, None)

    follow(shell, tab, arrive, [label, how, confidence, *shown])
    on([label.input, how.input, confidence.release], show, choice, shown)
    on(how.input, lambda how: gr.Slider(visible=how == CHOSEN), how, confidence)
    on(accept.click, apply, choice, shown, asked=True)
    on(undo.click, take_back, [shell.dataset, number], shown, asked=True)


def page(shell: Shell, dataset_id: int | None, label: str | None, threshold: float | None) -> tuple[Any, ...]:
    """The words of the preview, how far the audit is, its groups, the batches and which can be taken back."""
    if dataset_id is None:
        return EMPTY, "", [], [], gr.Dropdown([], value=None)
    seen = audits.preview(shell.work, dataset_id, threshold=threshold, label=label)
    told = audits.audit(shell.work, dataset_id)
    made = batches.list_batches(shell.work, dataset_id)
    return (
        seen["words"],
        _far(told),
        [_group(group) for group in told["groups"] if group["n"]],
        [[batch["id"], batch["created_at"][:16], batch["annotator"], batch["words"]] for batch in made],
        _to_take_back([batch for batch in made if not batch["undone"]]),
    )


def _to_take_back(made: Sequence[dict[str, Any]]) -> gr.Dropdown:
    """The batches that hold, newest first and chosen."""
    choices = [(f"{batch['id']}: {batch['words']}", batch["id"]) for batch in made]
    return gr.Dropdown(choices, value=choices[0][1] if choices else None)


def _class(chosen: str) -> str | None:
    return None if chosen == ALL else chosen


def _far(told: dict[str, Any]) -> str:
    if not told["total"]:
        return "This dataset is too small for a blind audit: review all of it."
    return (
        f"**{told['settled']:,} of {told['total']:,}** labels are settled. They were drawn at random at "
        "import, come up among the others in Review (or alone, in the queue *Blind audit*), and nobody is "
        "shown a suggestion for them."
    )


def _group(group: dict[str, Any]) -> list[Any]:
    return [
        group["name"],
        group["n"],
        _signed(group["shift"]),
        "–" if group["low"] is None else f"{_signed(group['low'])} to {_signed(group['high'])}",
        "–" if group["right"] is None else f"{group['right']:.1%}",
        "–" if group["right"] is None else f"{group['lower']:.1%} to {group['upper']:.1%}",
        group["absent"],
    ]


def _signed(frames: float | None) -> str:
    return "–" if frames is None else f"{frames:+.2f}"
