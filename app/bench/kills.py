"""Kills web process and worker at random moments under load, and counts the decisions that are lost."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from app.bench.measured import Measured
from app.bench.storage import made_up
from app.settings import load
from app.workspace import opened
from spotting.errors import Conflict
from spotting.progress import Progress
from spotting.render import render_dataset
from storage import datasets, reviews
from storage.maintenance import check

LABELS, CLIENTS, PATIENCE_S = 200, 3, 300.0
ENDED = ("done", "failed", "stopped")


def measure(folder: Path, kills: int, progress: Progress) -> Iterator[Measured]:
    """Serve a project in `folder` while three clients decide, and kill web process and worker in turn.

    Each round also asks for an import, which a killed worker has to take up again. A client sends a decision
    that got no answer again under the same key. Raises `Conflict` where the server does not come up.
    """
    data = folder / "data"
    render_dataset(folder / "clips", clips=2, frames=64, size=64, seed=1)
    with opened(load(data=data)) as work, work.database.writing() as session:
        datasets.add_dataset(session, made_up(LABELS, np.random.default_rng(0)))
    server, clients = Server(data), Clients()
    moments = random.Random(0)
    with clients.deciding(server):
        for number in range(kills):
            server.start()
            server.post(
                "/imports",
                labels=str(folder / "clips/labels.json"),
                media=str(folder / "clips/videos"),
                name=f"load {number}",
            )
            clients.wait_for_more()
            time.sleep(moments.uniform(0, 2))
            server.kill(worker=number % 2 == 1)
            progress(number + 1, kills, f"{number + 1} kills, {len(clients.acknowledged):,} decisions")
        server.start()
        clients.wait_for_more()
        server.wait(lambda: all(job["state"] in ENDED for job in server.get("/jobs")))
        states = [job["state"] for job in server.get("/jobs")]
    server.kill()
    with opened(load(data=data)) as work, work.database.reading() as session:
        stored = {one.key for label_id in range(1, LABELS + 1) for one in reviews.history(session, label_id)}
        wrong = [
            words
            for words in check(session, work.settings.videos)
            if "/media/" not in words and "/data/videos" not in words
        ]
    yield Measured("kill -9 of the web process", (kills + 1) // 2, "times")
    yield Measured("kill -9 of the worker", kills // 2, "times")
    yield Measured("decisions acknowledged", len(clients.acknowledged), "decisions")
    yield Measured("of these lost", len(set(clients.acknowledged) - stored), "decisions", "0")
    yield Measured("contradictions in the database", len(wrong), "", "0")
    yield Measured("imports that were asked for meanwhile", len(states), "imports")
    yield Measured("of these finished in the end", states.count("done"), "imports", "all")


class Server:
    """`respot serve` on a free port, its data in `data`."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]

    def start(self) -> None:
        """Serve, if nobody does, and wait for the first answer."""
        if self._process is None:
            command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--no-open"]
            where = ["--data", str(self._data), "--port", str(self._port)]
            self._process = subprocess.Popen([*command, *where], stdout=subprocess.DEVNULL)
        self.wait(lambda: self.get("/health"))

    def kill(self, *, worker: bool = False) -> None:
        """End the web process, or its worker, without a warning."""
        assert self._process is not None
        if not worker:
            self._process.kill()
            self._process.wait()
            self._process = None
            return
        self.wait(self._workers)
        for pid in self._workers():
            os.kill(pid, signal.SIGKILL)

    def _workers(self) -> list[int]:
        assert self._process is not None
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def get(self, route: str) -> Any:
        """The JSON at a route."""
        with urllib.request.urlopen(self._at(route), timeout=30) as answer:
            return json.load(answer)

    def post(self, route: str, **body: object) -> Any:
        """What a route answers to a JSON body."""
        sent = json.dumps(body).encode()
        request = urllib.request.Request(self._at(route), sent, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def wait(self, holds: Any) -> None:
        """Wait until `holds()` is true; a server that does not answer yet counts as not."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                if holds():
                    return
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        raise Conflict(f"waited {PATIENCE_S:.0f} s for the server in {self._data}")

    def _at(self, route: str) -> str:
        return f"http://127.0.0.1:{self._port}/api/v1{route}"


class Clients:
    """People who decide without a pause; `acknowledged` are the keys of what the server said it has saved."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self._over = threading.Event()

    @contextmanager
    def deciding(self, server: Server) -> Iterator[None]:
        """They decide while the block runs."""
        threads = [threading.Thread(target=self._decide, args=(server, f"p{n}")) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def wait_for_more(self) -> None:
        """Wait until something was saved since."""
        before, until = len(self.acknowledged), time.monotonic() + PATIENCE_S
        while len(self.acknowledged) == before and time.monotonic() < until:
            time.sleep(0.01)

    def _decide(self, server: Server, annotator: str) -> None:
        chance = random.Random(annotator)
        body: dict[str, Any] | None = None
        while not self._over.is_set():
            body = body or {
                "key": str(uuid4()),
                "label_id": chance.randint(1, LABELS),
                "verdict": "set",
                "frame": chance.randrange(500),
                "annotator": annotator,
            }
            try:
                server.post("/decisions", **body)
            except (OSError, HTTPException):
                time.sleep(0.05)
            else:
                self.acknowledged.append(body["key"])
                body = None
