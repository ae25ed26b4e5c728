"""The database: SQLite in WAL mode by default, PostgreSQL by URL; who writes says so before reading."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, UserError
from storage.migrate import upgrade

PRAGMAS = ("foreign_keys=ON", "synchronous=FULL", "cache_size=-16384")
WAIT_SECONDS = 30
SERVERS = ("postgresql", "postgres")
WRITERS = 0x5245  # the PostgreSQL lock that writers take in turn; any number, as long as it is the same


class DatabaseUnavailable(UserError):
    """The database cannot be read or written now: locked for long, disk full, no permission."""


class Database:
    """One database, opened lazily and shared by the threads of a process (not across a fork).

    `location` is a path (SQLite) or a URL, `postgresql://user@host/name` or any that SQLAlchemy reads. Every
    connection to SQLite has foreign keys on and synchronous=FULL: what was committed survives a power cut.
    Raises `BadConfig` for a URL that cannot be read or whose driver is not installed.
    """

    def __init__(self, location: str | Path) -> None:
        self.url = _url(location)
        self.path = Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None
        self.engine = _engine(self.url)
        one_state = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(**one_state)
        self._writers = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session that sees one state of the database throughout; what it changes is thrown away."""
        with self._unavailable(), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A session in one write transaction: committed when the block ends, rolled back when it raises.

        Of several writers one works and the others wait before they read anything: no update is lost. On
        SQLite they wait up to 30 seconds.
        """
        with self._unavailable(), Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the schema up to date in one transaction, after a backup if there is anything to lose.

        Raises `Conflict` where a newer Respot wrote the database.
        """
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._unavailable():
            upgrade(self.engine, self.path)

    def close(self) -> None:
        """Close every connection. The object can be used again."""
        self.engine.dispose()

    @contextmanager
    def _unavailable(self) -> Generator[None]:
        try:
            yield
        except OperationalError as error:
            place = self.path or self.url.render_as_string(hide_password=True)
            raise DatabaseUnavailable(f"{place}: {error.orig}; nothing was saved") from error


def _url(location: str | Path) -> URL:
    if not isinstance(location, str) or "://" not in location:
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):
        raise BadConfig("the database's URL cannot be read: it begins postgresql://user@host/name") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in SERVERS else url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = _server_engine(url)
        event.listen(engine, "begin", _begin_server)
        return engine
    engine = sa.create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)
    return engine


def _server_engine(url: URL) -> Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True)
    except NoSuchModuleError:
        raise BadConfig(f"{url.drivername} is no database that Respot knows") from None
    except ModuleNotFoundError as error:
        raise BadConfig(f"{error.name} is not installed: pip install 'respot[postgres]'") from None


def _connect(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver: so DDL is transactional too
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise DatabaseUnavailable("the database needs write-ahead logging: put it on a local disk")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_server(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS)))
