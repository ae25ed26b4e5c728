"""Datasets: import a label file with its videos, see what the import found, check its frames, delete."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from app.actions import datasets
from app.importing import ImportRequest
from app.pages.element import element, table
from app.pages.shell import Shell, follow, on, reload, show_imported, who
from spotting.errors import UserError

FIELDS = (
    "labels",
    "media",
    "name",
    "class_file",
    "truth",
    "source_pattern",
    "first_picture",
    "working_copies",
)


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            gr.Markdown(
                "### Import\nYour files stay where they are; an index and a small working copy are made."
            )
            labels = gr.Textbox(
                label="Label file (Spot JSON)",
                placeholder="/data/tennis/labels.json",
                elem_id="import-labels",
            )
            media = gr.Textbox(
                label="Folder of videos, or of frame folders",
                placeholder="/data/tennis/videos",
                elem_id="import-media",
            )
            name = gr.Textbox(label="Name", placeholder="from the file name", elem_id="import-name")
            with gr.Accordion("More", open=False):
                classes = gr.Textbox(
                    label="Class list", placeholder="class.txt beside the labels, else from the labels"
                )
                truth = gr.Textbox(
                    label="True frames",
                    placeholder="a second label file, for simulations",
                    elem_id="import-truth",
                )
                source = gr.Textbox(
                    label="Source pattern",
                    placeholder=r"e.g. match\d+",
                    info="Regular expression: the part of a clip's name that names its source video.",
                )
                first = gr.Radio(
                    [0, 1],
                    label="Frame folders: number of the first picture",
                    info="Not chosen, numbers begin at 0 and other folders are refused.",
                    elem_id="import-first",
                )
                copies = gr.Checkbox(
                    True,
                    label="Make working copies of frame folders",
                    info="Quicker to train on and to look at; without, they are read as they are.",
                )
            takes = gr.Textbox(
                label="What the import takes",
                placeholder="told when label file and videos are named",
                interactive=False,
                elem_id="import-takes",
            )
            start = gr.Button("Import", variant="primary", elem_id="import-start")
            job = element("respot-job", {}, "import-job")
        with gr.Column(scale=2):
            known = element("respot-table", {}, "datasets-table", of="datasets")
            report = element("respot-table", {}, "import-report", of="report")
            with gr.Accordion("Import check: are all labels early or late?", open=True):
                shift = element("respot-shift", {}, "import-check")
            with gr.Accordion("Delete this dataset", open=False):
                confirm = gr.Textbox(label="Its name, to confirm", elem_id="delete-name")
                delete = gr.Button("Delete with its runs and decisions", variant="stop", elem_id="delete")
    clips = element("respot-clips", {}, "datasets-clips")

    def begin(*typed: Any) -> dict[str, Any]:
        return {"job": datasets.start_import(shell.work, _request(*typed))}

    def guess(*typed: Any) -> str:
        return _estimate(shell, typed)

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        rows = table([_row(told) for told in datasets.list_datasets(shell.work)])
        check = {"dataset": dataset_id, "annotator": who(shell)}
        report = [] if dataset_id is None else datasets.get_dataset(shell.work, dataset_id)["report"]
        return rows, table([_finding_row(finding) for finding in report]), check, {"dataset": dataset_id}

    def remove(dataset_id: int | None, typed: str | None) -> tuple[gr.Dropdown, str]:
        datasets.delete_named(shell.work, dataset_id, (typed or "").strip())
        return reload(shell.work, None), ""

    fields = [labels, media, name, classes, truth, source, first, copies]
    on([labels.blur, media.blur, first.change, copies.change], guess, fields, takes, asked=True)
    on(start.click, begin, fields, job, asked=True)
    follow(shell, tab, show, [known, report, shift, clips])
    on(delete.click, remove, [shell.dataset, confirm], [shell.dataset, confirm], asked=True)
    show_imported(shell, job)


def _estimate(shell: Shell, typed: Sequence[Any]) -> str:
    """What the import would take; nothing while it cannot be said: the import itself tells what is wrong."""
    if not (typed[0] and typed[1]):
        return ""
    try:
        return datasets.estimate_import(shell.work, _request(*typed))["words"]
    except UserError:
        return ""


def _request(*typed: Any) -> ImportRequest:
    """The import that the fields come to; an empty text says nothing."""
    said = (text.strip() or None if isinstance(text, str) else text for text in typed)
    return ImportRequest.from_params(dict(zip(FIELDS, said, strict=True)))


def _row(told: dict[str, Any]) -> list[Any]:
    progress = told["progress"]
    decided = f"{progress['decided']:,} of {progress['total']:,}"
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
