"""Insight: figures about offsets, training, trust and people; the element does all on the REST routes."""

from typing import Any

from app.pages.element import element
from app.pages.shell import Shell, on


def build(shell: Shell) -> None:
    """The page's element, which follows the chosen dataset."""
    figures = element("respot-insight", {}, "insight-element")

    def show(dataset_id: int | None) -> dict[str, Any]:
        return {"dataset": dataset_id}

    on(shell.dataset.change, show, shell.dataset, figures)
