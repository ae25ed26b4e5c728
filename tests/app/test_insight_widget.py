"""The insight element in a real browser: figures when seen, filters in the address, downloads, states."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
import uvicorn
from fastapi.responses import HTMLResponse
from playwright.sync_api import Locator, Page, expect

from app.actions.insight import FIGURES
from app.static import Assets
from app.workspace import Workspace
from tests.app.conftest import WITHIN_S, until
from tests.app.studied import study
from tests.app.test_accessibility import AXE, violations
from tests.app.tiny import app_of, copy_of

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Insight</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/app.css">
<script type="module" src="/static/insight.js"></script>
<style>:root{--body-text-color:#1c2026}.dark{background:#0f1115;--body-text-color:#eceef1;
--body-background-fill:#0f1115}body{color:var(--body-text-color)}</style></head><body class="THEME">
<main><h1>Respot</h1><respot-insight dataset="DATASET"></respot-insight></main></body></html>"""
SETTLED = """() => { const figures = [...document.querySelectorAll("respot-figure, respot-gallery")];
    return figures.length > 10 && figures.every((one) => ["shown", "empty"].includes(one.dataset.state)) }"""


@pytest.fixture(scope="module")
def address(imported: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Dataset 1 studied; there is no dataset 2."""
    with copy_of(imported, tmp_path_factory.mktemp("insight") / "data") as own:
        study(own)
        app = app_of(own)
        app.mount("/static", Assets())

        @app.get("/")
        def page(dataset: str = "1", theme: str = "") -> HTMLResponse:
            return HTMLResponse(PAGE.replace("DATASET", dataset).replace("THEME", theme))

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(timeout=WITHIN_S)


@pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize(("theme", "width"), [("", 1440), ("dark", 360)])
def test_every_figure_is_shown_and_axe_finds_nothing(
    page: Page, address: str, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 12_000})
    page.goto(f"{address}/?theme={theme}")
    page.wait_for_function(SETTLED)
    assert {one.get_attribute("data-state") for one in page.locator("respot-figure").all()} == {"shown"}
    page.locator("#figure-offsets summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def chooser(page: Page, name: str) -> Locator:
    return page.locator(f"respot-insight select[name={name}]")


def test_filters_stand_in_the_address_and_come_back_from_it(page: Page, address: str) -> None:
    opened(page, f"{address}/?stage=decided&run=1")
    panels = page.locator("#figure-offsets .annotation-text")
    expect(panels).to_have_count(4)
    expect(chooser(page, "stage")).to_have_value("decided")
    chooser(page, "by").select_option("annotator")
    expect(panels).to_have_count(1)
    expect(panels).to_contain_text("ben")
    assert page.evaluate("location.search") == "?stage=decided&run=1&by=annotator&open=insight"
    page.reload()
    expect(panels).to_have_count(1)
    page.get_by_role("button", name="Reset filters").click()
    expect(panels).to_have_count(4)
    assert page.evaluate("location.search") == "?open=insight"


def test_a_link_leads_to_one_figure_with_its_filters(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 700})
    opened(page, f"{address}/?stage=decided")
    page.locator("#figure-risk").get_by_role("button", name="Link").click()
    page.wait_for_function(
        "location.search + location.hash === '?stage=decided&open=insight&dataset=1#figure-risk'"
    )
    page.reload()
    expect(page.locator("#figure-risk h3")).to_be_in_viewport()
    expect(chooser(page, "stage")).to_have_value("decided")


def test_every_figure_is_saved_as_numbers_as_pixels_and_as_lines(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1440, "height": 12_000})
    opened(page, address)
    page.wait_for_function(SETTLED)
    for name in FIGURES:
        figure = page.locator(f"#figure-{name}")
        link = figure.get_by_text("CSV", exact=True)
        assert link.get_attribute("download") is not None
        text = page.request.get(f"{address}{link.get_attribute('href')}").text()
        columns = [cell.replace("_", " ") for cell in text.splitlines()[0].split(",")]
        assert figure.locator("thead th").all_text_contents() == columns
        picture = cv2.imread(str(saved(page, figure, "PNG", tmp_path)))
        assert picture is not None
        assert picture.shape[1] > 1200
        assert (picture[2, 2] == 255).all()
        lines = saved(page, figure, "SVG", tmp_path).read_text()
        assert lines.startswith("<svg")
        assert "<path" in lines
    gallery = page.locator("respot-gallery")
    assert cv2.imread(str(saved(page, gallery, "PNG", tmp_path))) is not None
    assert "<image" in saved(page, gallery, "SVG", tmp_path).read_text()


def saved(page: Page, figure: Locator, kind: str, folder: Path) -> Path:
    """The file that the figure's button gives."""
    with page.expect_download() as download:
        figure.get_by_text(kind, exact=True).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_server_that_fails_is_said_and_asked_again(page: Page, address: str) -> None:
    broken = "**/figures/offsets*"
    page.route(broken, lambda route: route.fulfill(status=500, json={"detail": "the disk is full"}))
    figure = opened(page, address).locator("#figure-offsets")
    expect(figure).to_have_attribute("data-state", "failed")
    expect(figure).to_contain_text("This figure could not be made: the disk is full")
    page.unroute(broken)
    figure.get_by_role("button", name="Try again").click()
    expect(figure).to_have_attribute("data-state", "shown")


def test_without_a_dataset_the_page_says_so(page: Page, address: str) -> None:
    opened(page, f"{address}/?dataset=")
    expect(page.get_by_text("There is no dataset yet")).to_be_visible()
    page.goto(f"{address}/?dataset=2")
    expect(page.get_by_text("there is no dataset 2")).to_be_visible()
