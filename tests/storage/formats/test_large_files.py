"""Large label files are read within the memory that is stated for them: Spot's of 100 MB, others of 10."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from storage.formats.container import pack
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.strict_json import TIMES_THE_FILE
from storage.formats.table import FORMATS, Format, find_format
from tests.storage.formats.tables import outgoing

WHOLE, A_TENTH = 100_000_000, 10_000_000
"""Bytes."""
SOME = 100
"""Labels of a clip."""
READ = """
import json, re, sys
from pathlib import Path
from storage.formats.intake import Options
from storage.formats.table import read_labels
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
before = peak()
file = read_labels(Path(sys.argv[1]), sys.argv[2], Options(rule=sys.argv[3], fps=30.0))
labels = sum(len(one.labels) for one in (*file.clips, *file.pending))
print(json.dumps({"labels": labels, "bytes": peak() - before}))
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc"
    ),
]


@pytest.mark.parametrize("name", [format.name for format in FORMATS if format.read and format.write])
def test_large_files_are_read_within_bounds(name: str, tmp_path: Path) -> None:
    format = find_format(name)
    path = tmp_path / f"large{format.extensions[0]}"
    labels = _write(format, path, WHOLE if name == "spot" else A_TENTH)
    told = subprocess.run(
        [sys.executable, "-c", READ, str(path), name, format.rules[-1]],
        capture_output=True,
        text=True,
        check=True,
        timeout=1800,
    )
    found = json.loads(told.stdout)
    assert found["labels"] == labels
    assert found["bytes"] <= TIMES_THE_FILE * path.stat().st_size, f"{found['bytes'] / 2**20:.0f} MiB"


def _write(format: Format, path: Path, size: int) -> int:
    """Write a file of about that size, of one clip where a format has a file for each; how many labels."""
    times = size // _save(format, path, [_clip(0, SOME)]) + 1
    many = [_clip(0, SOME * times)] if format.many else (_clip(number, SOME) for number in range(times))
    _save(format, path, many)
    return SOME * times


def _save(format: Format, path: Path, clips: Iterable[FileClip]) -> int:
    """Write the clips as one file; its bytes."""
    assert format.write is not None
    with path.open("wb") as file:
        pack(format.write(outgoing(clips)), file, many=False)  # pyright: ignore[reportArgumentType]
    return path.stat().st_size


def _clip(number: int, labels: int) -> FileClip:
    made = (NewLabel(label="hit", frame=9 * i, comment="forehand_topspin") for i in range(labels))
    return FileClip(name=f"match_{number}", position=number, num_frames=9 * labels, labels=tuple(made))
