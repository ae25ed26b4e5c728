"""The background process: claims a job, does it, tells how far it is, leaves when no longer wanted."""

import importlib
import logging
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from app import log as logging_setup
from app.settings import Settings, load
from spotting.errors import Conflict, Stopped, UserError
from spotting.progress import Progress
from storage import jobs
from storage.database import Database
from storage.records import JobRecord

log = logging.getLogger(__name__)

REPORT_S = 0.5
BEAT_S = 2.0
LOST_S = 15.0
IDLE_S = 0.5

Task = Callable[[Settings, Database, JobRecord, Progress], dict[str, Any]]
"""Does a job from its parameters, may be asked to stop (`Stopped` out of progress), returns its result."""


class Reporter:
    """A job's `Progress`: writes to the job at most twice a second, and keeps the job ours in between.

    Raises `Stopped` when a person asked to stop the job, when the worker is leaving, or when the job was
    taken for lost and given to another worker.
    """

    def __init__(self, database: Database, job: JobRecord, leaving: threading.Event) -> None:
        self._database = database
        self._job = job
        self._leaving = leaving
        self._latest: tuple[float, float, str] = (job.done, job.total, job.note)
        self._written = 0.0
        self._over = threading.Event()
        self._stop = False
        self._lock = threading.Lock()
        self._beat = threading.Thread(target=self._keep, name="heartbeat", daemon=True)

    def __call__(self, done: float, total: float, note: str = "") -> None:
        self._latest = (done, total, note)
        if time.monotonic() - self._written >= REPORT_S:
            self._write()
        if self._stop or self._leaving.is_set():
            raise Stopped

    def __enter__(self) -> "Reporter":
        self._beat.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._beat.join()

    def flush(self) -> None:
        """Write the latest progress now."""
        self._write()

    def _keep(self) -> None:
        """Heartbeats while the task is silent: one long step of work is not a lost worker."""
        while not self._over.wait(BEAT_S):
            if time.monotonic() - self._written >= BEAT_S:
                self._write()

    def _write(self) -> None:
        with self._lock:
            self._written = time.monotonic()
            try:
                with self._database.writing() as session:
                    self._stop = jobs.report(session, self._job, *self._latest) or self._stop
            except Conflict:
                self._stop = True


def work(
    settings: Settings, tasks: Mapping[str, Task], leaving: threading.Event, *, until_idle: bool = False
) -> None:
    """Do jobs of the kinds in `tasks`, oldest first, until `leaving` is set (or, if asked, there are none).

    A job that is left because the worker leaves goes back to the queue.
    """
    database = Database(settings.database_location)
    database.migrate()
    name = f"{platform.node()}:{os.getpid()}"
    try:
        while not leaving.is_set():
            with database.writing() as session:
                jobs.requeue_lost(session, older_than=LOST_S)
                job = jobs.claim(session, name, tuple(tasks))
            if job is not None:
                do(settings, database, job, tasks, leaving)
            elif until_idle:
                return
            else:
                leaving.wait(IDLE_S)
    finally:
        database.close()


def do(
    settings: Settings,
    database: Database,
    job: JobRecord,
    tasks: Mapping[str, Task],
    leaving: threading.Event,
) -> None:
    """Do one claimed job to its end, whatever that is. What goes wrong is the job's, not the worker's."""
    log.info("job %d (%s), attempt %d", job.id, job.kind, job.attempt)
    try:
        with Reporter(database, job, leaving) as progress:
            result = tasks[job.kind](settings, database, job, progress)
            progress.flush()
    except Stopped:
        with _last_word(database, job) as session:
            jobs.mark_stopped(session, job)
            if leaving.is_set():
                jobs.resume(session, job.id)
    except UserError as error:
        log.warning("job %d (%s) failed: %s", job.id, job.kind, error)
        _fail(database, job, str(error))
    except Exception as error:
        log.exception("job %d broke", job.id)
        _fail(
            database,
            job,
            f"something broke ({type(error).__name__}: {error}); see {settings.data / 'respot.log'}",
        )
    else:
        with _last_word(database, job) as session:
            jobs.finish(session, job, result)
        log.info("job %d (%s) is done", job.id, job.kind)


def _fail(database: Database, job: JobRecord, error: str) -> None:
    with _last_word(database, job) as session:
        jobs.fail(session, job, error)


@contextmanager
def _last_word(database: Database, job: JobRecord) -> Generator[Any]:
    """A session to write the job's end, which counts for nothing if the job was taken for lost meanwhile."""
    try:
        with database.writing() as session:
            yield session
    except Conflict as error:
        log.warning("job %d: %s", job.id, error)


def leave_with_parent(leaving: threading.Event, patience_s: float = 20.0) -> None:
    """Set `leaving` when standard input closes (the parent ended); end this process if work goes on."""

    def watch() -> None:
        sys.stdin.buffer.read()
        leaving.set()
        time.sleep(patience_s)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def main(tasks: Mapping[str, Task]) -> None:
    """The worker that the web server starts: settings from the environment, lives as long as its parent."""
    settings = load()
    logging_setup.start(settings.data)
    if hasattr(os, "nice"):
        os.nice(5)  # the pages stay quick while a training takes every core
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C on the terminal is the server's; it lets us finish
    leaving = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: leaving.set())
    leave_with_parent(leaving)
    work(settings, tasks, leaving)


if __name__ == "__main__":  # neither the web process nor the children that index videos load torch
    main(importlib.import_module("app.tasks").TASKS)
