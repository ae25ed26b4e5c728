"""Results of a benchmark cell by cell, so that a killed run goes on and several runs share the work."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spotting.errors import BadConfig


class CellStore:
    """One JSON file per finished cell in `folder`/cells, and a work folder for each that is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cells = folder / "cells"
        self._cells.mkdir(parents=True, exist_ok=True)

    def pin(self, settings: dict[str, Any]) -> None:
        """Hold the folder to `settings`: written by the first run. Raises `BadConfig` if it has others."""
        path, told = self.folder / "settings.json", json.dumps(settings, indent=1, sort_keys=True) + "\n"
        if not path.is_file():
            path.write_text(told, encoding="utf-8")
        if path.read_text(encoding="utf-8") != told:
            raise BadConfig(f"{path}: this folder holds a benchmark with other settings; name another folder")

    def load(self, key: str) -> dict[str, Any] | None:
        """What `finish` was given for cell `key`; None while it is not finished."""
        try:
            return json.loads((self._cells / f"{key}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    @contextmanager
    def claimed(self, key: str) -> Iterator[Path | None]:
        """The work folder of cell `key`, ours alone; None if it is finished or another process has it.

        What was left in the folder is still there; a claim ends with the process that holds it.
        """
        work = self.folder / "work" / key
        work.mkdir(parents=True, exist_ok=True)
        with (work / "claim").open("w") as claim:
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield work if self.load(key) is None else None
        if self.load(key) is not None:
            shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Waits until no other process is in here under the same `name`."""
        with (self.folder / f".{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def finish(self, key: str, values: dict[str, Any]) -> None:
        """Write the cell's result, whole or not at all."""
        partial = self._cells / f".{key}.partial"
        partial.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
        partial.replace(self._cells / f"{key}.json")
