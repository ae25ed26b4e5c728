"""Databases on the PostgreSQL server at RESPOT_TEST_DATABASE_URL, lent to one test after another."""

import atexit
import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from itertools import count

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.database import Database
from storage.tables import Table

URL = os.environ.get("RESPOT_TEST_DATABASE_URL", "")
"""Empty: the tests run on SQLite."""
_numbers = count(1)
_free: list[str] = []


@contextmanager
def lent() -> Generator[str]:
    """The URL of a migrated, empty database that nobody else uses; leave its tables as they are."""
    url = _emptied(_free.pop()) if _free else _migrated()
    yield url
    _free.append(url)


def new(template: str = "template0") -> str:
    """The URL of a new database, a copy of `template`, which nobody may be using now; dropped at the end."""
    name = f"respot_test_{os.getpid()}_{next(_numbers)}"
    _say(f"CREATE DATABASE {name} TEMPLATE {template}")
    atexit.register(_say, f"DROP DATABASE {name} WITH (FORCE)")
    return Database(URL).url.set(database=name).render_as_string(hide_password=False)


def _migrated() -> str:
    url = new()
    database = Database(url)
    database.migrate()
    database.close()
    return url


def _emptied(url: str) -> str:
    """The same database without a row, its ids beginning at 1 again; faster than TRUNCATE for few rows."""
    deletes = [f"DELETE FROM {table}" for table in reversed(Table.metadata.sorted_tables)]
    again = "SELECT setval(c.oid, 1, false) FROM pg_class c WHERE c.relkind = 'S'"
    database = Database(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("; ".join([*deletes, again]))
    database.close()
    return url


def _say(statement: str) -> None:
    with _server().connect() as connection:
        connection.execute(sa.text(statement))


@cache
def _server() -> Engine:
    return Database(URL).engine.execution_options(isolation_level="AUTOCOMMIT")
