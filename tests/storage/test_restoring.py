"""A backup put back is the database as it was; what it replaces is kept; nothing else is taken for one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spotting.errors import Conflict, NotFound
from storage import datasets
from storage.database import Database
from storage.maintenance import backup
from storage.restoring import restore

pytestmark = pytest.mark.usefixtures("sqlite_only")


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [record.name for record in datasets.list_datasets(session)]


def path_of(database: Database) -> Path:
    assert database.path is not None
    return database.path


def test_a_backup_comes_back_while_the_database_is_open(
    database: Database, add_dataset, tmp_path: Path
) -> None:
    with database.writing() as session:
        add_dataset(session, name="before")
    backup(path_of(database), tmp_path / "copy.sqlite")
    with database.writing() as session:
        add_dataset(session, name="after")
    kept = restore(tmp_path / "copy.sqlite", path_of(database))
    assert names(database) == ["before"]
    assert kept is not None
    assert names(Database(kept)) == ["before", "after"]
    with database.writing() as session:
        add_dataset(session, name="later")
    assert names(database) == ["before", "later"]


def test_a_backup_comes_back_where_there_is_no_database(database: Database, tmp_path: Path) -> None:
    backup(path_of(database), tmp_path / "copy.sqlite")
    assert restore(tmp_path / "copy.sqlite", tmp_path / "new" / "respot.sqlite") is None
    assert names(Database(tmp_path / "new" / "respot.sqlite")) == []


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE notes (text)")


def newer_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("CREATE TABLE alembic_version (version_num)")
        newer.execute("INSERT INTO alembic_version VALUES ('zzzz')")


@pytest.mark.parametrize(
    ("write", "error", "message"),
    [
        (lambda path: None, NotFound, "there is no backup"),
        (lambda path: path.write_bytes(b"words" * 999), Conflict, "nothing was restored"),
        (other_database, Conflict, "is no database of Respot"),
        (newer_database, Conflict, "written by a newer Respot"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    database: Database, add_dataset, tmp_path: Path, write, error: type[Exception], message: str
) -> None:
    with database.writing() as session:
        add_dataset(session, name="kept")
    write(tmp_path / "copy.sqlite")
    with pytest.raises(error, match=message):
        restore(tmp_path / "copy.sqlite", path_of(database))
    assert names(database) == ["kept"]
    assert list(tmp_path.glob("*-replaced-*")) == []
