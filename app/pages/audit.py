"""Audit: what the blind audit found, accepting the sure suggestions as one batch, taking batches back."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import gradio as gr

from app.actions import audits, batches, datasets, drawing
from app.pages.element import element, table
from app.pages.shell import Shell, follow, on, who
from app.strings import Words
from spotting.errors import NotFound

words = Words("audit")
ALL, CERTIFIED, CHOSEN, EMPTY = (words(name) for name in ("all", "certified", "chosen", "empty"))


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            gr.Markdown(words("accept_title"))
            label = gr.Dropdown([ALL], value=ALL, label=words("of"), elem_id="accept-class")
            how = gr.Radio([CERTIFIED, CHOSEN], value=CERTIFIED, label=words("how"), elem_id="accept-how")
            confidence = gr.Slider(0.5, 1, 0.95, step=0.005, label=words("confidence"), visible=False)
            seen = gr.Markdown(EMPTY, elem_id="accept-words")
            accept = gr.Button(words("accept"), variant="primary", elem_id="accept-apply")
            job = element("respot-job", {}, "batch-job")
        with gr.Column(scale=2, min_width=320):
            far, draw, back, groups, made, holding, number, undo, resume = _results()
    choice = [shell.dataset, label, how, confidence]
    shown = [seen, far, draw, back, groups, made, holding, number]

    def show(dataset_id: int | None, chosen: str, how: str, confidence: float) -> tuple[Any, ...]:
        return page(shell, dataset_id, _class(chosen), confidence if how == CHOSEN else None)

    def arrive(dataset_id: int | None) -> tuple[Any, ...]:
        told = [] if dataset_id is None else datasets.get_dataset(shell.work, dataset_id)["classes"]
        choices = gr.Dropdown([ALL, *told], value=ALL)
        working = {"job": None if dataset_id is None else batches.job_under_way(shell.work, dataset_id)}
        return choices, CERTIFIED, gr.Slider(visible=False), working, *page(shell, dataset_id, None, None)

    def apply(dataset_id: int | None, chosen: str, how: str, confidence: float) -> dict[str, Any]:
        threshold = confidence if how == CHOSEN else None
        begun = batches.begin_accept(
            shell.work, _named(dataset_id), annotator=who(shell), threshold=threshold, label=_class(chosen)
        )
        return {"job": batches.in_background(shell.work, begun)}

    def more(dataset_id: int | None, chosen: str, how: str, confidence: float) -> tuple[Any, ...]:
        told = audits.audit(shell.work, _named(dataset_id))
        drawing.draw(shell.work, _named(dataset_id), told["more"]["lacking"])
        return show(dataset_id, chosen, how, confidence)

    def fewer(dataset_id: int | None, chosen: str, how: str, confidence: float) -> tuple[Any, ...]:
        drawing.take_back(shell.work, _named(dataset_id))
        return show(dataset_id, chosen, how, confidence)

    follow(shell, tab, arrive, [label, how, confidence, job, *shown])
    on([label.input, how.input, confidence.release], show, choice, shown)
    on(how.input, lambda how: gr.Slider(visible=how == CHOSEN), how, confidence)
    on(draw.click, more, choice, shown, asked=True)
    on(back.click, fewer, choice, shown, asked=True)
    on(accept.click, apply, choice, job, asked=True)
    on(undo.click, partial(_take_back, shell), number, job, asked=True)
    on(resume.click, partial(_go_on, shell), number, job, asked=True)
    on(job.submit, show, choice, shown)


def _take_back(shell: Shell, batch_id: int | None) -> dict[str, Any]:
    begun = batches.begin_undo(shell.work, _one(batch_id), annotator=who(shell))
    return {"job": batches.in_background(shell.work, begun)}


def _go_on(shell: Shell, batch_id: int | None) -> dict[str, Any]:
    left = batches.interrupted(shell.work, _one(batch_id))
    return {"job": batches.in_background(shell.work, left)}


def _results() -> tuple[
    gr.Markdown, gr.Button, gr.Button, gr.HTML, gr.HTML, gr.Row, gr.Dropdown, gr.Button, gr.Button
]:
    gr.Markdown(words("audit_title"))
    far = gr.Markdown(elem_id="audit-words")
    with gr.Row():
        draw = gr.Button(visible=False, elem_id="audit-draw")
        back = gr.Button(visible=False, elem_id="audit-take-back")
    groups = element("respot-table", {}, "audit-groups", of="audit")
    made = element("respot-table", {}, "batches", of="batches")
    with gr.Row(visible=False) as holding:
        number = gr.Dropdown([], label=words("batch"), elem_id="batch-number", scale=2)
        undo = gr.Button(words("undo"), elem_id="batch-undo")
        resume = gr.Button(words("resume"), elem_id="batch-resume")
    return far, draw, back, groups, made, holding, number, undo, resume


def page(shell: Shell, dataset_id: int | None, label: str | None, threshold: float | None) -> tuple[Any, ...]:
    """The words of the preview, how far the audit is, its groups, the batches, and which can be chosen."""
    if dataset_id is None:
        nothing = table([]), table([]), gr.Row(visible=False), gr.Dropdown([], value=None)
        return EMPTY, "", gr.Button(visible=False), gr.Button(visible=False), *nothing
    seen = audits.preview(shell.work, dataset_id, threshold=threshold, label=label)
    told = audits.audit(shell.work, dataset_id)
    made = batches.list_batches(shell.work, dataset_id)
    held = [batch for batch in made if not batch["undone"]]
    return (
        _preview(seen),
        _far(told),
        _draw(told["more"]),
        gr.Button(words("draw_back", count=told["more"]["back"]), visible=told["more"]["back"] > 0),
        table([_group(group) for group in told["groups"] if group["n"]]),
        table([_batch(batch) for batch in made]),
        gr.Row(visible=bool(held)),
        _choices(held),
    )


def _preview(seen: dict[str, Any]) -> str:
    lines = [_capital(seen["words"])]
    if seen["unverified"]:
        lines.append(words("caution", caution=_capital(seen["unverified"])))
    return "\n\n".join(lines)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _batch(batch: dict[str, Any]) -> list[Any]:
    made = batch["created_at"][:16].replace("T", " ")
    return [str(batch["id"]), made, batch["annotator"], batch["words"]]


def _named(dataset_id: int | None) -> int:
    if dataset_id is None:
        raise NotFound(EMPTY)
    return dataset_id


def _one(batch_id: int | None) -> int:
    if batch_id is None:
        raise NotFound(words("no_batch"))
    return batch_id


def _choices(made: Sequence[dict[str, Any]]) -> gr.Dropdown:
    """The batches that hold, newest first and chosen."""
    choices = [(f"{batch['id']}: {batch['words']}", batch["id"]) for batch in made]
    return gr.Dropdown(choices, value=choices[0][1] if choices else None)


def _class(chosen: str) -> str | None:
    return None if chosen == ALL else chosen


def _far(told: dict[str, Any]) -> str:
    far = words("far", settled=told["settled"], total=told["total"]) if told["total"] else words("too_small")
    lacking = drawing.words(told["more"])
    return far if lacking is None else f"{far}\n\n{_capital(lacking)}."


def _draw(more: dict[str, int]) -> gr.Button:
    """Offers as many labels as are lacking, or as are left."""
    count = min(more["lacking"], more["left"])
    return gr.Button(words("draw", count=count), visible=count > 0)


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
