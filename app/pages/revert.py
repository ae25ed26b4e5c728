"""Taking back what one person decided, all of it or from a time on."""

from typing import Any

import gradio as gr

from app.actions import people
from app.pages.shell import Shell, follow, on, who
from app.strings import Words

words = Words("revert")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(words("title"))
    with gr.Row(visible=False) as asking:
        person = gr.Dropdown([], label=words("person"), elem_id="revert-person")
        since = gr.Textbox(label=words("since"), placeholder=words("since_empty"), elem_id="revert-since")
        revert = gr.Button(words("apply"), elem_id="revert-apply")
    far = gr.Markdown(elem_id="revert-words")

    def show(dataset_id: int | None) -> tuple[Any, ...]:
        known = [] if dataset_id is None else people.people(shell.work, dataset_id)
        names = [one["name"] for one in known]
        return gr.Row(visible=bool(names)), gr.Dropdown(names, value=None), "" if names else words("nobody")

    def preview(dataset_id: int | None, person: str | None, since: str | None) -> str:
        if dataset_id is None or not person:
            return ""
        return people.preview_revert(shell.work, dataset_id, person, since)["words"]

    def take_back(dataset_id: int | None, person: str | None, since: str | None) -> str:
        if dataset_id is None or not person:
            return words("choose")
        done = people.revert(shell.work, dataset_id, of=person, since=since, annotator=who(shell))
        return words("done", **done)

    chosen = [shell.dataset, person, since]
    follow(shell, tab, show, [asking, person, far])
    on([person.input, since.blur, since.submit], preview, chosen, far)
    on(revert.click, take_back, chosen, far, asked=True)
