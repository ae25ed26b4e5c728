"""A tiny rendered dataset, a workspace, and a client that speaks to the application in process."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import api, problems
from app.importing import Imported, ImportRequest, import_dataset
from app.settings import Settings, load
from app.workspace import Workspace, opened
from spotting.progress import silent
from spotting.render import render_dataset
from storage.database import Database
from storage.maintenance import backup
from tests import server

SOURCE = r"match\d+"


@dataclass(frozen=True)
class TinyFiles:
    """Six clips of 64 frames: `labels` are off by noise of two frames, `truth` holds the true frames."""

    folder: Path

    @property
    def labels(self) -> Path:
        return self.folder / "labels.json"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.json"

    @property
    def media(self) -> Path:
        return self.folder / "videos"

    def request(self, **changed: object) -> ImportRequest:
        """An import of these files with their truth."""
        asked = {"labels": self.labels, "media": self.media, "truth": self.truth, "source_pattern": SOURCE}
        return ImportRequest(**({"name": "tiny"} | asked | changed))  # pyright: ignore[reportArgumentType]

    def copy(self, to: Path) -> "TinyFiles":
        """The same files elsewhere, to be spoilt."""
        shutil.copytree(self.folder, to)
        return TinyFiles(to)


def render_tiny(folder: Path) -> TinyFiles:
    """Render the clips; two seconds."""
    render_dataset(folder, clips=6, frames=64, size=64, seed=1, sigma=2.0)
    return TinyFiles(folder)


def settings_in(folder: Path, **changed: object) -> Settings:
    """Settings whose data lie in `folder`."""
    return load(data=folder, annotator="anna", **changed)


@contextmanager
def workspace_in(folder: Path) -> Generator[Workspace]:
    """A fresh workspace; its database is on the server that the tests are told of, if they are."""
    with (
        server.lent() if server.URL else nullcontext("") as url,
        _told(url),
        opened(settings_in(folder)) as work,
    ):
        yield work


def import_tiny(work: Workspace, files: TinyFiles) -> Imported:
    """The dataset `tiny`."""
    return import_dataset(work, files.request(), silent)


@contextmanager
def copy_of(imported: Workspace, folder: Path) -> Generator[Workspace]:
    """A workspace of its own with the same datasets; their videos' indexes are shared, so delete nothing."""
    url = _copied(imported.database) if server.URL else ""
    with _told(url):
        settings = settings_in(folder)
        settings.data.mkdir()
        if imported.database.path is not None:
            backup(imported.database.path, Path(settings.database_location))
        with opened(settings) as work:
            yield work


@contextmanager
def _told(url: str) -> Generator[None]:
    """Commands and servers that are started meanwhile find the database at `url`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESPOT_DATABASE_URL", url)
        yield


def _copied(database: Database) -> str:
    database.close()
    return server.new(str(database.url.database))


def app_of(work: Workspace) -> FastAPI:
    """The REST interface alone, with its errors told as problems."""
    app = FastAPI()
    app.include_router(api.router(work))
    problems.add_handlers(app)
    return app


def client_of(app: FastAPI) -> TestClient:
    """A client under our own host name. Its lifespan is not run: no worker starts."""
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


class ServedApp:
    """`respot serve` in a process of its own, on a free port, which can be killed and started again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "ServedApp":
        """Serve, and wait until it answers."""
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--no-open"]
        with (self.data.parent / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.data), "--port", str(self.port)], stdout=log, stderr=log
            )
        self.wait(lambda: self.get("/health")["app"] == "respot", within_s=120)
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the process the hard way, or by another signal, and wait until it is gone."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)

    def get(self, route: str) -> Any:
        """The JSON at a route below /api/v1."""
        with urllib.request.urlopen(f"{self.url}/api/v1{route}", timeout=10) as answer:
            return json.load(answer)

    def post(self, route: str, **body: object) -> Any:
        """What a route below /api/v1 answers to a JSON body."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{route}", json.dumps(body).encode(), method="POST"
        )
        request.add_header("content-type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait(self, holds: Callable[[], object], within_s: float = 60) -> None:
        """Wait until `holds()` is true; a server that does not answer yet counts as not."""
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            with suppress(OSError, KeyError):
                if holds():
                    return
            time.sleep(0.1)
        raise AssertionError(f"waited {within_s} s; {(self.data.parent / 'serve.log').read_text()[-2000:]}")


def event_answer(client: TestClient, fn_index: int, data: list[object]) -> str:
    """What Gradio's queue says to an event that a script, not our page, put in."""
    body = {"data": data, "fn_index": fn_index, "session_hash": "s", "event_data": None, "trigger_id": None}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    said = []
    with client.stream("GET", "/gradio_api/queue/data?session_hash=s") as stream:
        for line in stream.iter_lines():
            said.append(line)
            if "process_completed" in line:
                break
    return "\n".join(said)
