"""Writes the report of the noisy-labels benchmark from the cells that are measured so far."""

from dataclasses import asdict
from pathlib import Path

from app.bench import report
from app.bench.noisy_findings import findings
from app.bench.noisy_labels import Preset, cells, finished
from app.bench.noisy_tables import Results, figures, tables


def write_report(folder: Path, preset: Preset) -> None:
    """Tables, figures and all values of the finished cells, into `folder`."""
    results = Results(tuple(finished(folder, preset)))
    told = [asdict(cell) | values for cell, values in results.rows]
    title = f"Noisy labels: {len(told)} of {len(cells(preset))} trainings"
    report.write(folder, title, told, {"findings": findings(results), **tables(results)}, figures(results))
