"""Export: the corrected labels in any format, what that would leave out, and the audit of every decision."""

from typing import Any

import gradio as gr

from app.actions import datasets
from app.pages.element import element
from app.pages.shell import Shell, follow

EMPTY = "There is no dataset yet."


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    gr.Markdown("### Export", elem_id="export-title")
    words = gr.Markdown(EMPTY, elem_id="export-words")
    files = element("respot-export", {}, "export-files")

    def show(dataset_id: int | None) -> tuple[str, dict[str, Any]]:
        if dataset_id is None:
            return EMPTY, {"dataset": None}
        progress = datasets.get_dataset(shell.work, dataset_id)["progress"]
        seen = f"{progress['decided']} {progress['removed']}"
        return _words(progress), {"dataset": dataset_id, "progress": seen}

    follow(shell, tab, show, [words, files])


def _words(progress: dict[str, int]) -> str:
    """What the files will hold, in figures."""
    undecided = progress["total"] - progress["decided"]
    verdicts = ", ".join(f"{progress[name]:,} {name}" for name in ("accepted", "set", "kept", "removed"))
    lines = [
        f"**{progress['decided']:,}** of {progress['total']:,} labels are decided: {verdicts}.",
        f"The {undecided:,} undecided ones go out at their tagged frame." if undecided else "",
        "Every event keeps its frame in `original_frame` where the format has a place for it.",
    ]
    return "\n\n".join(line for line in lines if line)
