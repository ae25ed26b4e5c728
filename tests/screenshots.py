"""Pictures of every page, light and dark, for the README: `python -m tests.screenshots [DATA]`.

Renders the sample's clips, imports them, trains on them (about ten minutes on two cores), has two reviewers
with the truth and some noise decide about a part, and looks at each page. With DATA, a folder, what is there
already is used again.
"""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from app import worker
from app.actions import training
from app.actions.datasets import list_datasets
from app.importing import ImportRequest, import_dataset
from app.tasks import SAMPLE_SIGMA, SAMPLE_SOURCE, TASKS
from app.workspace import Workspace, opened
from spotting.progress import silent
from spotting.render import render_dataset
from storage import datasets, reviews
from storage.records import NewDecision
from tests.app.tiny import ServedApp, settings_in
from tests.conftest import CHROMIUM

OUT = Path(__file__).parents[1] / "assets" / "screenshots"
SIZE = {"width": 1360, "height": 860}
QUALITY = 78
PATIENCE_MS = 180_000
PAGES = {
    "home": "respot-home[data-now]:not([data-now=''])",
    "datasets": 'respot-clips[data-state="shown"]',
    "training": 'respot-training[data-state="done"]',
    "review": 'respot-review[data-state="label"]',
    "audit": "#pages",
    "insight": '#figure-offsets[data-state="shown"]',
    "export": "#export-labels",
    "settings": "respot-settings fieldset",
}
USUAL_FOLDER = (
    """() => document.querySelector("respot-settings")?.setAttribute("data", "~/.local/share/respot")"""
)
STILL = "() => [...document.images].every((image) => image.complete)"


def main(data: Path) -> None:
    """Make the project in `data` unless it is there, and take the pictures."""
    with opened(settings_in(data)) as work:
        if not list_datasets(work):
            _make(work, data.parent / "clips")
    os.environ["RESPOT_ANNOTATOR"] = "anna"
    app = ServedApp(data).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for name, ready in PAGES.items():
                for theme in ("light", "dark"):
                    _take(browser, app.url, name, ready, theme)
    finally:
        app.kill(signal.SIGTERM)


def _make(work: Workspace, folder: Path) -> None:
    render_dataset(folder, sigma=SAMPLE_SIGMA)
    request = ImportRequest(
        labels=folder / "labels.json",
        media=folder / "videos",
        truth=folder / "truth.json",
        name="rallies",
        source_pattern=SAMPLE_SOURCE,
    )
    dataset_id = import_dataset(work, request, silent).dataset_id
    for objective, epochs in (("dla", 4), ("convolved", 30)):
        request = training.RunRequest(
            dataset_id=dataset_id, objective=objective, epochs=epochs, sigma=SAMPLE_SIGMA
        )
        training.start_run(work, request)
        worker.work(work.settings, TASKS, threading.Event(), until_idle=True)
    _review(work, dataset_id)


def _review(work: Workspace, dataset_id: int) -> None:
    """Two people see the true frame, give or take; both look at the first labels, one at more of them."""
    rng = np.random.default_rng(0)
    with work.database.writing() as session:
        clips = {clip.id: clip for clip in datasets.clips(session, dataset_id)}
        labels = datasets.labels(session, dataset_id)
        for annotator, share, blur in (("ben", 0.15, 0.7), ("anna", 0.4, 0.4)):
            for label in labels[: round(share * len(labels))]:
                frame = round((label.true_frame or label.frame) + rng.normal(0, blur))
                seen = int(np.clip(frame, 0, clips[label.clip_id].num_frames - 1))
                new = NewDecision(
                    key=str(uuid4()), label_id=label.id, verdict="set", frame=seen, annotator=annotator
                )
                reviews.record(session, new)


def _take(browser: Browser, url: str, name: str, ready: str, theme: str) -> None:
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce", device_scale_factor=1)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/?open={name}&dataset=1&__theme={theme}")
    page.wait_for_selector(ready)
    page.wait_for_load_state("load")
    page.wait_for_function(STILL)
    page.evaluate(USUAL_FOLDER)
    page.wait_for_timeout(1500)
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    context.close()
    assert picture is not None
    OUT.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(OUT / f"{name}-{theme}.webp"), picture, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made) / "data")
