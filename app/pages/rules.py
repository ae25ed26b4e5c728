"""Rules: what the labels of the dataset must keep, and how many are doubtful."""

from typing import Any

import gradio as gr

from app.actions import doubts
from app.pages.shell import Shell, follow, on
from app.strings import Words

words = Words("rules")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The section's components and events."""
    gr.Markdown(words("title"))
    rules = gr.Textbox(label=words("rules"), lines=4, max_lines=20, elem_id="rules")
    check = gr.Button(words("check"), elem_id="rules-check")
    found = gr.Markdown(elem_id="doubts-words")

    def show(dataset_id: int | None) -> tuple[str, str]:
        return ("", "") if dataset_id is None else _shown(doubts.told(shell.work, dataset_id))

    def check_all(dataset_id: int | None, text: str | None) -> tuple[str, str]:
        if dataset_id is None:
            return "", words("empty")
        return _shown(doubts.check(shell.work, dataset_id, text or ""))

    follow(shell, tab, show, [rules, found])
    on(check.click, check_all, [shell.dataset, rules], [rules, found], asked=True)


def _shown(told: dict[str, Any]) -> tuple[str, str]:
    """The rules, and how many labels wait for review because of them and other checks."""
    found = [f"{count:,} {doubts.QUEUES[kind].lower()}" for kind, count in told["open"].items() if count]
    return told["rules"], words("found", found=", ".join(found) or words("nothing"))
