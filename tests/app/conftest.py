"""A browser that fails a test on any page error or foreign request, and a server to look at."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.app.review_server import Shelf, serve

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
STARTS_WITHIN_S = 20.0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or run make test")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test fails if a script fails in it or anything is asked of another machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    faults: list[str] = []
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    opened.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    opened.on("request", lambda request: faults.extend(_foreign(request.url)))
    yield opened
    context.close()
    assert faults == []


def _foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    local = parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"
    return [] if local else [f"request to another machine: {url}"]


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
        config = uvicorn.Config(serve(self.shelf), port=self.port, log_level="error", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        limit = time.monotonic() + STARTS_WITHIN_S
        while not self.server.started:
            assert time.monotonic() < limit, "the server did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """Close the port and every connection."""
        self.server.should_exit = True
        self.thread.join(timeout=STARTS_WITHIN_S)


@pytest.fixture
def served() -> Iterator[Served]:
    """Forty labels with suggestions."""
    running = Served(Shelf())
    yield running
    running.stop()
