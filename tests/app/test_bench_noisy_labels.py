"""The noisy-labels benchmark made tiny: every cell is measured once, and the report shows all of it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.bench import effort
from app.bench.footage import FootageSize, footage
from app.bench.noisy_cell import METHODS, Cell, with_noise
from app.bench.noisy_labels import PAPER_WEIGHTS, Preset, cells, config_of, finished, presets, run
from app.bench.noisy_report import write_report
from app.cli import cli
from spotting.progress import silent

TINY = Preset(
    size=FootageSize(train=4, test=2, frames=64),
    config=replace(effort.seconds(), epochs=1),
    sigmas={"distinct": (1.0,), "ambiguous": (0.0,)},
    contest=(1.0, 0.0),
    sweep=(),
    seeds=1,
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("noisy")
    run(folder, TINY, silent, lambda: write_report(folder, TINY))
    return folder


def test_every_cell_is_measured_and_starts_at_the_labels_own_error(measured: Path) -> None:
    found = dict(finished(measured, TINY))
    assert list(found) == cells(TINY)
    train = footage(measured / "footage", TINY.size, "distinct", TINY.config.model, silent).train
    noisy = with_noise(train, 1.0, 0)
    moves = [
        label.frame - event.frame
        for a, b in zip(noisy, train, strict=True)
        for label, event in zip(a.events, b.events, strict=True)
    ]
    for cell, values in found.items():
        assert values["offsets"][0] == pytest.approx(np.abs(moves).mean() if cell.sigma else 0)
        assert len(values["offsets"]) == 1 + TINY.config.epochs
        assert all(0 <= value <= 1 for by in values["map"].values() for value in by.values())


def test_a_second_run_trains_nothing_anew(measured: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (measured / "cells").iterdir()}
    calls: list[None] = []
    run(measured, TINY, silent, lambda: calls.append(None))
    assert calls == []
    assert {path: path.stat().st_mtime_ns for path in (measured / "cells").iterdir()} == before


def test_the_report_has_all_values_tables_and_figures_and_needs_no_network(measured: Path) -> None:
    assert len(json.loads((measured / "results.json").read_text())) == len(cells(TINY))
    written = (measured / "tables.md").read_text()
    assert "10 of 10 trainings" in written
    assert "| 1 | " in written.split("distinct events (Fig. 4)")[1]
    page = (measured / "report.html").read_text()
    assert "plotly.min.js" in page
    assert "https://cdn" not in page
    assert (measured / "plotly.min.js").stat().st_size > 1_000_000


@pytest.mark.parametrize("name", ["smoke", "small", "paper"])
def test_presets_ask_for_every_method_with_the_papers_lambda(name: str) -> None:
    preset = presets()[name]
    found = cells(preset)
    assert {cell.method for cell in found} == set(METHODS)
    assert len({cell.key for cell in found}) == len(found)
    groups = [replace(cell, seed=0) for cell in found]
    assert groups == sorted(groups, key=groups.index)
    for cell in found:
        if cell.method != "c3":
            assert cell.time_weight == PAPER_WEIGHTS[cell.events][cell.sigma]


def test_lambda_is_the_reach_that_it_has_on_tennis() -> None:
    cell = Cell(events="distinct", method="c3", sigma=2.0, time_weight=1.0, seed=3)
    config = config_of(cell, TINY.config)
    assert (config.objective, config.seed) == ("dla", 3)
    assert config.reach == pytest.approx(100 / 6)


def test_an_unknown_preset_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["bench", "noisy-labels", "--preset", "huge", "--out", str(tmp_path)])
    assert result.exit_code != 0
    assert "preset 'huge': must be one of smoke, small, paper" in str(result.exception)


@pytest.mark.slow
def test_the_smoke_preset_runs_through(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["bench", "noisy-labels", "--preset", "smoke", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "The paper's findings and ours" in result.output
