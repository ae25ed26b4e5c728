"""The five journeys as a person takes them: in the browser, by mouse and keys, on the real application."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.app.tiny import ServedApp, TinyFiles

PATIENCE_MS = 240_000


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def press(page: Page, key: str) -> None:
    """Press a key once the label's pictures are there, and wait until another label or state is shown."""
    review = page.locator("respot-review")
    page.wait_for_function(
        """() => { const {desk, session} = document.querySelector("respot-review");
            return session?.current && desk.pictures.ready(session.current) }"""
    )
    before = review.get_attribute("data-label")
    page.keyboard.press(key)
    expect(review).not_to_have_attribute("data-label", before or "")


def import_files(page: Page, files: TinyFiles) -> None:
    open_tab(page, "Datasets")
    page.locator("#import-labels textarea, #import-labels input").fill(str(files.labels))
    page.locator("#import-media textarea, #import-media input").fill(str(files.media))
    page.locator("#import-name textarea, #import-name input").fill("tiny")
    page.get_by_role("button", name="Import", exact=True).click()


def train(page: Page, epochs: int) -> None:
    open_tab(page, "Training")
    page.locator("#run-epochs input").fill(str(epochs))
    page.get_by_role("button", name="Start training").click()


def exported(page: Page, to: Path) -> list[dict[str, Any]]:
    open_tab(page, "Export")
    with page.expect_download() as download:
        page.locator("#export-labels").click()
    download.value.save_as(to)
    return json.loads(to.read_text())


@pytest.mark.browser
def test_from_a_label_file_to_a_corrected_one(
    page: Page, fresh_app: ServedApp, files: TinyFiles, tmp_path: Path
) -> None:
    app = fresh_app.start()
    page.goto(app.url)
    expect(page.get_by_role("button", name="Import labels")).to_be_visible()

    given = json.loads(files.labels.read_text())
    total = sum(len(clip["events"]) for clip in given)
    import_files(page, files)
    expect(page.locator("#import-job")).to_contain_text("Nothing to correct", timeout=PATIENCE_MS)
    expect(page.locator("#dataset input")).to_have_value(f"tiny ({total} labels)")

    train(page, epochs=2)
    training = page.locator("respot-training")
    expect(training).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)

    open_tab(page, "Review")
    review = page.locator("respot-review")
    expect(review).to_have_attribute("data-state", "label")
    for key in ("a", "x", "6"):
        press(page, key)
    expect(review).to_contain_text(f"3 of {total} decided")
    app.wait(lambda: app.get("/datasets/1")["progress"]["decided"] == 3)
    press(page, "z")
    expect(review).to_contain_text(f"2 of {total} decided")
    page.reload()
    open_tab(page, "Review")
    expect(review).to_contain_text(f"2 of {total} decided")
    app.wait(lambda: app.get("/datasets/1")["progress"]["decided"] == 2)

    corrected = exported(page, tmp_path / "corrected.json")
    assert [clip["video"] for clip in corrected] == [clip["video"] for clip in given]
    originals = [event["original_frame"] for clip in corrected for event in clip["events"]]
    assert originals == [event["frame"] for clip in given for event in clip["events"]]

    open_tab(page, "Insight")
    expect(page.locator("#figure-offsets .js-plotly-plot")).to_be_visible()
    page.locator("#figure-matched").scroll_into_view_if_needed()
    expect(page.locator("#figure-matched")).to_have_attribute("data-state", "shown")
