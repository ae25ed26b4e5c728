"""Our custom elements on Gradio's pages: a static template, attributes by a bridge, no user text."""

import json
from collections.abc import Sequence
from typing import Any, Literal

import gradio as gr

from app.static import FOLDER, address, read

Tag = Literal[
    "respot-review",
    "respot-training",
    "respot-job",
    "respot-insight",
    "respot-shift",
    "respot-clips",
    "respot-home",
    "respot-settings",
    "respot-table",
    "respot-label-file",
    "respot-export",
]

ELEMENTS = (
    *("review", "training", "job", "insight", "shift", "clips", "home", "settings", "table"),
    *("labelfile", "export"),
)
TableName = Literal["apart", "audit", "batches", "datasets", "report"]

HEAD = "".join(
    [
        f'<link rel="stylesheet" href="{address("app.css")}">',
        *(
            f'<link rel="modulepreload" href="{address(f"review/{file.name}")}">'
            for file in sorted((FOLDER / "review").glob("*.js"))
        ),
        *(f'<script type="module" src="{address(f"{name}.js")}"></script>' for name in ELEMENTS),
    ]
)
"""What every page loads first; the many modules of the review at once, not one after the other."""


def element(tag: Tag, attributes: dict[str, Any], elem_id: str, of: TableName | None = None) -> gr.HTML:
    """One custom element. Its value is a dict of attributes; its `finished` event is the `submit` of this.

    `of`: which table a `respot-table` is.
    """
    fixed = "" if of is None else f' of="{of}"'
    return gr.HTML(
        attributes,
        html_template=f"<{tag} data-bridge{fixed}></{tag}>",
        js_on_load=read("bridge.js"),
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes="ours",
    )


def table(rows: Sequence[Sequence[str | int | None]]) -> dict[str, str]:
    """The value of a `respot-table`: its rows, whose cells it shows as text."""
    return {"rows": json.dumps(rows)}
