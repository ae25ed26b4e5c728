"""Kill a process while it decides: what it was told is saved must be there, and nothing half."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest

from storage import datasets, reviews
from storage.database import Database, DatabaseUnavailable
from storage.maintenance import check
from storage.records import NewDecision

DECIDE = """
import sys
from storage import reviews
from storage.database import Database
from storage.records import NewDecision

database, start, labels = Database(sys.argv[1]), int(sys.argv[2]), [int(id) for id in sys.argv[3:]]
number = start
while True:
    number += 1
    label = labels[number % len(labels)]
    new = NewDecision(key=str(number), label_id=label, verdict="set", frame=number % 100, annotator="ann")
    with database.writing() as session:
        reviews.record(session, new)
        if number % 5 == 0:
            reviews.undo(session, 1, "ann", f"undo {number}")
    print(number, flush=True)
"""


def _lines(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def test_no_acknowledged_decision_is_lost_when_the_writer_is_killed(
    database: Database, add_dataset, tmp_path: Path
):
    with database.writing() as session:
        labels = [label.id for label in datasets.labels(session, add_dataset(session))]
    script = tmp_path / "decide.py"
    script.write_text(DECIDE)
    writers = [
        subprocess.Popen(
            [
                sys.executable,
                str(script),
                database.url.render_as_string(hide_password=False),
                str(10_000 * i),
                *map(str, labels),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(2)
    ]
    acknowledged = [int(_lines(writer).readline()) for writer in writers for _ in range(6)]
    time.sleep(random.uniform(0, 0.1))
    for writer in writers:
        writer.kill()
        acknowledged += [int(line) for line in _lines(writer) if line.endswith("\n")]
        writer.wait()
    with database.reading() as session:
        stored = {decision.key for label in labels for decision in reviews.history(session, label)}
        assert len(acknowledged) > 10
        assert {str(number) for number in acknowledged} <= stored
        assert {f"undo {number}" for number in acknowledged if number % 5 == 0} <= stored
        assert [found for found in check(session, tmp_path) if "index" not in found] == []
    with database.writing() as session:
        assert reviews.undo(session, 1, "ann", "after") is not None


ROOM = 800_000
"""Bytes that are left on the small disk."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 4 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "respot-test", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_no_acknowledged_decision_is_lost_when_the_disk_is_full(
    small_disk: Path, add_dataset, sqlite_only: None
):
    with closing(Database(small_disk / "respot.sqlite")) as database:
        database.migrate()
        with database.writing() as session:
            labels = [label.id for label in datasets.labels(session, add_dataset(session))]
        filler = small_disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - ROOM))
        with pytest.raises(DatabaseUnavailable, match="full; nothing was saved"):
            _decide_until(database, labels, acknowledged := [])
        assert len(acknowledged) > 5
        filler.unlink()
        _decide_until(database, labels, acknowledged, len(acknowledged) + 1)
        with database.reading() as session:
            stored = [decision.key for label in labels for decision in reviews.history(session, label)]
            assert sorted(stored) == sorted(acknowledged)
            assert [found for found in check(session, small_disk) if "index" not in found] == []


def _decide_until(database: Database, labels: list[int], acknowledged: list[str], most: int = 1000) -> None:
    """Decide until so many decisions are `acknowledged`, by their keys."""
    while len(acknowledged) < most:
        number = len(acknowledged)
        label_id = labels[number % len(labels)]
        new = NewDecision(key=str(number), label_id=label_id, verdict="keep", annotator="ann")
        with database.writing() as session:
            reviews.record(session, new)
        acknowledged.append(new.key)
