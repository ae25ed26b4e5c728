"""Cells of a benchmark: finished ones stay, interrupted ones go on, no two processes take the same one."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.bench.store import CellStore
from spotting.errors import BadConfig

HOLD = """
import sys
from pathlib import Path
from app.bench.store import CellStore
with CellStore(Path(sys.argv[1])).claimed("a") as work:
    print(work is not None, flush=True)
    sys.stdin.read()
"""


def test_a_finished_cell_is_loaded_and_not_claimed_again(tmp_path: Path) -> None:
    store = CellStore(tmp_path)
    with store.claimed("a") as work:
        assert work is not None
        store.finish("a", {"x": 1.5})
    assert CellStore(tmp_path).load("a") == {"x": 1.5}
    with store.claimed("a") as work:
        assert work is None
    assert store.load("b") is None


def test_what_an_interrupted_cell_left_is_there_for_the_next(tmp_path: Path) -> None:
    with CellStore(tmp_path).claimed("a") as work:
        assert work is not None
        (work / "half").write_text("done")
    with CellStore(tmp_path).claimed("a") as work:
        assert work is not None
        assert (work / "half").read_text() == "done"


def test_another_process_has_the_cell_until_it_ends(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"True\n"
    with CellStore(tmp_path).claimed("a") as work:
        assert work is None
    other.kill()
    other.communicate()
    with CellStore(tmp_path).claimed("a") as work:
        assert work is not None


def test_a_folder_with_other_settings_is_refused(tmp_path: Path) -> None:
    CellStore(tmp_path).pin({"clips": 4})
    CellStore(tmp_path).pin({"clips": 4})
    with pytest.raises(BadConfig, match="other settings"):
        CellStore(tmp_path).pin({"clips": 5})
