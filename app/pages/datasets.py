"""Datasets: import a label file with its videos, see what the import found, check its frames, delete."""

from typing import Any

import gradio as gr

from app.actions import datasets
from app.pages import import_form
from app.pages.element import element, table
from app.pages.shell import Shell, follow, on, reload, who
from app.strings import Words

words = Words("datasets")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            import_form.build(shell)
        with gr.Column(scale=2):
            known = element("respot-table", {}, "datasets-table", of="datasets")
            report = element("respot-table", {}, "import-report", of="report")
            with gr.Accordion(words("check"), open=True):
                shift = element("respot-shift", {}, "import-check")
            with gr.Accordion(words("delete_title"), open=False):
                confirm = gr.Textbox(label=words("delete_name"), elem_id="delete-name")
                delete = gr.Button(words("delete"), variant="stop", elem_id="delete")
    clips = element("respot-clips", {}, "datasets-clips")

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        rows = table([_row(told) for told in datasets.list_datasets(shell.work)])
        check = {"dataset": dataset_id, "annotator": who(shell)}
        report = [] if dataset_id is None else datasets.get_dataset(shell.work, dataset_id)["report"]
        return rows, table([_finding_row(finding) for finding in report]), check, {"dataset": dataset_id}

    def remove(dataset_id: int | None, typed: str | None) -> tuple[gr.Dropdown, str]:
        datasets.delete_named(shell.work, dataset_id, (typed or "").strip())
        return reload(shell.work, None), ""

    follow(shell, tab, show, [known, report, shift, clips])
    on(delete.click, remove, [shell.dataset, confirm], [shell.dataset, confirm], asked=True)


def _row(told: dict[str, Any]) -> list[Any]:
    progress = told["progress"]
    decided = words("decided", **progress)
    return [
        told["name"],
        told["clips"],
        told["labels"],
        decided,
        len(told["classes"]),
        told["created_at"][:16].replace("T", " "),
    ]


def _finding_row(finding: dict[str, Any]) -> list[Any]:
    event = None if finding["event"] is None else finding["event"] + 1
    return [finding["level"], finding["clip"], event, finding["message"]]
