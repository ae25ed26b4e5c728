"""One browser for all tests, which fails a test on any page error and any request to another machine."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import server

PATIENCE_MS = 90_000
"""A busy machine is no failure: conditions are waited for this long."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if CHROMIUM is None:
        pytest.fail("no Chromium: install it, or run make test")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test fails if a script fails in it or anything is asked of another machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    faults: list[str] = []
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    opened.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    opened.on("request", lambda request: faults.extend(_foreign(request.url)))
    yield opened
    context.close()
    assert faults == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which database the tests were about: nobody shall think that PostgreSQL was met."""
    terminalreporter.write_line(
        "database: PostgreSQL"
        if server.URL
        else "database: SQLite only; make test-postgres runs PostgreSQL's"
    )


def _foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    local = parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"
    return [] if local else [f"request to another machine: {url}"]
