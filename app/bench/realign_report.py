"""Writes the report of the realign benchmark: read-outs of all evidence there is, anew every time."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from app.bench import report
from app.bench.labels import Labels, load
from app.bench.readouts import REVIEWS, argmax, enough, fare, matched, ours, reference_reviews, unmoved
from app.bench.realign import Preset, cells, evidence_path, finished
from app.bench.realign_cell import ROUNDS, Cell
from app.bench.realign_tables import Fares, figures, tables
from spotting.progress import Progress, silent


def write_report(folder: Path, preset: Preset, progress: Progress = silent) -> None:
    """Tables, figures and all values of the finished cells, into `folder`; `progress` is told cells."""
    fares = Fares(found=defaultdict(lambda: defaultdict(list)), maps=defaultdict(lambda: defaultdict(list)))
    trained = list(finished(folder, preset))
    rows: list[dict[str, Any]] = []
    for done, (cell, told) in enumerate(trained):
        progress(done, len(trained), f"reading {cell.key}")
        for readout, found in _fares(folder, cell, told).items():
            fares.found[cell.events, cell.kind][readout].append(found)
            rows.append(
                {"events": cell.events, "noise": cell.kind, "seed": cell.seed, "readout": readout} | found
            )
        for labels, found in told.get("map", {}).items():
            fares.maps[cell.events, cell.kind][labels].append(found)
    title = f"Realign: {len(trained)} of {len(cells(preset))} cells"
    report.write(folder, title, rows, tables(fares), figures(fares))


def _fares(folder: Path, cell: Cell, told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How the read-outs of a cell fare, by name; with no more reviews than there are labels left to score."""
    if cell.part == "retrained":
        return {}
    labels = load(evidence_path(folder, cell, "noisy"))
    if cell.part == "matched":
        offsets = {(clip, event): offset for clip, event, offset in told["offsets"]}
        return {"in-sample match": fare(labels, matched(labels, offsets), cell.seed)}
    if cell.part == "rounds":
        seen = {number: load(evidence_path(folder, cell, f"round{number}")) for number in ROUNDS}
        return {f"round {number}": _reference(of_round, cell.seed) for number, of_round in seen.items()}
    readouts = {"none": unmoved(labels), "argmax": argmax(labels)}
    readouts |= {f"ours, {n} reviews": ours(labels, n, cell.seed)[0] for n in REVIEWS if enough(labels, n)}
    found = {name: fare(labels, readout, cell.seed) for name, readout in readouts.items()}
    if cell.part == "simulated":
        return found
    clean = load(evidence_path(folder, cell, "clean"))
    return found | {"clean-trained": _reference(clean, cell.seed)}


def _reference(labels: Labels, seed: int) -> dict[str, Any]:
    """How ours fares with 50 reviews."""
    return fare(labels, ours(labels, reference_reviews(labels), seed)[0], seed)
