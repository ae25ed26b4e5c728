"""A server of the review element to look at, and workspaces with something in them."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from app.workspace import Workspace
from tests.app.review_server import serve
from tests.app.review_shelf import Shelf
from tests.app.tiny import (
    ServedApp,
    TinyFiles,
    app_of,
    client_of,
    copy_of,
    import_tiny,
    render_tiny,
    workspace_in,
)

WITHIN_S = 20.0
REVIEW = '<respot-review dataset="1" annotator="anna"></respot-review>'
LOADED = """() => { const {desk, session} = document.querySelector("respot-review");
    return session?.current && desk.pictures.ready(session.current) }"""


class Opens(Protocol):
    """Opens the review element in a fresh page; `waits` for its first picture."""

    def __call__(
        self,
        *,
        body: str = REVIEW,
        theme: str = "",
        width: int = 1440,
        reduced_motion: bool = False,
        waits: bool = True,
        before: Callable[[Page], object] = id,
    ) -> Page: ...


def press(page: Page, *keys: str) -> None:
    """Press each key once the label's pictures are there: nothing is decided unseen."""
    for key in keys:
        page.wait_for_function(LOADED)
        page.keyboard.press(key)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something outside the browser."""
    limit = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.02)


class Served:
    """A `Shelf` behind a real port, which can go away and come back."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve until `stop`."""
        config = uvicorn.Config(
            serve(self.shelf), port=self.port, log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until(lambda: self.server.started)

    def stop(self) -> None:
        """Close the port and every connection."""
        self.server.should_exit = True
        self.thread.join(timeout=WITHIN_S)


@pytest.fixture(scope="session")
def serving() -> Iterator[Served]:
    """One server for all tests of the review element."""
    running = Served(Shelf())
    yield running
    running.stop()


@pytest.fixture
def served(serving: Served) -> Served:
    """Forty labels with suggestions; nothing of an earlier test is left."""
    serving.shelf.reset()
    if not serving.thread.is_alive():
        serving.start()
    return serving


@pytest.fixture
def open_review(page: Page, served: Served) -> Opens:
    """The review element of `served`, with its first label on the screen."""

    def opens(
        *,
        body: str = REVIEW,
        theme: str = "",
        width: int = 1440,
        reduced_motion: bool = False,
        waits: bool = True,
        before: Callable[[Page], object] = id,
    ) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(reduced_motion="reduce" if reduced_motion else "no-preference")
        before(page)
        page.goto(f"{served.url}/?theme={theme}&body={quote(body)}")
        if waits:
            page.locator(".cell").first.wait_for()
            page.wait_for_function(LOADED)
        return page

    return opens


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyFiles:
    """Rendered clips with noisy and true labels; do not change them."""
    return render_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace."""
    with workspace_in(tmp_path / "data") as fresh:
        yield fresh


@pytest.fixture(scope="session")
def imported(tiny: TinyFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the dataset `tiny` (id 1) in it, shared: read only."""
    with workspace_in(tmp_path_factory.mktemp("imported")) as shared:
        import_tiny(shared, tiny)
        yield shared


@pytest.fixture
def filled(imported: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The dataset `tiny` (id 1) in a database of its own; delete no dataset in it."""
    with copy_of(imported, tmp_path / "filled") as own:
        yield own


@pytest.fixture
def client(filled: Workspace) -> Iterator[TestClient]:
    """Speaks to the REST interface of `filled`."""
    with client_of(app_of(filled)) as running:
        yield running


@pytest.fixture(scope="session")
def served_app(tiny: TinyFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """The real application with its worker, the dataset `tiny` (id 1) in it."""
    data = tmp_path_factory.mktemp("served") / "data"
    with workspace_in(data) as fresh:
        import_tiny(fresh, tiny)
    running = ServedApp(data).start()
    yield running
    running.kill(signal.SIGTERM)
