"""What a person learns about the labels: figures with their numbers, and the choices that change them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from app.actions.insight import accuracy
from app.actions.insight.asked import Asked, Cell, Drawn
from app.actions.insight.catalogue import FIGURES, Figure
from app.actions.insight.gallery import gallery
from app.workspace import Workspace
from spotting.errors import NotFound
from storage import datasets, runs, verdicts
from storage.moves import shown_run

Json = dict[str, Any]
SHOWN = 200
"""Rows of numbers that a page is sent; the CSV has all."""


def catalogue(work: Workspace, dataset_id: int) -> Json:
    """All figures without their plots, and what can be chosen. Raises `NotFound`."""
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        sources = datasets.sources(session, dataset_id)
        people = verdicts.annotators(session, dataset_id)
        known = runs.list_runs(session, dataset_id)
        shown = shown_run(session, dataset_id)
    return {
        "notes": [note for run in known if run.id == shown for note in run.notes],
        "figures": [_described(figure) for figure in FIGURES.values()],
        "choices": {
            "label_class": list(dataset.classes),
            "annotator": people,
            "video": sources,
            "run": [
                [run.id, f"Run {run.id}: {run.config.get('objective', '')}, {run.state}"] for run in known
            ],
        },
        "reference": "truth" if dataset.has_truth else "decided",
    }


def _described(figure: Figure) -> Json:
    said = {"section": figure.section, "title": figure.title, "definition": figure.definition}
    return {"name": figure.name, **said, "uses": figure.uses}


def figure(work: Workspace, dataset_id: int, name: str, asked: Asked) -> Json:
    """One figure as a plotly figure, the first of its numbers, or why it is empty. Raises `NotFound`."""
    drawn = _drawn(work, dataset_id, name, asked)
    return {
        "name": name,
        "empty": drawn.empty,
        "plot": None if drawn.plot is None else json.loads(drawn.plot.to_json() or "null"),
        "columns": drawn.columns,
        "rows": list(drawn.rows[:SHOWN]),
        "total": len(drawn.rows),
    }


def table(work: Workspace, dataset_id: int, name: str, asked: Asked) -> tuple[str, str]:
    """All numbers of a figure as CSV text, and the name to save it under. Raises `NotFound`."""
    drawn = _drawn(work, dataset_id, name, asked)
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id).name
    return _csv(drawn.columns, drawn.rows), f"{dataset}-{name}.csv"


def _drawn(work: Workspace, dataset_id: int, name: str, asked: Asked) -> Drawn:
    if name not in FIGURES:
        raise NotFound(f"there is no figure {name}: there are {', '.join(FIGURES)}")
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        return FIGURES[name].draw(session, dataset_id, asked)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Text that a spreadsheet would run as a formula gets a leading '."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_harmless(cell) for cell in row)
    return file.getvalue()


def _harmless(cell: Cell) -> Cell:
    runs_as_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if runs_as_formula else cell


def residuals(work: Workspace, dataset_id: int) -> list[Json]:
    """Mean |error| in frames of tag, suggestion and present frame, in all and per class; [] without truth."""
    with work.database.reading() as session:
        drawn = accuracy.change(session, dataset_id, Asked())
    return [dict(zip(drawn.columns, row, strict=True)) for row in drawn.rows]


__all__ = ["FIGURES", "Asked", "catalogue", "figure", "gallery", "residuals", "table"]
