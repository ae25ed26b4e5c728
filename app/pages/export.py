"""Export: the corrected labels in any format, what that would leave out, and the audit of every decision."""

from typing import Any

import gradio as gr

from app.actions import datasets
from app.pages.element import element
from app.pages.shell import Shell, follow
from app.strings import Words

words = Words("export")
VERDICTS = ("accepted", "set", "kept", "removed")


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    gr.Markdown(words("title"), elem_id="export-title")
    far = gr.Markdown(words("empty"), elem_id="export-words")
    files = element("respot-export", {}, "export-files")

    def show(dataset_id: int | None) -> tuple[str, dict[str, Any]]:
        if dataset_id is None:
            return words("empty"), {"dataset": None}
        progress = datasets.get_dataset(shell.work, dataset_id)["progress"]
        seen = f"{progress['decided']} {progress['removed']} {progress['moved']}"
        return _far(progress), {"dataset": dataset_id, "progress": seen}

    follow(shell, tab, show, [far, files])


def _far(progress: dict[str, int]) -> str:
    """What the files will hold, in figures."""
    undecided = progress["total"] - progress["decided"]
    verdicts = ", ".join(words("verdict", count=progress[name], name=name) for name in VERDICTS)
    lines = [
        words("decided", decided=progress["decided"], total=progress["total"], verdicts=verdicts),
        _undecided(undecided, progress["moved"]),
        words("kept"),
    ]
    return "\n\n".join(line for line in lines if line)


def _undecided(undecided: int, moved: int) -> str:
    if moved:
        return words("moved", moved=moved, tagged=undecided - moved)
    return words("undecided", undecided=undecided) if undecided else ""
