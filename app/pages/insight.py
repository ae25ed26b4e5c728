"""Insight: how far labels are moved, how the matches settle, and what is left against the truth."""

from typing import Any

import gradio as gr
import plotly.graph_objects as go

from app import plots
from app.actions import insight, training
from app.pages.shell import Shell, follow

RESIDUALS = [
    "Class",
    "Labels",
    "Mean |tagged − true|",
    "Mean |suggested − true|",
    "Mean |final − true|",
    "Brought nearer",
    "Moved away",
]
EMPTY = "There is nothing to show yet: suggestions come with training, decisions with review."


def build(shell: Shell, tab: gr.Tab) -> None:
    """The page's components and events."""
    with gr.Row():
        with gr.Column(min_width=380):
            gr.Markdown("#### Suggested − tagged\nHow many labels the suggestions move, and how far.")
            suggested = gr.Plot(show_label=False, elem_id="plot-suggested")
        with gr.Column(min_width=380):
            gr.Markdown("#### Decided − tagged\nHow many labels people moved, and how far.")
            decided = gr.Plot(show_label=False, elem_id="plot-decided")
    with gr.Row():
        with gr.Column(min_width=380):
            gr.Markdown(
                "#### Matches by epoch\nMean distance to the tagged frames and, where known, the true ones."
            )
            matched = gr.Plot(show_label=False, elem_id="plot-matched")
        with gr.Column(min_width=380):
            words = gr.Markdown(EMPTY, elem_id="residual-words")
            residuals = gr.Dataframe(
                headers=RESIDUALS, interactive=False, wrap=True, elem_id="residuals", visible=False
            )

    def show(dataset_id: int | None) -> tuple[go.Figure, go.Figure, go.Figure, str, gr.Dataframe]:
        if dataset_id is None:
            return (
                plots.offset_histogram({}),
                plots.offset_histogram({}),
                plots.matched_curve([], [], []),
                EMPTY,
                _table([]),
            )
        counts = insight.offset_counts(shell.work, dataset_id)
        rows = insight.residuals(shell.work, dataset_id)
        curve = _curve(shell, dataset_id)
        figures = [plots.offset_histogram(counts[kind]) for kind in ("suggested", "decided")]
        return figures[0], figures[1], curve, _words(rows), _table(rows)

    follow(shell, tab, show, [suggested, decided, matched, words, residuals])


def _curve(shell: Shell, dataset_id: int) -> go.Figure:
    run = next(iter(training.list_runs(shell.work, dataset_id)), None)
    if run is None:
        return plots.matched_curve([], [], [])
    told = insight.matched_curve(shell.work, run["id"])
    return plots.matched_curve(told["epochs"], told["tagged"], told["true"])


def _words(rows: list[dict[str, Any]]) -> str:
    """What the residuals come to, said plainly: suggestions may also harm."""
    title = "#### Against the truth\n"
    if not rows:
        return title + "The true frames are not known here (they are for the sample and for simulated noise)."
    before, after = rows[0]["tagged"], rows[0]["suggested"]
    if after is None:
        return title + f"Labels are {before:.2f} frames off on average. There are no suggestions yet."
    verdict = "closer to" if after < before else "no closer to"
    return (
        title
        + f"Suggestions are {verdict} the truth: {after:.2f} frames off on average, the labels {before:.2f}."
    )


def _table(rows: list[dict[str, Any]]) -> gr.Dataframe:
    values = [
        [
            row["label"],
            row["labels"],
            *(_figure(row[key]) for key in ("tagged", "suggested", "final")),
            *_shares(row),
        ]
        for row in rows
    ]
    return gr.Dataframe(values, visible=bool(rows))


def _shares(row: dict[str, Any]) -> list[str]:
    return ["–" if row[key] is None else f"{row[key]:.0%}" for key in ("better", "worse")]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
