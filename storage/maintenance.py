"""Keep a database safe: copies of it while it is in use, and a check of what it says."""

import sqlite3
from contextlib import closing
from pathlib import Path

from spotting.errors import Conflict


def backup(source: Path, target: Path) -> None:
    """Copy the SQLite database `source`, in use or not, to the new file `target`.

    The copy is one consistent state, with all that was committed when it began. Raises `Conflict` if `target`
    exists or if the copy fails SQLite's own check; a failed copy leaves no file.
    """
    if target.exists():
        raise Conflict(f"{target} exists already: name another file for the backup")
    partial = target.with_name(target.name + ".partial")
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(partial)) as copy:
            original.backup(copy)
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Conflict(f"{source}: the copy is damaged ({verdict}); nothing was written")
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
