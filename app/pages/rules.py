"""Rules: what labels must keep, what is doubtful by them, and which successions no rule forbids yet."""

import json
from collections.abc import Sequence
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
    rare = gr.CheckboxGroup([], label=words("rare"), visible=False, elem_id="rules-rare")
    never = gr.Button(words("never"), visible=False, elem_id="rules-never")
    shown = [rules, found, rare, never]

    def show(dataset_id: int | None) -> tuple[str, str]:
        return ("", "") if dataset_id is None else _found(doubts.told(shell.work, dataset_id))

    def offer(dataset_id: int | None) -> tuple[Any, ...]:
        return _offered([] if dataset_id is None else doubts.rare(shell.work, dataset_id))

    def check_all(dataset_id: int | None, text: str | None, chosen: Sequence[str]) -> tuple[Any, ...]:
        if dataset_id is None:
            return "", words("empty"), *_offered([])
        pairs = [tuple(json.loads(pair)) for pair in chosen]
        told = doubts.check_forbidding(shell.work, dataset_id, text or "", pairs)
        return *_found(told), *_offered(doubts.rare(shell.work, dataset_id), anew=True)

    def check_stated(dataset_id: int | None, text: str | None) -> tuple[Any, ...]:
        return check_all(dataset_id, text, [])

    follow(shell, tab, show, [rules, found])
    follow(shell, tab, offer, [rare, never])
    on(check.click, check_stated, [shell.dataset, rules], shown, asked=True)
    on(never.click, check_all, [shell.dataset, rules, rare], shown, asked=True)


def _found(told: dict[str, Any]) -> tuple[str, str]:
    """The rules, and how many labels wait for review because of them and other checks."""
    found = [f"{count:,} {doubts.QUEUES[kind].lower()}" for kind, count in told["open"].items() if count]
    return told["rules"], words("found", found=", ".join(found) or words("nothing"))


def _offered(rare: Sequence[dict[str, Any]], *, anew: bool = False) -> tuple[gr.CheckboxGroup, gr.Button]:
    """Successions that are seldom enough to be mistakes, and the button that forbids those ticked.

    `anew`: nothing is ticked; else what a person ticked while the page was being filled stays.
    """
    choices = [(words("succession", **each), json.dumps([each["one"], each["other"]])) for each in rare]
    shown = bool(rare)
    group = (
        gr.CheckboxGroup(choices, value=[], visible=shown)
        if anew
        else gr.CheckboxGroup(choices, visible=shown)
    )
    return group, gr.Button(visible=shown)
