"""A label file of 100 MB is read within the memory that is stated for it."""

import json
import subprocess
import sys
from itertools import count, takewhile
from pathlib import Path

import pytest

from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.strict_json import TIMES_THE_FILE
from storage.formats.table import Format, find_format
from tests.storage.formats.tables import outgoing

SIZE = 100_000_000
LABELS = tuple(NewLabel(label="hit", frame=9 * i, comment="forehand_topspin") for i in range(100))
READ = """
import json, resource, sys
from pathlib import Path
from storage.formats.intake import Options
from storage.formats.table import read_labels
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
file = read_labels(Path(sys.argv[1]), sys.argv[2], Options(rule=sys.argv[3] or None))
labels = sum(len(one.labels) for one in (*file.clips, *file.pending))
print(json.dumps({"labels": labels, "bytes": peak() - before}))
"""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["spot"])
def test_100_megabytes_are_read_within_bounds(name: str, tmp_path: Path) -> None:
    format = find_format(name)
    path = tmp_path / f"large{format.extensions[0]}"
    clips = _write(format, path)
    told = subprocess.run(
        [sys.executable, "-c", READ, str(path), name, format.rules[-1]],
        capture_output=True,
        text=True,
        check=True,
        timeout=1800,
    )
    found = json.loads(told.stdout)
    assert found["labels"] == clips * len(LABELS)
    assert found["bytes"] <= TIMES_THE_FILE * path.stat().st_size


def _write(format: Format, path: Path) -> int:
    """Write clips until the file has its size; how many they are."""
    size, clips = 0, 0

    def until_full():
        nonlocal clips
        for clip in takewhile(lambda _: size < SIZE, map(_clip, count())):
            clips += 1
            yield clip

    assert format.write is not None
    with path.open("w", encoding="utf-8") as file:
        for part in format.write(outgoing(until_full())):  # pyright: ignore[reportArgumentType]
            for piece in part.text:
                size += file.write(str(piece))
            if format.many and size >= SIZE:
                break
    return clips


def _clip(number: int) -> FileClip:
    return FileClip(name=f"match_{number}", position=number, num_frames=1000, labels=LABELS)
