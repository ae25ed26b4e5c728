"""Kill a process while it decides: what it was told is saved must be there, and nothing half."""

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from storage import datasets, reviews
from storage.database import Database
from storage.maintenance import check

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
