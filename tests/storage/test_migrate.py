import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from spotting.errors import Conflict
from storage import datasets, migrate
from storage.database import Database
from storage.tables import Table
from tests import server

BROKEN = """
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    op.create_table("more", sa.Column("id", sa.Integer))
    {then}
"""


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A database whose tables may be changed."""
    path = shutil.copy(migrated, tmp_path / "respot.sqlite")
    opened = Database(server.new() if server.URL else path)
    opened.migrate()
    yield opened
    opened.close()


def next_migration(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str) -> None:
    """A copy of the migrations with one more."""
    shutil.copytree(migrate.MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    more = folder / "migrations" / "versions" / "9999_more.py"
    more.write_text(BROKEN.format(then=then, head=head()))
    monkeypatch.setattr(migrate, "MIGRATIONS", folder / "migrations")


def head() -> str | None:
    """The newest revision."""
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_migrations_build_exactly_the_models(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_twice_changes_nothing_and_makes_no_backup(database: Database, tmp_path: Path):
    database.migrate()
    database.migrate()
    assert [path.name for path in tmp_path.glob("*-before-*")] == []


def test_a_newer_schema_is_refused(database: Database):
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'zzzz'"))
    with pytest.raises(Conflict, match="schema zzzz, written by a newer Respot"):
        database.migrate()


def test_a_migration_that_fails_leaves_nothing(
    database: Database, add_dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with database.writing() as session:
        add_dataset(session)
    before, newest = tables(database), head()
    next_migration(monkeypatch, tmp_path, "raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        database.migrate()
    assert tables(database) == before
    with database.reading() as session:
        assert session.scalar(sa.text("SELECT version_num FROM alembic_version")) == newest
        assert len(datasets.list_datasets(session)) == 1


def test_before_a_migration_the_data_is_copied(
    database: Database, add_dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_only
):
    with database.writing() as session:
        add_dataset(session)
    newest = head()
    next_migration(monkeypatch, tmp_path, "pass")
    database.migrate()
    assert "more" in tables(database)
    (copy,) = tmp_path.glob("respot-before-9999-*.sqlite")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (newest,)
        assert connection.execute("SELECT count(*) FROM labels").fetchone() == (6,)
