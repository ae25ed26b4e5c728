"""Putting a backup back in the place of the database, with a copy of what it replaces."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from spotting.errors import Conflict, NotFound
from storage.maintenance import backup
from storage.migrate import known_revisions

WAIT_SECONDS = 30


def restore(copy: Path, target: Path) -> Path | None:
    """Make the SQLite database `target` what the backup `copy` is; in one transaction, in use or not.

    What it was is first copied beside itself; returns where (None: there was no database). Raises `NotFound`
    if there is no `copy`, `Conflict` if that is damaged, no Respot database or a newer one's, or if `target`
    stays busy; then nothing has changed.
    """
    if not copy.is_file():
        raise NotFound(f"there is no backup {copy}")
    kept = _beside(target) if target.exists() else None
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as original:
            _check(original, copy)
            if kept is not None:
                backup(target, kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(target, timeout=WAIT_SECONDS)) as database:
                original.backup(database)
    except sqlite3.Error as error:
        raise Conflict(f"{copy}: {error}; nothing was restored") from error
    return kept


def _beside(path: Path) -> Path:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return path.with_name(f"{path.stem}-replaced-{now}{path.suffix}")


def _check(copy: sqlite3.Connection, path: Path) -> None:
    verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise Conflict(f"{path} is damaged ({verdict}); nothing was restored")
    named = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    if not copy.execute(named).fetchone()[0]:
        raise Conflict(f"{path} is no database of Respot; nothing was restored")
    row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None or row[0] not in known_revisions():
        raise Conflict(f"{path} was written by a newer Respot; nothing was restored")
