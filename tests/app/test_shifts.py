"""The import check: six labels are shown, all labels are shifted, by REST, by command and in a browser."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from typer.testing import CliRunner, Result

from app import api, media, problems
from app.cli import cli
from app.static import Assets
from app.workspace import Workspace
from storage import datasets, jobs, runs
from tests.app.conftest import until
from tests.app.test_accessibility import AXE, violations
from tests.app.tiny import client_of

PAGE = """<!doctype html><html lang="en"><title>check</title><body class="{theme}"><main><h1>Check</h1>
<respot-shift dataset="1" annotator="anna"></respot-shift></main>
<script type="module" src="/static/shift.js"></script></body></html>"""


def app_of(work: Workspace) -> FastAPI:
    app = FastAPI()
    app.include_router(api.router(work))
    app.include_router(media.router(work))
    app.mount("/static", Assets())
    problems.add_handlers(app)
    app.get("/{theme}", response_class=HTMLResponse)(lambda theme: PAGE.format(theme=theme))
    return app


@pytest.fixture
def client(filled: Workspace) -> Iterator[TestClient]:
    with client_of(app_of(filled)) as running:
        yield running


@pytest.fixture
def url(filled: Workspace) -> Iterator[str]:
    """The routes of a workspace and a page with the element, behind a real port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app_of(filled), port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def tags(work: Workspace) -> list[int]:
    with work.database.reading() as session:
        return [label.frame for label in datasets.labels(session, 1)]


def body(**more: object) -> dict[str, Any]:
    return {"key": str(uuid4()), "annotator": "anna"} | more


def test_six_labels_are_shown_with_four_pictures_on_each_side(client: TestClient) -> None:
    told = client.get("/api/v1/datasets/1/shift").json()
    assert (told["frames"], told["checked"], told["history"]) == (0, None, [])
    assert len(told["samples"]) == 6
    for sample in told["samples"]:
        strip = sample["strip"]
        assert strip["first"] == max(0, sample["original_frame"] - 4)
        assert strip["first"] + strip["count"] == min(sample["num_frames"], sample["original_frame"] + 5)
        assert client.get(strip["url"]).headers["content-type"] == "image/jpeg"
    others = client.get("/api/v1/datasets/1/shift?seed=1").json()["samples"]
    assert others != told["samples"]


def test_a_shift_is_set_told_and_taken_back(client: TestClient, filled: Workspace) -> None:
    before = tags(filled)
    assert client.post("/api/v1/datasets/1/shift", json=body(frames=1)).json()["frames"] == 1
    assert tags(filled) == [min(63, frame + 1) for frame in before]
    assert client.get("/api/v1/datasets/1/shift").json()["checked"]["annotator"] == "anna"
    assert client.post("/api/v1/datasets/1/shift/undo", json=body()).json()["frames"] == 0
    assert tags(filled) == before
    refused = client.post("/api/v1/datasets/1/shift/undo", json=body())
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "no shift of dataset 1 is left to undo",
    )
    assert client.post("/api/v1/datasets/1/shift", json=body(frames=3)).status_code == 422
    assert client.get("/api/v1/datasets/77/shift").status_code == 404


def respot(work: Workspace, *arguments: object) -> Result:
    told = [str(argument) for argument in (*arguments, "--data", work.settings.data)]
    return CliRunner().invoke(cli, told)


def test_the_command_shows_shifts_and_undoes(filled: Workspace, tmp_path: Path) -> None:
    before = tags(filled)
    looked = respot(filled, "shift", "tiny", "--out", tmp_path / "out")
    assert "labels are shifted by +0 frames (nobody has checked these labels)" in looked.output
    written = sorted((tmp_path / "out").iterdir())
    assert len(written) == 6
    assert all(cv2.imread(str(path)) is not None for path in written)
    assert "shifted by -1 frames (set by" in respot(filled, "shift", "tiny", "--by", -1).output
    assert tags(filled) == [max(0, frame - 1) for frame in before]
    assert "nobody has checked" in respot(filled, "shift", "tiny", "--undo").output
    assert tags(filled) == before
    assert "exclude each other" in str(respot(filled, "shift", "tiny", "--by", 1, "--undo").exception)


@pytest.mark.browser
def test_a_person_looks_previews_saves_and_undoes(page: Page, url: str, filled: Workspace) -> None:
    before = tags(filled)
    page.goto(f"{url}/light")
    expect(page.get_by_text("Nobody has checked yet")).to_be_visible()
    expect(page.locator("figure")).to_have_count(6)
    page.wait_for_function(
        """() => [...document.querySelector("respot-shift").shadowRoot.querySelectorAll("img")]
            .every((image) => image.complete && image.naturalWidth > 0)"""
    )
    words = page.locator("figure b").first
    shown = int(words.inner_text().split()[1])
    page.get_by_role("radio", name="+1").check()
    expect(words).to_have_text(f"frame {shown + 1} outlined")
    expect(page.get_by_role("status")).to_contain_text("0 labels would have a suggestion")
    assert tags(filled) == before
    page.get_by_role("button", name="Save: shift all labels by +1").click()
    expect(page.get_by_text("All labels are shifted by +1 (anna")).to_be_visible()
    assert tags(filled) == [min(63, frame + 1) for frame in before]
    expect(page.get_by_role("radio", name="+1")).to_be_checked()
    page.get_by_role("button", name="Undo the last").click()
    expect(page.get_by_text("Nobody has checked yet")).to_be_visible()
    assert tags(filled) == before


@pytest.mark.browser
def test_a_refusal_is_said_and_nothing_is_lost(page: Page, url: str, filled: Workspace) -> None:
    page.goto(f"{url}/light")
    expect(page.locator("figure")).to_have_count(6)
    with filled.database.writing() as session:
        run_id = runs.create_run(session, 1, {}, folds=2)
        jobs.enqueue(session, "member", {"run_id": run_id, "fold": 0})
    page.get_by_role("radio", name="+2").check()
    page.get_by_role("button", name="Save: shift all labels by +2").click()
    expect(page.get_by_role("alert")).to_contain_text("being trained on")
    expect(page.get_by_role("radio", name="+2")).to_be_checked()


@pytest.mark.browser
@pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_check_has_no_accessibility_violations(page: Page, url: str, theme: str) -> None:
    page.goto(f"{url}/{theme}")
    expect(page.locator("figure")).to_have_count(6)
    page.get_by_role("radio", name="+1").check()
    assert violations(page) == []
