"""Home: what to do next, and the sample for a first look."""

from typing import Any

import gradio as gr

from app.actions import datasets
from app.pages.element import element
from app.pages.shell import Shell, follow, on, show_imported
from app.strings import Words

words = Words("home")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(scale=2):
            gr.Markdown(words("welcome"))
        with gr.Column(scale=1, min_width=260):
            why = gr.Markdown(elem_id="home-next")
            go = gr.Button(words("go"), variant="primary", elem_id="home-go")
            sample = gr.Button(words("sample"), elem_id="home-sample")
    steps = element("respot-home", {}, "home-steps")
    job = element("respot-job", {}, "home-job")

    def load_sample() -> dict[str, Any]:
        return {"job": datasets.ensure_sample(shell.work)["job_id"]}

    def advise(
        dataset_id: int | None,
    ) -> tuple[str, gr.Button, gr.Button, dict[str, Any], dict[str, Any]]:
        title, _, told = next_step(shell, dataset_id)
        offered = gr.Button(visible=datasets.sample_dataset(shell.work) is None)
        making = {"job": datasets.sample_job(shell.work)}
        return told, gr.Button(title), offered, making, {"dataset": dataset_id}

    def move_on(dataset_id: int | None) -> gr.Tabs:
        return gr.Tabs(selected=next_step(shell, dataset_id)[1])

    def open_step(event: gr.EventData) -> gr.Tabs:
        return gr.Tabs(selected=event._data["page"])

    on(steps.submit, open_step, None, shell.tabs)
    on(sample.click, load_sample, None, job, asked=True)
    on(go.click, move_on, shell.dataset, shell.tabs)
    follow(shell, tab, advise, [why, go, sample, job, steps])
    show_imported(shell, job)


def next_step(shell: Shell, dataset_id: int | None) -> tuple[str, str, str]:
    """What the button says, which page it leads to, and why."""
    if dataset_id is None:
        return words("import"), "datasets", words("import_why")
    told = datasets.get_dataset(shell.work, dataset_id)
    labels, decided, run = told["progress"]["total"], told["progress"]["decided"], told["latest_run"]
    if run is None:
        return words("train"), "training", words("train_why", labels=labels)
    if decided < labels:
        why = "training_too" if run["state"] in ("queued", "running") else "review_why"
        return words("review"), "review", words(why, left=labels - decided, labels=labels)
    return words("export"), "export", words("export_why")
