"""What all pages share: the chosen dataset, the tabs, and how events and errors are wired."""

import functools
import html
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from app.actions import datasets
from app.rights import account_of, require
from app.strings import Words
from app.workspace import Workspace
from spotting.errors import UserError
from storage.records import AccountRecord

log = logging.getLogger(__name__)
words = Words("shell")


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around the pages: data, the dataset that is chosen (its id, or None), the tabs."""

    work: Workspace
    dataset: gr.Dropdown
    tabs: gr.Tabs


def on(
    triggers: Any, does: Callable[..., Any], inputs: Any = None, outputs: Any = None, *, asked: bool = False
) -> None:
    """Run `does` on any of the triggers, as no public endpoint; a `UserError` is shown to the person.

    `asked`: the person asked for it by a click. It then goes through Gradio's queue, the only way on which
    messages reach the page; refreshes go the direct and faster way.
    """
    gr.on(
        triggers,
        shows_errors(for_leads(does) if asked else does),
        inputs,
        outputs,
        queue=asked,
        show_progress="hidden",
        trigger_mode="once" if asked else "multiple",
        api_visibility="private",
        concurrency_limit=None,
    )


def follow(shell: Shell, tab: gr.Tab, does: Callable[..., Any], outputs: Any) -> None:
    """Run `does` with the dataset's id when another dataset is chosen and when the page is opened."""
    on([shell.dataset.change, tab.select], does, shell.dataset, outputs)


def show_imported(shell: Shell, job: gr.HTML) -> None:
    """When the job that an element watches has ended, choose the dataset that came of it."""

    def choose(chosen: int | None, event: gr.EventData) -> gr.Dropdown:
        return reload(shell.work, event._data.get("dataset_id") or chosen)

    on(job.submit, choose, shell.dataset, shell.dataset)


def for_leads(does: Callable[..., Any]) -> Callable[..., Any]:
    """The same callback, refused to an account with fewer rights than a lead's."""

    @functools.wraps(does)
    def checked(*values: Any) -> Any:
        require(account(), "lead")
        return does(*values)

    return checked


def who(shell: Shell) -> str:
    """Whose name the decisions of this event carry: the account's, or where nobody logs in the settings'."""
    asking = account()
    return asking.name if asking else shell.work.settings.annotator


def account() -> AccountRecord | None:
    """The account behind the event that is running; None where nobody logs in."""
    asking = LocalContext.request.get(None)
    return account_of(asking.request) if asking is not None and asking.request is not None else None


def shows_errors(does: Callable[..., Any]) -> Callable[..., Any]:
    """The same callback, whose `UserError` becomes a message on the page."""

    @functools.wraps(does)
    def shown(*values: Any) -> Any:
        try:
            return does(*values)
        except UserError as error:
            raise gr.Error(html.escape(str(error)), duration=None, title=words("not_done")) from None
        except Exception as error:
            log.exception("a page's callback broke")
            told = words("broke", error=type(error).__name__)
            raise gr.Error(told, title=words("broken")) from error

    return shown


def reload(work: Workspace, chosen: int | None) -> gr.Dropdown:
    """The dropdown with the datasets there are now; `chosen` if it is one of them, else the newest."""
    known = datasets.list_datasets(work)
    ids = [dataset["id"] for dataset in known]
    value = chosen if chosen in ids else max(ids, default=None)
    return gr.Dropdown(choices=_choices(known), value=value, visible=bool(ids))


def _choices(known: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """Datasets as a dropdown offers them, newest first."""
    return [
        (words("choice", name=dataset["name"], labels=dataset["labels"]), dataset["id"])
        for dataset in reversed(known)
    ]
