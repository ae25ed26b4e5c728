"""Keeps one local worker process alive while the web server runs."""

import logging
import os
import subprocess
import sys
import threading
import time

from app.settings import Settings

log = logging.getLogger(__name__)

PATIENCE_S = 10.0  # a worker that is asked to leave first writes a checkpoint


class Supervisor:
    """Starts `python -m app.worker`, starts it again when it dies, ends it with this process.

    The worker is a fresh interpreter, not a fork: it may use CUDA, and its crash takes nothing else along.
    It lives as long as its standard input stays open, so it also ends when this process is killed.
    """

    def __init__(self, settings: Settings) -> None:
        self._environment = os.environ | {
            "RESPOT_DATA": str(settings.data),
            "RESPOT_DATABASE_URL": settings.database_url,
        }
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process id of the present worker; None before the first start."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the worker and watch over it from a thread of this process."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to leave, wait while it saves its work, end it if it takes too long."""
        self._ending.set()
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
        self._thread.join(1)

    def _watch(self) -> None:
        pause = 0.5
        while not self._ending.is_set():
            started = time.monotonic()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.worker"], stdin=subprocess.PIPE, env=self._environment
            )
            code = self._process.wait()
            if self._ending.is_set():
                return
            pause = 0.5 if time.monotonic() - started > 60 else min(2 * pause, 30.0)
            log.warning("the worker ended with exit code %s; starting another in %.0f s", code, pause)
            self._ending.wait(pause)
