"""The import: a label file dropped or named, looked into at once, its videos, and what it will take."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from app.actions import datasets
from app.importing import ImportRequest
from app.pages.element import element
from app.pages.shell import Shell, on, show_imported
from app.strings import Words
from spotting.errors import UserError

words = Words("import_form")
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
    gr.Markdown(words("title"))
    file = element("respot-label-file", {}, "import-label-file")
    labels = gr.Textbox(
        label=words("labels"),
        placeholder=words("labels_empty"),
        elem_id="import-labels",
    )
    media = gr.Textbox(
        label=words("media"),
        placeholder=words("media_empty"),
        elem_id="import-media",
    )
    name = gr.Textbox(label=words("name"), placeholder=words("name_empty"), elem_id="import-name")
    more = _more()
    takes = gr.Textbox(
        label=words("takes"),
        placeholder=words("takes_empty"),
        interactive=False,
        elem_id="import-takes",
    )
    start = gr.Button(words("start"), variant="primary", elem_id="import-start")
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
    with gr.Accordion(words("more"), open=False):
        classes = gr.Textbox(label=words("classes"), placeholder=words("classes_empty"))
        truth = gr.Textbox(
            label=words("truth"),
            placeholder=words("truth_empty"),
            elem_id="import-truth",
        )
        source = gr.Textbox(
            label=words("source"),
            placeholder=words("source_empty"),
            info=words("source_info"),
        )
        first = gr.Radio(
            [0, 1],
            label=words("first"),
            info=words("first_info"),
            elem_id="import-first",
        )
        copies = gr.Checkbox(
            True,
            label=words("copies"),
            info=words("copies_info"),
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
