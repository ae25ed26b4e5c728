import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from spotting.errors import BadConfig
from storage import datasets
from storage.database import Database, DatabaseUnavailable
from storage.tables import Dataset

NOBODY = 65534


def test_connections_keep_foreign_keys_and_write_through_to_the_disk(database: Database, sqlite_only):
    with database.reading() as session:
        pragmas = {
            name: session.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")
        }
        synchronous = session.scalar(sa.text("PRAGMA synchronous"))
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
    assert synchronous == 2


def test_what_raises_leaves_nothing(database: Database, add_dataset):
    def add_and_fail() -> None:
        with database.writing() as session:
            add_dataset(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    with database.reading() as session:
        assert datasets.list_datasets(session) == []


def test_a_reading_session_changes_nothing(database: Database, add_dataset):
    with database.reading() as session:
        add_dataset(session)
    with database.reading() as session:
        assert datasets.list_datasets(session) == []


def test_a_reader_sees_one_state_while_another_writes(database: Database, add_dataset):
    with database.reading() as reader:
        assert datasets.list_datasets(reader) == []
        with database.writing() as writer:
            add_dataset(writer)
        assert datasets.list_datasets(reader) == []


def test_writers_that_read_first_wait_for_one_another_and_lose_nothing(database: Database, add_dataset):
    with database.writing() as session:
        dataset_id = add_dataset(session)

    def count_up() -> None:
        for _ in range(10):
            with database.writing() as session:
                dataset = session.get_one(Dataset, dataset_id)
                dataset.extra = {"count": dataset.extra.get("count", 0) + 1}

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Dataset, dataset_id).extra["count"] == 40


def test_a_database_without_its_tables_is_a_clear_error(tmp_path: Path):
    database = Database(tmp_path / "empty.sqlite")
    with pytest.raises(DatabaseUnavailable, match="no such table"), database.reading() as session:
        datasets.list_datasets(session)
    database.close()


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path):
    (tmp_path / "respot.sqlite").mkdir()
    database = Database(tmp_path / "respot.sqlite")
    with pytest.raises(DatabaseUnavailable, match=r"respot\.sqlite: unable to open"):
        database.migrate()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of one's own that anybody can reach."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere, so the tests of a root are somebody else for a moment."""
    before = os.geteuid()
    os.seteuid(NOBODY if before == 0 else before)
    yield
    os.seteuid(before)


def test_a_read_only_folder_is_a_clear_error(folder: Path):
    folder.chmod(0o555)
    with as_nobody(), pytest.raises(DatabaseUnavailable, match=r"respot\.sqlite: unable to open"):
        Database(folder / "respot.sqlite").migrate()


def test_a_database_that_has_become_read_only_is_a_clear_error_and_loses_nothing(folder: Path, add_dataset):
    path = folder / "respot.sqlite"
    database = Database(path)
    database.migrate()
    with database.writing() as session:
        add_dataset(session)
    database.close()
    path.chmod(0o444)
    folder.chmod(0o555)

    def add_more() -> None:
        with database.writing() as session:
            add_dataset(session, name="more")

    with as_nobody(), pytest.raises(DatabaseUnavailable, match="nothing was saved"):
        add_more()
    database.close()
    path.chmod(0o644)
    folder.chmod(0o755)
    with database.reading() as session:
        assert [one.name for one in datasets.list_datasets(session)] == ["rally"]
    database.close()


def test_a_full_disk_is_a_clear_error_and_leaves_what_was_there(database: Database, add_dataset, sqlite_only):
    with database.writing() as session:
        dataset_id = add_dataset(session)
        pages = session.scalar(sa.text("PRAGMA page_count"))

    def write_too_much() -> None:
        with database.writing() as session:
            session.execute(sa.text(f"PRAGMA max_page_count={pages}"))
            session.get_one(Dataset, dataset_id).extra = {"big": "x" * 10_000_000}

    with pytest.raises(DatabaseUnavailable, match="full; nothing was saved"):
        write_too_much()
    with database.reading() as session:
        assert session.get_one(Dataset, dataset_id).extra == {"layout": {}}


def test_a_place_without_write_ahead_logging_is_refused():
    with pytest.raises(DatabaseUnavailable, match="put it on a local disk"):
        Database(":memory:").migrate()


def test_a_url_is_taken_as_it_stands():
    database = Database("sqlite:////tmp/some/respot.sqlite")
    assert database.path == Path("/tmp/some/respot.sqlite")
    assert Database("/tmp/some/respot.sqlite").url == database.url


def test_the_url_of_a_server_needs_no_name_of_a_driver():
    for given in ("postgresql://ana@db/respot", "postgres://ana@db/respot"):
        assert str(Database(given).url) == "postgresql+psycopg://ana@db/respot"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://ana:secret@db:port/respot", "cannot be read"),
        ("oracle+nothing://db/respot", "no database that Respot knows"),
        ("mysql+pymysql://db/respot", "not installed"),
    ],
)
def test_a_url_that_cannot_be_opened_is_a_clear_error_without_its_password(url: str, says: str):
    with pytest.raises(BadConfig, match=says) as error:
        Database(url)
    assert "secret" not in str(error.value)


def test_a_server_that_is_away_is_a_clear_error_without_its_password():
    with pytest.raises(DatabaseUnavailable, match="nothing was saved") as error:
        Database("postgresql://ana:secret@127.0.0.1:1/respot?connect_timeout=2").migrate()
    assert "secret" not in str(error.value)
