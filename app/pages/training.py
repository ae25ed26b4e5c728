"""Training: start a run with few choices, watch it, stop it, go on with it."""

from typing import Any

import gradio as gr

from app.actions import training
from app.pages.element import element
from app.pages.shell import Shell, follow, on
from spotting.config import OBJECTIVES
from spotting.errors import BadConfig, NotFound

OBJECTIVE_WORDS = {
    "dla": "Dynamic label assignment (paper)",
    "time_matching": "Matching by time (baseline)",
    "static": "Labels as they are (baseline)",
    "convolved": "Label noise in the loss (quickest)",
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
                folds = gr.Number(
                    2, label="Folds", precision=0, minimum=2, maximum=training.MAX_FOLDS, elem_id="run-folds"
                )
                seed = gr.Number(0, label="Seed", precision=0, minimum=0, elem_id="run-seed")
            start = gr.Button("Start training", variant="primary", elem_id="run-start")
        with gr.Column(scale=3):
            chosen = gr.Dropdown([], label="Run", visible=False, elem_id="run-chosen")
            watched = element("respot-training", {}, "run-watched")

    def begin(dataset_id: int | None, *values: Any) -> tuple[gr.Dropdown, dict[str, Any]]:
        if dataset_id is None:
            raise NotFound("there is no dataset to train on yet: import one first")
        run_id = training.start_run(shell.work, _request(dataset_id, *values))
        return _runs(shell, dataset_id, run_id), {"run": run_id}

    def show(dataset_id: int | None) -> tuple[gr.Dropdown, dict[str, Any]]:
        return _runs(shell, dataset_id, None), {"dataset": dataset_id, "run": None}

    def choose(run_id: int | None) -> dict[str, Any]:
        return {"run": run_id}

    def preset_epochs(preset: str) -> int:
        return training.configure(training.RunRequest(dataset_id=0, preset=preset)).epochs

    on(
        start.click,
        begin,
        [shell.dataset, preset, objective, epochs, sigma, reach, folds, seed],
        [chosen, watched],
        asked=True,
    )
    on(preset.change, preset_epochs, preset, epochs)
    on(chosen.input, choose, chosen, watched)
    follow(shell, tab, show, [chosen, watched])


def _request(
    dataset_id: int,
    preset: str,
    objective: str,
    epochs: int,
    sigma: str | None,
    reach: str | None,
    folds: int,
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
        folds=folds,
        seed=seed,
    )


def _optional(name: str, text: str | None) -> float | None:
    try:
        return float(text.replace(",", ".")) if text and text.strip() else None
    except ValueError:
        raise BadConfig(f"{name} is {text!r}: must be a number of frames, or empty") from None


def _runs(shell: Shell, dataset_id: int | None, run_id: int | None) -> gr.Dropdown:
    """The runs of the dataset to choose from, shown where there are several."""
    known = [] if dataset_id is None else training.list_runs(shell.work, dataset_id)
    names = [
        (f"Run {run['id']}: {run['config']['objective']}, {run['created_at'][:16]}", run["id"])
        for run in known
    ]
    value = run_id if run_id is not None else (known[0]["id"] if known else None)
    return gr.Dropdown(choices=names, value=value, visible=len(names) > 1)
