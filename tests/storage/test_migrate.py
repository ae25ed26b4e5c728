import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
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
    return ScriptDirectory.from_config(scripts()).get_current_head()


def scripts() -> Config:
    """Alembic's settings for our migrations."""
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    return config


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


@pytest.mark.parametrize("revision", migrate.known_revisions()[1:])
def test_a_database_of_every_earlier_schema_is_brought_up_to_date_with_its_rows(
    tmp_path: Path, revision: str
):
    database = Database(tmp_path / "respot.sqlite")
    with database.engine.execution_options(writes=True).begin() as connection:
        config = scripts()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        fill(connection)
    database.migrate()
    with database.engine.connect() as connection:
        found = sa.MetaData()
        found.reflect(connection)
        rows = {name: len(connection.execute(sa.select(table)).all()) for name, table in found.tables.items()}
        moved = connection.execute(sa.text('SELECT "offset", correction FROM standings')).one()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    assert rows["labels"] == rows["decisions"] == rows["standings"] == rows["suggestions"] == 1
    assert tuple(moved) == (1, 1)
    database.close()


def fill(connection: sa.Connection) -> None:
    """One row in every table, its columns filled by their type; a row undoes nothing."""
    found = sa.MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            values = {c.name: value_of(c) for c in table.columns if c.name not in ("undoes", "shift")}
            connection.execute(sa.insert(table).values(values))


def value_of(column: sa.Column[Any]) -> Any:
    """A value that the column takes; every number is 1, so that all rows belong together."""
    if isinstance(column.type, sa.JSON):
        return {}
    by_type = {datetime: datetime(2026, 1, 1), bytes: b"", str: "a", bool: False, float: 1.0, int: 1}  # noqa: DTZ001
    return by_type[column.type.python_type]
