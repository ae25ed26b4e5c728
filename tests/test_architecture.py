"""The rules of the code base that no linter holds: sizes, contracts, and what a process may import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 300
SOURCES = sorted(
    path
    for folder in ("app", "spotting", "storage", "tests", "assets")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js", ".css")
)
WEB = "import json, sys; import app.main; print(json.dumps(sorted(sys.modules)))"


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_says_what_it_is() -> None:
    ours = [path for path in SOURCES if path.suffix == ".py" and "tests" not in path.parts]
    modules = [path for path in ours if path.read_text().strip()]
    assert [str(path) for path in modules if not path.read_text().startswith(('"""', 'r"""'))] == []


def test_there_is_no_module_for_odds_and_ends() -> None:
    odd = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(path) for path in SOURCES if path.stem in odd] == []


def test_the_import_contracts_hold() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_the_web_process_holds_no_tensors() -> None:
    told = subprocess.run(
        [sys.executable, "-c", WEB], capture_output=True, text=True, timeout=120, check=True
    )
    imported = {name.partition(".")[0] for name in json.loads(told.stdout)}
    assert imported & {"torch", "timm", "torchvision"} == set()


@pytest.mark.parametrize(
    "name", ["spotting.events", "spotting.config", "spotting.video", "spotting.posterior"]
)
def test_the_engine_is_light_where_it_needs_no_tensors(name: str) -> None:
    code = f"import sys, {name}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_training_on_pictures_in_memory_needs_no_video_library() -> None:
    code = "import sys, spotting.train, spotting.infer, spotting.cache; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120, check=False).returncode == 0
