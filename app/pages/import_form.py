"""The import: a label file dropped or named, looked into at once, its videos, and what it will take."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from app.actions import datasets
from app.importing import ImportRequest
from app.pages.element import element
from app.pages.shell import Shell, on, show_imported
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
READING = ("format", "time_rule", "fps", "columns")
"""What the label file's own element says of how it is to be read."""


def build(shell: Shell) -> None:
    """The form's components and events."""
    gr.Markdown("### Import\nYour files stay where they are; an index and a small working copy are made.")
    file = element("respot-label-file", {}, "import-label-file")
    labels = gr.Textbox(
        label="or its path (a file, a folder of files, a zip)",
        placeholder="/data/tennis/labels.json",
        elem_id="import-labels",
    )
    media = gr.Textbox(
        label="Folder of videos, or of frame folders",
        placeholder="/data/tennis/videos",
        elem_id="import-media",
    )
    name = gr.Textbox(label="Name", placeholder="from the file name", elem_id="import-name")
    more = _more()
    takes = gr.Textbox(
        label="What the import takes",
        placeholder="told when label file and videos are named",
        interactive=False,
        elem_id="import-takes",
    )
    start = gr.Button("Import", variant="primary", elem_id="import-start")
    job = element("respot-job", {}, "import-job")

    said = gr.State({})

    def begin(said: dict[str, Any], *typed: Any) -> dict[str, Any]:
        return {"job": datasets.start_import(shell.work, _request(said, *typed))}

    def guess(said: dict[str, Any], *typed: Any) -> str:
        return _estimate(shell, said, typed)

    def look(path: str | None) -> dict[str, Any]:
        return {"labels": (path or "").strip()}

    def hear(event: gr.EventData) -> tuple[dict[str, Any], str]:
        return event._data, event._data["labels"]

    fields = [said, labels, media, name, *more]
    on([labels.blur, labels.submit], look, labels, file)
    on(file.submit, hear, None, [said, labels])
    on([said.change, media.blur, more[-2].change, more[-1].change], guess, fields, takes, asked=True)
    on(start.click, begin, fields, job, asked=True)
    show_imported(shell, job)


def _more() -> tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Radio, gr.Checkbox]:
    """What is seldom said: class list, true frames, source pattern, first picture, working copies."""
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
    return classes, truth, source, first, copies


def _estimate(shell: Shell, said: dict[str, Any], typed: Sequence[Any]) -> str:
    """What the import would take; nothing while it cannot be said: the import itself tells what is wrong."""
    if not (typed[0] and typed[1]):
        return ""
    try:
        return datasets.estimate_import(shell.work, _request(said, *typed))["words"]
    except UserError:
        return ""


def _request(said: dict[str, Any], *typed: Any) -> ImportRequest:
    """The import that the fields come to; an empty text says nothing.

    `said` is how the label file is to be read, as long as it was said of the file that is named now.
    """
    told = (text.strip() or None if isinstance(text, str) else text for text in typed)
    params = dict(zip(FIELDS, told, strict=True))
    same = said.get("labels") == params["labels"]
    reading = {key: said[key] for key in READING if same and said.get(key)}
    return ImportRequest.from_params(params | reading)
