"""Batches worked off by a thread of the web process, so that none waits behind a training."""

import threading
from typing import Any

from app import worker
from app.actions import batches
from app.settings import Settings
from app.workspace import Workspace
from spotting.progress import Progress
from storage.database import Database
from storage.records import JobRecord


def work_batch(settings: Settings, database: Database, job: JobRecord, progress: Progress) -> dict[str, Any]:
    """Make the decisions that are left of a batch; stopped, it goes on later where it was."""
    done = batches.go_on(Workspace(settings, database), job.params["batch"], progress)
    return {"batch": done["id"], "dataset_id": done["dataset_id"]}


class BatchThread:
    """Does jobs of the kind `batch` from `start` to `stop`; the worker process beside it does all kinds."""

    def __init__(self, settings: Settings) -> None:
        self._leaving = threading.Event()
        self._thread = threading.Thread(
            target=worker.work,
            args=(settings, {"batch": work_batch}, self._leaving),
            name="batches",
            daemon=True,
        )

    def start(self) -> None:
        """Begin to look for batches."""
        self._thread.start()

    def stop(self) -> None:
        """Leave after the decisions of the present piece; what is left goes back to the queue."""
        self._leaving.set()
        self._thread.join()
