"""The command line: instant help, plain errors, and the same work as the pages do."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.app.tiny import ServedApp, TinyFiles

MAIN = "from app.cli import main; main()"
HEAVY = {"gradio", "torch", "pandas", "sqlalchemy", "fastapi", "numpy", "cv2", "av", "plotly", "pydantic"}


def respot(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAIN, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_help_imports_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-c", MAIN, "--help"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()}
    assert imported & HEAVY == set()
    assert "simulate-noise" in told.stdout


@pytest.mark.parametrize(
    "command", ["serve", "import", "train", "suggest", "export", "sample", "frames", "status"]
)
def test_every_command_explains_itself(command: str) -> None:
    told = within(command, "--help")
    assert f"respot {command}" in told or "Usage" in told


def within(*arguments: object) -> str:
    """What a command says that is run in this process, which has loaded what it needs already."""
    ended = CliRunner().invoke(cli, list(map(str, arguments)))
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_import_train_suggest_status_export(tiny: TinyFiles, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    files = ("--media", tiny.media, "--truth", tiny.truth, "--source-pattern", r"match\d+", "--name", "tiny")
    assert "dataset 1 tiny: 6 clips" in within("import", tiny.labels, *files, *data)
    assert "run 1: done" in within("train", "tiny", "--epochs", 1, *data)
    assert "tagged -> suggested -> final" in within("suggest", "tiny", *data)
    assert "labels decided" in within("status", *data)
    within("export", "tiny", "--out", tmp_path / "out", *data)
    assert (tmp_path / "out" / "tiny-corrected.json").exists()
    assert (tmp_path / "out" / "tiny-audit.csv").exists()


def test_an_error_is_one_line_and_exit_code_2(tiny: TinyFiles, tmp_path: Path) -> None:
    failed = respot("import", tiny.labels, "--media", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert failed.returncode == 2
    assert failed.stderr == f"respot: {tmp_path / 'nowhere'}: no such folder of videos\n"
    unknown = respot("export", "nothing", "--data", tmp_path / "data")
    assert (unknown.returncode, unknown.stderr) == (2, "respot: there is no dataset named nothing\n")


def test_simulated_noise_moves_frames_and_nothing_else(tiny: TinyFiles, tmp_path: Path) -> None:
    for out in ("one.json", "two.json"):
        told = respot("simulate-noise", tiny.truth, "--sigma", 2, "--seed", 7, "--out", tmp_path / out)
        assert told.returncode == 0, told.stderr
    noisy = json.loads((tmp_path / "one.json").read_text())
    truth = json.loads(tiny.truth.read_text())
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    moves = []
    for clip, given in zip(noisy, truth, strict=True):
        assert {key: clip[key] for key in clip if key != "events"} == {
            key: given[key] for key in given if key != "events"
        }
        assert [event["label"] for event in clip["events"]] == [event["label"] for event in given["events"]]
        moves += [a["frame"] - b["frame"] for a, b in zip(clip["events"], given["events"], strict=True)]
    assert any(moves)
    assert max(map(abs, moves)) < 12


def test_the_original_is_not_overwritten_by_noise(tiny: TinyFiles, tmp_path: Path) -> None:
    labels = tiny.copy(tmp_path / "copy").labels
    before = labels.read_bytes()
    refused = respot("simulate-noise", labels, "--sigma", 1, "--out", labels)
    assert refused.returncode == 2
    assert "original" in refused.stderr
    assert labels.read_bytes() == before


def test_a_second_start_finds_the_running_one(served_app: ServedApp) -> None:
    again = respot("serve", "--no-open", "--data", served_app.data, "--port", served_app.port)
    assert (again.returncode, again.stdout) == (0, f"Respot is running already: {served_app.url}\n")


@pytest.mark.skipif(find_spec("webview") is not None, reason="pywebview is installed: a window would open")
def test_a_window_needs_its_extra_and_says_how_to_get_it() -> None:
    refused = respot("--window")
    assert refused.returncode == 2
    assert "pip install 'pywebview" in refused.stderr
