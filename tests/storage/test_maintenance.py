import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage import datasets, reviews
from storage.database import Database
from storage.maintenance import backup, check
from storage.records import NewDecision


def decide(session: Session, label_id: int, key: str, frame: int = 11) -> None:
    new = NewDecision(key=key, label_id=label_id, verdict="set", frame=frame, annotator="ann")
    reviews.record(session, new)


@pytest.fixture
def healthy(database: Database, add_dataset, suggest, tmp_path: Path) -> Database:
    """A dataset with a suggestion, a decision and an undone one, and its index folders."""
    with database.writing() as session:
        dataset_id = add_dataset(session)
        labels = datasets.labels(session, dataset_id)
        suggest(session, dataset_id, {labels[0].id: 2.0})
        decide(session, labels[0].id, "a")
        decide(session, labels[1].id, "b")
        reviews.undo(session, dataset_id, "ann", "u")
        for name in ("one", "two"):
            folder = tmp_path / "videos" / name
            folder.mkdir(parents=True)
            film = tmp_path / f"{name}.mp4"
            film.touch()
            session.execute(
                sa.text("UPDATE videos SET folder = :folder, path = :film WHERE path LIKE :like"),
                {"folder": str(folder), "film": str(film), "like": f"%{name}.mp4"},
            )
    return database


def problems(database: Database, tmp_path: Path) -> list[str]:
    with database.reading() as session:
        return check(session, tmp_path / "videos")


def test_a_healthy_database_has_no_problems(healthy: Database, tmp_path: Path):
    assert problems(healthy, tmp_path) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE labels SET frame = 100 WHERE id = 3", "clip one, label 3: frame 100 is outside"),
        ("UPDATE suggestions SET frame = -1", "clip one, suggestion 1: frame -1 is outside"),
        ("UPDATE decisions SET frame = 500 WHERE id = 1", "clip one, decision 1: frame 500 is outside"),
        ("UPDATE decisions SET undoes = 1 WHERE id = 3", "decision 3 undoes nothing"),
        (
            "UPDATE standings SET verdict = 'keep' WHERE label_id = 5",
            "label 5: its decisions come to None, shown is keep",
        ),
        (
            "UPDATE standings SET frame = 12 WHERE label_id = 1",
            "label 1: its decisions come to set, shown is set",
        ),
        ("DELETE FROM standings WHERE label_id = 6", "label 6 is in no queue"),
        ("UPDATE clips SET shift = 1 WHERE id = 2", "clip two is not shifted by +0 frames as its dataset is"),
        ("UPDATE tallies SET kept = 4", "dataset 1: the progress shown is not that of its labels"),
    ],
)
def test_a_contradiction_is_found(healthy: Database, tmp_path: Path, statement: str, problem: str):
    with healthy.writing() as session:
        session.execute(sa.text(statement))
    assert any(problem in found for found in problems(healthy, tmp_path))


def test_a_reference_to_nothing_is_found(healthy: Database, tmp_path: Path, sqlite_only):
    with closing(sqlite3.connect(healthy.path)) as connection, connection:
        connection.execute("UPDATE labels SET clip_id = 77 WHERE id = 6")
    assert "labels row 6 refers to a row of clips that is not there" in problems(healthy, tmp_path)


def test_missing_and_unused_video_folders_are_found(healthy: Database, tmp_path: Path):
    (tmp_path / "videos" / "two").rename(tmp_path / "videos" / "three")
    missing, unused = problems(healthy, tmp_path)
    assert missing.startswith(f"{tmp_path / 'videos' / 'two'}: the index of a video is missing")
    assert unused.startswith(f"{tmp_path / 'videos' / 'three'}: no dataset uses")


def test_a_video_that_is_gone_is_found(healthy: Database, tmp_path: Path):
    (tmp_path / "two.mp4").unlink()
    assert problems(healthy, tmp_path) == [
        f"{tmp_path / 'two.mp4'}: the video is missing, only its index and working copy are left"
    ]


def test_damaged_pages_are_found(healthy: Database, tmp_path: Path, sqlite_only):
    with closing(sqlite3.connect(healthy.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_standings_all'"
        ).fetchone()[0]
    healthy.close()
    assert healthy.path is not None
    with healthy.path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 4000)
        file.write(b"\x07" * 96)
    assert any(found.startswith("damaged: ") for found in problems(healthy, tmp_path))


def test_a_backup_taken_under_load_is_one_whole_state(
    database: Database, add_dataset, tmp_path: Path, sqlite_only
):
    with database.writing() as session:
        dataset_id = add_dataset(session)
        label_id = datasets.labels(session, dataset_id)[0].id
    over = threading.Event()

    def keep_deciding() -> None:
        number = 0
        while not over.is_set():
            number += 1
            with database.writing() as session:
                decide(session, label_id, f"{number}", frame=number % 100)

    writer = threading.Thread(target=keep_deciding)
    writer.start()
    try:
        assert database.path is not None
        backup(database.path, tmp_path / "copy.sqlite")
    finally:
        over.set()
        writer.join()
    copy = Database(tmp_path / "copy.sqlite")
    copy.migrate()
    with copy.reading() as session:
        assert [found for found in check(session, tmp_path) if "index" not in found] == []
        assert datasets.get_dataset(session, dataset_id).labels == 6
    copy.close()


def test_a_backup_never_overwrites(database: Database, tmp_path: Path, sqlite_only):
    (tmp_path / "copy.sqlite").write_text("mine")
    assert database.path is not None
    with pytest.raises(Conflict, match=r"copy\.sqlite exists already"):
        backup(database.path, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "mine"


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path):
    (tmp_path / "respot.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(Conflict, match="file is not a database; nothing was written"):
        backup(tmp_path / "respot.sqlite", tmp_path / "copy.sqlite")
    with pytest.raises(NotFound, match=r"there is no database .*none\.sqlite"):
        backup(tmp_path / "none.sqlite", tmp_path / "copy.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["respot.sqlite"]
