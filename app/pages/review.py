"""Review: one label at a time; the element does all of it on the REST routes."""

from typing import Any

from app.pages.element import element
from app.pages.shell import Shell, account, on


def build(shell: Shell) -> None:
    """The page's element, which follows the chosen dataset."""
    annotator = shell.work.settings.annotator
    review = element("respot-review", {"annotator": annotator}, "review-element")

    def show(dataset_id: int | None) -> dict[str, Any]:
        asking = account()
        return {"annotator": annotator, "account": asking.name if asking else None, "dataset": dataset_id}

    on(shell.dataset.change, show, shell.dataset, review)
