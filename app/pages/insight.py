"""Insight: how far labels are moved, how the matches settle, and what is left against the truth."""

import html
from typing import Any

import gradio as gr
import plotly.graph_objects as go

from app import plots
from app.actions import insight, training
from app.pages.shell import Shell, follow

RESIDUALS = ["Class", "Labels", "Tagged", "Suggested", "Final", "Nearer", "Farther"]
WIDTHS: list[str | int] = [150, 80, 85, 100, 80, 80, 80]
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
                headers=RESIDUALS, interactive=False, column_widths=WIDTHS, elem_id="residuals", visible=False
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
        run = training.latest_run(shell.work, dataset_id)
        figures = [plots.offset_histogram(counts[kind]) for kind in ("suggested", "decided")]
        return figures[0], figures[1], _curve(shell, run), _words(rows, run), _table(rows)

    follow(shell, tab, show, [suggested, decided, matched, words, residuals])


def _curve(shell: Shell, run: dict[str, Any] | None) -> go.Figure:
    if run is None:
        return plots.matched_curve([], [], [])
    told = insight.matched_curve(shell.work, run["id"])
    return plots.matched_curve(told["epochs"], told["tagged"], told["true"])


def _words(rows: list[dict[str, Any]], run: dict[str, Any] | None) -> str:
    """What the newest run found about the labels, and what its suggestions come to: they may also harm."""
    notes = [f"- {html.escape(note)}" for note in (run["notes"] if run else [])]
    found = ["#### What the labels tell", *notes] if notes else []
    return "\n".join([*found, "#### Against the truth", _against_truth(rows)])


def _against_truth(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "The true frames are not known here (they are for the sample and for simulated noise)."
    before, after = rows[0]["tagged"], rows[0]["suggested"]
    if after is None:
        return f"Labels are {before:.2f} frames off on average. There are no suggestions yet."
    verdict = "closer to" if after < before else "no closer to"
    return f"Suggestions are {verdict} the truth: {after:.2f} frames off on average, the labels {before:.2f}."


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
