"""Training: start a run with few choices, watch it, stop it, go on with it."""

from typing import Any

import gradio as gr

from app.actions import training
from app.actions.forecast import forecast
from app.pages.element import element
from app.pages.shell import Shell, follow, on
from app.plan import EFFORTS, GROUPINGS
from spotting.config import OBJECTIVES
from spotting.errors import BadConfig, NotFound

OBJECTIVE_WORDS = {
    "dla": "Dynamic label assignment (paper)",
    "time_matching": "Matching by time (baseline)",
    "static": "Labels as they are (baseline)",
    "convolved": "Label noise in the loss (quickest)",
}
EFFORT_WORDS = {
    "quick": "Quick: 2 folds",
    "standard": "Standard: 5 folds",
    "thorough": "Thorough: 5 folds, 3 times",
}
PRESET_WORDS = {"small": "Small: CPU, few clips", "paper": "Paper: GPU, RegNetY at 224 px"}


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    default = training.configure(training.RunRequest(dataset_id=0))
    with gr.Row():
        with gr.Column(scale=1, min_width=300):
            preset = gr.Dropdown(
                [(PRESET_WORDS[name], name) for name in training.PRESETS],
                value="small",
                label="Preset",
                elem_id="run-preset",
            )
            objective = gr.Dropdown(
                [(OBJECTIVE_WORDS.get(name, name), name) for name in OBJECTIVES],
                value=default.objective,
                label="Objective",
                elem_id="run-objective",
            )
            epochs = gr.Number(default.epochs, label="Epochs", precision=0, minimum=1, elem_id="run-epochs")
            sigma = gr.Textbox(
                label="Expected label error σ, in frames",
                placeholder="if you know it",
                info="Sets the reach, unless you give one.",
                elem_id="run-sigma",
            )
            reach = gr.Textbox(
                label="Reach, in frames",
                placeholder="from σ, else the preset's",
                info="How far a label may move for a full score gap.",
                elem_id="run-reach",
            )
            with gr.Accordion("More", open=False):
                effort = gr.Dropdown(
                    [(EFFORT_WORDS[name], name) for name in EFFORTS],
                    value="quick",
                    label="Cross-fitting",
                    elem_id="run-effort",
                )
                grouping = gr.Dropdown(
                    [(words.capitalize(), name) for name, words in GROUPINGS.items()],
                    value="source",
                    label="Held out together",
                    elem_id="run-grouping",
                )
                batch = gr.Textbox(
                    label="Batch",
                    placeholder="the preset's",
                    info="Windows per step: fewer need less memory.",
                    elem_id="run-batch",
                )
                seed = gr.Number(0, label="Seed", precision=0, minimum=0, elem_id="run-seed")
            expected = gr.Markdown(elem_id="run-forecast")
            start = gr.Button("Start training", variant="primary", elem_id="run-start")
        with gr.Column(scale=3):
            watched = element("respot-training", {}, "run-watched")

    def begin(dataset_id: int | None, *values: Any) -> dict[str, Any]:
        if dataset_id is None:
            raise NotFound("there is no dataset to train on yet: import one first")
        return {"run": training.start_run(shell.work, _request(dataset_id, *values))}

    def show(dataset_id: int | None) -> dict[str, Any]:
        return {"dataset": dataset_id, "run": None}

    def estimate(dataset_id: int | None, *values: Any) -> str:
        return "" if dataset_id is None else _words(forecast(shell.work, _request(dataset_id, *values)))

    def preset_epochs(preset: str) -> int:
        return training.configure(training.RunRequest(dataset_id=0, preset=preset)).epochs

    form = [shell.dataset, preset, objective, epochs, sigma, reach, batch, effort, grouping, seed]
    on(start.click, begin, form, watched, asked=True)
    on(preset.change, preset_epochs, preset, epochs)
    changes = [field.change for field in (shell.dataset, preset, objective, epochs, effort)]
    on([*changes, tab.select], estimate, form, expected)
    follow(shell, tab, show, watched)


def _words(told: dict[str, Any]) -> str:
    """How long it may take, and what that rests on."""
    frames = f"{told['frames'] / 1e6:.1f} million frames"
    if told["seconds"] is None:
        return f"{frames} to look at; how long that takes shows after the first epoch."
    speed = f"{told['frames_per_second']:,.0f} frames/s of run {told['run_id']}"
    return f"**About {_duration(told['seconds'])}**: {frames} at the {speed}, if nothing else runs."


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


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
