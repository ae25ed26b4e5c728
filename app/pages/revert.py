"""Taking back what one person decided, all of it or from a time on."""

import gradio as gr

from app.actions import people
from app.pages.shell import Shell, follow, on, who

WORDS = """### Take back what one person decided

Nothing is deleted: what is taken back stays in the trail and is one batch, which can be taken back above.
"""
NOBODY = "Nobody has decided anything here yet."


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(WORDS)
    with gr.Row():
        person = gr.Dropdown([], label="Person", elem_id="revert-person")
        since = gr.Textbox(
            label="Since (UTC; empty: all)", placeholder="2026-11-25 14:30", elem_id="revert-since"
        )
        revert = gr.Button("Take these back", elem_id="revert-apply")
    words = gr.Markdown(elem_id="revert-words")

    def show(dataset_id: int | None) -> tuple[gr.Dropdown, str]:
        known = [] if dataset_id is None else people.people(shell.work, dataset_id)
        names = [one["name"] for one in known]
        return gr.Dropdown(names, value=None), "" if names else NOBODY

    def preview(dataset_id: int | None, person: str | None, since: str | None) -> str:
        if dataset_id is None or not person:
            return ""
        return people.preview_revert(shell.work, dataset_id, person, since)["words"]

    def take_back(dataset_id: int | None, person: str | None, since: str | None) -> str:
        if dataset_id is None or not person:
            return "Choose a person first."
        done = people.revert(shell.work, dataset_id, of=person, since=since, annotator=who(shell))
        return f"Batch {done['id']}: {done['words']}"

    chosen = [shell.dataset, person, since]
    follow(shell, tab, show, [person, words])
    on([person.input, since.blur, since.submit], preview, chosen, words)
    on(revert.click, take_back, chosen, words, asked=True)
