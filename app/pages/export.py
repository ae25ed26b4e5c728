"""Export: the corrected labels in the format they came in, and the audit of every decision."""

import gradio as gr

from app.actions import datasets, exporting
from app.pages.shell import Shell, follow


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    gr.Markdown("### Export", elem_id="export-title")
    words = gr.Markdown("There is no dataset yet.", elem_id="export-words")
    with gr.Row():
        labels = gr.Button(
            "Corrected labels (JSON)", variant="primary", interactive=False, elem_id="export-labels"
        )
        audit = gr.Button("Audit (CSV)", interactive=False, elem_id="export-audit")

    def show(dataset_id: int | None) -> tuple[str, gr.Button, gr.Button]:
        if dataset_id is None:
            return "There is no dataset yet.", gr.Button(interactive=False), gr.Button(interactive=False)
        problem = exporting.problem(shell.work, dataset_id)
        route = f"/api/v1/datasets/{dataset_id}/export"
        drop = "?drop_removed=true" if problem else ""
        return (
            _words(shell, dataset_id, problem),
            gr.Button(link=f"{route}/labels.json{drop}", interactive=True, value=_title(problem)),
            gr.Button(link=f"{route}/audit.csv", interactive=True),
        )

    follow(shell, tab, show, [words, labels, audit])


def _title(problem: str | None) -> str:
    return "Corrected labels without the removed ones (JSON)" if problem else "Corrected labels (JSON)"


def _words(shell: Shell, dataset_id: int, problem: str | None) -> str:
    """What the files will hold, in figures."""
    progress = datasets.get_dataset(shell.work, dataset_id)["progress"]
    undecided = progress["total"] - progress["decided"]
    verdicts = ", ".join(f"{progress[name]:,} {name}" for name in ("accepted", "set", "kept", "removed"))
    removed = f"**Removed labels:** {progress['removed']:,} are left out of the label file, not of the audit."
    lines = [
        f"**{progress['decided']:,}** of {progress['total']:,} labels are decided: {verdicts}.",
        f"The {undecided:,} undecided ones go out at their tagged frame." if undecided else "",
        "Every event keeps its frame in `original_frame`; unknown keys of your file stay as they were.",
        removed if problem else "",
    ]
    return "\n\n".join(line for line in lines if line)
