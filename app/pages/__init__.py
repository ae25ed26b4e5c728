"""The pages: one Gradio app whose tabs share the chosen dataset."""

import gradio as gr

from app.pages import (
    audit,
    datasets,
    double,
    export,
    home,
    insight,
    questions,
    revert,
    review,
    rules,
    settings,
    training,
)
from app.pages.element import HEAD
from app.pages.shell import Shell, on, reload
from app.pages.theme import theme
from app.strings import Words
from app.workspace import Workspace

words = Words("shell")
TITLES = words.choices("tabs")
NAMES = set(TITLES)


def build(work: Workspace) -> gr.Blocks:
    """All pages. Addresses: `/?open=review&dataset=3&label=17`."""
    with gr.Blocks(title=words("title"), fill_width=True, analytics_enabled=False) as blocks:
        with gr.Row(elem_id="bar"):
            gr.Markdown(f"# {words('title')}", elem_id="brand")
            dataset = gr.Dropdown(
                [],
                label=words("dataset"),
                show_label=False,
                container=False,
                visible=False,
                elem_id="dataset",
                scale=0,
                min_width=260,
            )
        with gr.Tabs(elem_id="pages") as tabs:
            shell = Shell(work, dataset, tabs)
            with gr.Tab(TITLES["home"], id="home") as tab:
                home.build(shell, tab)
            with gr.Tab(TITLES["datasets"], id="datasets") as tab:
                datasets.build(shell, tab)
            with gr.Tab(TITLES["training"], id="training") as tab:
                training.build(shell, tab)
            with gr.Tab(TITLES["review"], id="review") as tab:
                review.build(shell)
            with gr.Tab(TITLES["audit"], id="audit") as tab:
                audit.build(shell, tab)
                double.build(shell, tab)
                revert.build(shell, tab)
                rules.build(shell, tab)
                questions.build(shell, tab)
            with gr.Tab(TITLES["insight"], id="insight"):
                insight.build(shell)
            with gr.Tab(TITLES["export"], id="export") as tab:
                export.build(shell, tab)
            with gr.Tab(TITLES["settings"], id="settings"):
                settings.build(shell)

        def arrive(request: gr.Request) -> tuple[gr.Dropdown, gr.Tabs]:
            asked = request.query_params
            page, chosen = asked.get("open", ""), asked.get("dataset", "")
            selected = gr.Tabs(selected=page) if page in NAMES else gr.Tabs()
            return reload(work, int(chosen) if chosen.isdecimal() else None), selected

        on(blocks.load, arrive, None, [dataset, tabs])
    return blocks


__all__ = ["HEAD", "build", "theme"]
