"""Measuring training: a dataset in E2E-Spot's layout from end to end, and speeds that hang together."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from app.bench import speed
from app.bench.paper_tables import published
from app.bench.spot_layout import open_layout
from app.bench.train import configured, noisy, run, table
from app.cli import cli
from spotting.errors import BadConfig, BadLabels
from spotting.progress import silent

COLOURS = {"red": (230, 40, 40), "blue": (40, 40, 230)}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three clips of 40 frames for training, one each for validation and test: a square at each event."""
    rng = np.random.default_rng(0)
    (tmp_path / "class.txt").write_text("blue\nred\n")
    for split, count in (("train", 3), ("val", 1), ("test", 1)):
        clips = [_clip(tmp_path / "frames", f"{split}_{number}", rng) for number in range(count)]
        (tmp_path / f"{split}.json").write_text(json.dumps(clips))
    return tmp_path


def _clip(frames: Path, name: str, rng: np.random.Generator) -> dict[str, object]:
    events = [{"frame": at, "label": ("red", "blue")[rng.integers(2)], "comment": ""} for at in (6, 17, 30)]
    (frames / name).mkdir(parents=True)
    for number in range(40):
        picture = np.full((32, 48, 3), 90, np.uint8)
        for event in events:
            if number == event["frame"]:
                picture[8:24, 12:36] = COLOURS[event["label"]]
        cv2.imwrite(str(frames / name / f"{number:06d}.jpg"), picture[..., ::-1])
    return {"video": name, "num_frames": 40, "num_events": 3, "events": events, "fps": 25.0,
            "width": 48, "height": 32}  # fmt: skip


def test_a_dataset_is_trained_selected_and_scored(data: Path) -> None:
    layout = open_layout(data, data / "frames")
    assert layout.classes == ("blue", "red")
    assert layout.train[0].frames.read([6])[0, 16, 24] == pytest.approx(
        np.array(COLOURS[layout.train[0].events[0].label]), abs=30
    )
    config = configured("cups", "small", "nano", 0.0)
    model = replace(config.model, size=32, window=16, width=32, heads=2, feedforward=32, queries=16)
    config = replace(config, model=model, epochs=2, batch=4, amp=False)
    out = data / "out"
    scored = run(layout, "cups", config, out, sigma=0.0, device="cpu", progress=silent)
    assert {(row.read_out, row.suppression) for row in scored} == {
        (read_out, suppression) for read_out in ("averaged", "merged") for suppression in ("soft", "none")
    }
    assert all(0 <= value <= 100 for row in scored for value in row.map_at.values())
    assert json.loads((out / "best" / "validation.json").read_text())["epoch"] in (1, 2)
    assert len(json.loads((out / "result.json").read_text())["scored"]) == 4
    with (out / "result.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 16
    assert len(table(config, scored)) == 5
    assert run(layout, "cups", config, out, sigma=0.0, device="cpu", progress=silent) == scored


def test_the_papers_rows_stand_beside_a_split_it_knows() -> None:
    rows = {(row.method, row.backbone, row.suppression): (row.at_1, row.at_2) for row in published("fs_comp")}
    assert rows["paper, c3", "regnety_002", "soft"] == (80.93, 93.64)
    assert rows["paper, c1", "regnety_008", "soft"] == (80.35, 90.38)
    assert rows["paper, c3", "regnety_008", "none"] == (74.23, 84.07)
    assert len(rows) == 13
    assert published("cups") == []


def test_settings_are_those_of_the_dataset_that_a_split_belongs_to() -> None:
    assert configured("fs_perf", "paper", "regnety_002", 0.0).dilation == 1
    assert configured("tennis", "paper", "regnety_002", 2.0).reach == pytest.approx(100 / 6)
    assert configured("cups", "small", "nano", 1.5).sigma == 1.5
    with pytest.raises(BadConfig, match="dataset is 'cups'"):
        configured("cups", "paper", "regnety_002", 0.0)
    with pytest.raises(BadConfig, match="preset is 'large'"):
        configured("tennis", "large", "regnety_002", 0.0)


def test_noise_moves_labels_the_same_way_every_time(data: Path) -> None:
    train = open_layout(data, data / "frames").train
    moved = noisy(train, 2.0, seed=1)
    assert moved == noisy(train, 2.0, seed=1)
    assert moved != list(train)
    assert noisy(train, 0.0, seed=1) == list(train)


def test_pictures_that_are_missing_are_named(data: Path) -> None:
    (data / "frames" / "train_1" / "000039.jpg").unlink()
    with pytest.raises(BadLabels, match=r"train.json, clip train_1: 39 pictures, but num_frames is 40"):
        open_layout(data, data / "frames")
    with pytest.raises(BadLabels, match="clip train_0: its folder of pictures"):
        open_layout(data, data)
    (data / "test.json").unlink()
    with pytest.raises(BadLabels, match="test.json: there is no such file"):
        open_layout(data, data / "frames")


@pytest.fixture
def figures(tmp_path: Path) -> Iterator[dict[str, float]]:
    config = speed.configured("small", "dla", 32, 2, compiled=False)
    rows = speed.measure(tmp_path, config, "cpu", frames=200, steps=2, progress=silent)
    return {row.what: row.value for row in rows}


def test_speed_is_told_of_loop_loader_matcher_and_inference(figures: dict[str, float]) -> None:
    assert all(value > 0 for value in figures.values())
    ready, real = figures["training, ready tensors"], figures["training, the real loop"]
    assert figures["the real loop, of that on ready tensors"] == pytest.approx(100 * real / ready)
    naive, once = figures["inference, window by window"], figures["inference, every frame once"]
    assert figures["inference, gain over window by window"] == pytest.approx(once / naive)
    assert 1 < figures["inference, the most it can gain"] < 2
    assert figures["the matcher, of a step"] < 100


def test_a_preset_that_is_none_is_named() -> None:
    result = CliRunner().invoke(cli, ["bench", "speed", "--preset", "huge"])
    assert result.exit_code != 0
    assert "preset is 'huge'" in (result.output + str(result.exception))


def test_the_command_trains_and_prints_a_table(data: Path) -> None:
    """Clips of the paper's names get its tables, a frozen start its own weights, mirrors their check."""
    out = str(data / "out")
    command = ["bench", "train", "--data", str(data), "--out", out, "--split", "tennis", "--preset", "small"]
    few = ["--epochs", "1", "--epoch-frames", "512", "--lambda", "4", "--mirror", "red=blue"]
    done = CliRunner().invoke(cli, [*command, *few])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert any(line.startswith("tennis        convolved, averaged   nano") for line in lines)
    assert any(line.split()[:4] == ["tennis", "paper,", "c3", "regnety_002"] for line in lines)
    config = json.loads((data / "out" / "result.json").read_text())["config"]
    assert config["reach"] == pytest.approx(64 / (4 * 2))
    assert config["mirrored"] == [["red", "blue"]]
    wrong = CliRunner().invoke(cli, [*command, "--mirror", "red"])
    assert "--mirror red: must be two classes" in str(wrong.exception) + wrong.output
