"""The realign benchmark: read-outs scored against what they must give, and the whole of it made tiny."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.bench import effort
from app.bench.footage import FootageSize
from app.bench.labels import Labels, load
from app.bench.readouts import Readout, argmax, fare, matched, ours, unmoved
from app.bench.realign import Preset, cells, finished, presets, run
from app.bench.realign_cell import evidence_path
from app.bench.realign_report import write_report
from app.bench.realign_tables import Fares, tables
from app.cli import cli
from spotting.corruption import KINDS
from spotting.posterior import Realignment
from spotting.progress import silent

TINY = Preset(
    size=FootageSize(train=8, test=2, frames=96),
    config=replace(effort.seconds(), epochs=1),
    folds=2,
    seeds=1,
    asked=(
        ("distinct", "gaussian-2", "evidence"),
        ("distinct", "annotators", "evidence"),
        ("distinct", "gaussian-2", "matched"),
        ("distinct", "gaussian-2", "retrained"),
        ("distinct", "gaussian-2", "rounds"),
    ),
)


@pytest.fixture(scope="module")
def some() -> Labels:
    return make_labels()


@pytest.fixture(scope="module")
def reviewed(some: Labels) -> tuple[Readout, Realignment]:
    """Ours, with 50 of `some` reviewed."""
    return ours(some, 50, 0)


def make_labels(count: int = 300, sigma: float = 2.0) -> Labels:
    """Labels with noise whose evidence has a sharp peak at the truth; one in ten is spurious."""
    rng = np.random.default_rng(0)
    true_G = rng.integers(20, 236, count)
    frame_G = true_G + np.rint(rng.normal(0, sigma, count)).astype(int)
    shift_GS = np.arange(-12, 13) + (frame_G - true_G)[:, None]
    spurious_G = rng.random(count) < 0.1
    peak_GS = np.where(spurious_G[:, None], 0.02, 0.6) * np.exp(-0.5 * (shift_GS / 0.8) ** 2)
    return Labels(
        clip_G=np.arange(count) // 10,
        event_G=np.arange(count) % 10,
        class_G=np.array(["ab"[n % 2] for n in range(count)]),
        frame_G=frame_G,
        length_G=np.full(count, 256),
        source_G=np.array([f"match{n // 40}" for n in range(count)]),
        annotator_G=np.full(count, ""),
        true_G=np.where(spurious_G, -1, true_G),
        right_class_G=~spurious_G,
        scores_GS=(peak_GS + 0.01).astype(np.float32),
    )


def test_no_correction_leaves_the_labels_own_error(some: Labels) -> None:
    told = fare(some, unmoved(some), 0)
    real = some.right_class_G
    assert told["labels"] == real.sum()
    assert told["mean"] == pytest.approx(np.abs(some.frame_G - some.true_G)[real].mean())
    assert told["worse"] == told["better"] == 0


def test_clear_evidence_brings_labels_to_the_truth_with_any_read_out(
    some: Labels, reviewed: tuple[Readout, Realignment]
) -> None:
    exact = {
        (clip, event): float(true - frame)
        for clip, event, true, frame in zip(some.clip_G, some.event_G, some.true_G, some.frame_G, strict=True)
    }
    assert fare(some, matched(some, exact), 0)["mean"] == 0
    assert fare(some, argmax(some), 0)["mean"] < 0.1
    told = fare(some, reviewed[0], 0)
    assert told["mean"] < 0.2
    assert told["worse"] < 0.03


def test_reviewed_labels_are_not_scored_and_spurious_ones_never_reviewed(
    some: Labels, reviewed: tuple[Readout, Realignment]
) -> None:
    readout, found = reviewed
    assert readout.scored_G.sum() == some.right_class_G.sum() - 50
    assert found.noise.reviewed == 50


def test_confidence_is_scored_by_what_was_claimed_and_what_was_right(
    some: Labels, reviewed: tuple[Readout, Realignment]
) -> None:
    told = fare(some, reviewed[0], 0)
    assert told["calibration_error"] < 0.1
    assert 0 <= told["violated"] <= 0.15
    assert told["certified"] > 0.5
    coverage, risk = np.array(told["curve"]).T
    assert (np.diff(coverage) > 0).all()
    assert risk.max() <= 1


@pytest.mark.parametrize("name", ["smoke", "small", "full"])
def test_presets_train_evidence_before_what_is_made_of_it(name: str) -> None:
    found = cells(presets()[name])
    assert len({cell.key for cell in found}) == len(found)
    for at, cell in enumerate(found):
        if cell.part != "evidence":
            assert replace(cell, part="evidence") in found[:at]
    if name != "smoke":
        assert {*KINDS, "gaussian-0.5", "gaussian-3"} <= {cell.kind for cell in found}
        assert "ambiguous" in {cell.events for cell in found}


def test_the_whole_of_it_runs_and_a_second_run_trains_nothing_anew(tmp_path: Path) -> None:
    calls: list[None] = []
    for _ in range(2):
        run(tmp_path, TINY, silent, lambda: calls.append(None))
    assert len(calls) == 5
    assert [cell for cell, _ in finished(tmp_path, TINY)] == cells(TINY)
    write_report(tmp_path, TINY)
    readouts = {row["readout"] for row in json.loads((tmp_path / "results.json").read_text())}
    assert readouts == {
        "none",
        "argmax",
        "in-sample match",
        "clean-trained",
        "ours, 0 reviews",
        "ours, 10 reviews",
        "round 1",
        "round 2",
    }
    written = (tmp_path / "tables.md").read_text()
    assert "| gaussian-2 | clean-trained |" in written
    assert "| distinct | gaussian-2 | cleaned |" in written
    assert "Limits of harm" in written
    assert "| distinct | gaussian-2 | round 2 |" in written


def test_made_up_evidence_needs_no_training_and_lies_around_the_truth(tmp_path: Path) -> None:
    preset = Preset(
        size=FootageSize(train=8, test=0, frames=128),
        config=effort.seconds(),
        folds=0,
        seeds=1,
        asked=(("distinct", "gaussian-2", "simulated"), ("ambiguous", "sparse", "simulated")),
    )
    run(tmp_path, preset, silent, lambda: None)
    assert [cell for cell, _ in finished(tmp_path, preset)] == cells(preset)
    found = load(evidence_path(tmp_path, cells(preset)[0], "noisy"))
    assert fare(found, argmax(found), 0)["within_1"] > 0.85
    radius = found.scores_GS.shape[1] // 2
    outside_GS = np.abs(found.frame_G[:, None] + np.arange(-radius, radius + 1) - 63.5) > 64
    assert (np.isnan(found.scores_GS) == outside_GS).all()


@pytest.mark.slow
def test_the_smoke_preset_runs_through(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["bench", "realign", "--preset", "smoke", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "Aims, distinct events" in result.output


def test_limits_of_harm_name_what_is_broken() -> None:
    kept = {"mean": 1.0, "signed": 0.0, "worse": 0.02, "calibration_error": 0.01, "violated": 0.0}
    found = {
        ("distinct", "none"): {"none": [{"mean": 0.97}], "ours, 10 reviews": [kept]},
        ("distinct", "rate"): {
            "none": [{"mean": 0.9}],
            "ours, 0 reviews": [kept | {"worse": 0.04, "violated": 0.2}],
            "ours, 50 reviews": [kept | {"calibration_error": 0.1}],
        },
    }
    rows = tables(Fares(found, {}))["everywhere"].rows
    assert [row[-1] for row in rows] == ["all kept", "worse, violated, mean", "calibration_error, mean"]
