"""Results of a benchmark on disk: tables as Markdown and CSV, values as JSON, one page with figures."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from app.bench.table import Table
from app.static import FOLDER


def write(
    folder: Path,
    title: str,
    cells: Sequence[dict[str, Any]],
    tables: dict[str, Table],
    figures: Sequence[go.Figure],
) -> None:
    """Write results.json, tables.md, a CSV per table by its key, and report.html, which needs no network."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(list(cells), indent=1) + "\n", encoding="utf-8")
    text = f"# {title}\n\n" + "\n".join(table.markdown() for table in tables.values())
    (folder / "tables.md").write_text(text, encoding="utf-8")
    for key, table in tables.items():
        (folder / f"{key}.csv").write_text(table.csv(), encoding="utf-8")
    library = folder / "plotly.min.js"
    if not library.is_file():
        library.write_text(get_plotlyjs(), encoding="utf-8")
    (folder / "report.html").write_text(_page(title, tables, figures), encoding="utf-8")


def _page(title: str, tables: dict[str, Table], figures: Sequence[go.Figure]) -> str:
    style = (FOLDER / "bench.css").read_text(encoding="utf-8")
    drawn = [figure.to_html(full_html=False, include_plotlyjs=False) for figure in figures]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<style>{style}</style><script src="plotly.min.js"></script></head><body><h1>{title}</h1>'
        + "".join(table.html() for table in tables.values())
        + "".join(drawn)
        + "</body></html>\n"
    )
