"""Training: start a run with few choices, watch it, stop it, go on with it."""

from typing import Any

import gradio as gr

from app.actions import rounds, training
from app.actions.forecast import forecast
from app.grouping import GROUPINGS
from app.pages.element import element
from app.pages.shell import Shell, follow, on, who
from app.plan import EFFORTS
from app.strings import Words
from spotting.config import OBJECTIVES
from spotting.errors import BadConfig, NotFound

words = Words("training")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    default = training.configure(training.RunRequest(dataset_id=0))
    with gr.Row():
        with gr.Column(scale=1, min_width=300):
            preset = gr.Dropdown(
                [(words.choices("presets")[name], name) for name in training.PRESETS],
                value="small",
                label=words("preset"),
                elem_id="run-preset",
            )
            objective = gr.Dropdown(
                [(words.choices("objectives")[name], name) for name in OBJECTIVES],
                value=default.objective,
                label=words("objective"),
                elem_id="run-objective",
            )
            epochs = gr.Number(
                default.epochs, label=words("epochs"), precision=0, minimum=1, elem_id="run-epochs"
            )
            sigma = gr.Textbox(
                label=words("sigma"),
                placeholder=words("sigma_empty"),
                info=words("sigma_info"),
                elem_id="run-sigma",
            )
            reach = gr.Textbox(
                label=words("reach"),
                placeholder=words("reach_empty"),
                info=words("reach_info"),
                elem_id="run-reach",
            )
            with gr.Accordion(words("more"), open=False):
                effort = gr.Dropdown(
                    [(words.choices("efforts")[name], name) for name in EFFORTS],
                    value="quick",
                    label=words("effort"),
                    elem_id="run-effort",
                )
                grouping = gr.Dropdown(
                    [(told.capitalize(), name) for name, told in GROUPINGS.items()],
                    value="source",
                    label=words("grouping"),
                    elem_id="run-grouping",
                )
                pattern = gr.Textbox(
                    label=words("pattern"),
                    placeholder=words("pattern_empty"),
                    info=words("pattern_info"),
                    elem_id="run-pattern",
                )
                batch = gr.Textbox(
                    label=words("batch"),
                    placeholder=words("batch_empty"),
                    info=words("batch_info"),
                    elem_id="run-batch",
                )
                seed = gr.Number(0, label=words("seed"), precision=0, minimum=0, elem_id="run-seed")
            expected = gr.Markdown(elem_id="run-forecast")
            start = gr.Button(words("start"), variant="primary", elem_id="run-start")
            again = gr.Button(words("round"), elem_id="run-round")
        with gr.Column(scale=3):
            watched = element("respot-training", {}, "run-watched")

    def begin(dataset_id: int | None, *values: Any) -> dict[str, Any]:
        if dataset_id is None:
            raise NotFound(words("no_dataset"))
        return {"run": training.start_run(shell.work, _request(dataset_id, *values))}

    def next_round(dataset_id: int | None) -> dict[str, Any]:
        if dataset_id is None:
            raise NotFound(words("no_dataset"))
        return {"run": rounds.start_round(shell.work, dataset_id)}

    def show(dataset_id: int | None) -> dict[str, Any]:
        return {"dataset": dataset_id, "run": None, "annotator": who(shell)}

    def estimate(dataset_id: int | None, *values: Any) -> str:
        return "" if dataset_id is None else _told(forecast(shell.work, _request(dataset_id, *values)))

    def preset_epochs(preset: str) -> int:
        return training.configure(training.RunRequest(dataset_id=0, preset=preset)).epochs

    form = [shell.dataset, preset, objective, epochs, sigma, reach, batch, effort, grouping, pattern, seed]
    on(start.click, begin, form, watched, asked=True)
    on(again.click, next_round, shell.dataset, watched, asked=True)
    on(preset.change, preset_epochs, preset, epochs)
    changes = [field.change for field in (shell.dataset, preset, objective, epochs, effort, grouping)]
    on([*changes, pattern.blur, tab.select], estimate, form, expected)
    follow(shell, tab, show, watched)


def _told(told: dict[str, Any]) -> str:
    """How long it may take, what that rests on, and what is held out in turn."""
    few = told["frames"] < 1e6
    frames = words("thousands" if few else "frames", frames=told["frames"] / (1e3 if few else 1e6))
    speed, run = told["frames_per_second"], told["run_id"]
    if told["seconds"] is None:
        lasts = words("no_speed", frames=frames)
    else:
        duration = _duration(told["seconds"])
        lasts = words("estimate", duration=duration, frames=frames, speed=speed, run=run)
    held = words("groups", count=told["groups"])
    leak = words("leak", leak=told["leak"]) if told["leak"] else ""
    return "\n\n".join(filter(None, (lasts, held, leak)))


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return words("a_minute")
    if minutes < 60:
        return words("minutes", minutes=minutes)
    return words("hours", hours=minutes // 60, minutes=minutes % 60)


def _request(
    dataset_id: int,
    preset: str,
    objective: str,
    epochs: int,
    sigma: str | None,
    reach: str | None,
    batch: str | None,
    effort: str,
    grouping: str,
    pattern: str | None,
    seed: int,
) -> training.RunRequest:
    """What the form says. Raises `BadConfig` for what is no number."""
    return training.RunRequest(
        dataset_id=dataset_id,
        preset=preset,
        objective=objective,
        epochs=epochs,
        sigma=_optional("expected label error", sigma),
        reach=_optional("reach", reach),
        batch=_whole(batch),
        effort=effort,
        grouping=grouping,
        pattern=(pattern or "") if grouping == "name" else "",
        seed=seed,
    )


def _optional(name: str, text: str | None) -> float | None:
    try:
        return float(text.replace(",", ".")) if text and text.strip() else None
    except ValueError:
        raise BadConfig(f"{name} is {text!r}: must be a number of frames, or empty") from None


def _whole(text: str | None) -> int | None:
    value = _optional("batch", text)
    if value is not None and value != round(value):
        raise BadConfig(f"batch is {text!r}: must be a whole number of windows, or empty")
    return None if value is None else round(value)
