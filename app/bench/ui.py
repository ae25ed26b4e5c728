"""Speed of the review in a real browser: opening it, key press to next label painted, a long sitting."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from app.bench.measured import Measured
from app.importing import ImportRequest, import_dataset
from app.settings import load
from app.workspace import Workspace, opened
from spotting.config import to_dict
from spotting.errors import NotFound
from spotting.events import Suggestion
from spotting.presets import small
from spotting.progress import Progress
from spotting.render import render_dataset
from storage import datasets, runs, suggestions
from storage.records import LabelRecord

CLIPS, FRAMES = 8, 400
REACH = 10
PACE_MS = 250
RUSH_MS = 60
ROW = 1000
PATIENCE_MS = 120_000
STARTING = 3000
"""Times, a tenth of a second apart, that the app is asked whether it is up."""
LOADED = """() => { const {desk, session} = document.querySelector("respot-review") ?? {};
    return session?.current && desk.pictures.ready(session.current) }"""
AHEAD = """() => { const {desk, session} = document.querySelector("respot-review");
    return session?.current && session.upcoming.every((item) => desk.pictures.ready(item)) }"""
KEY = """() => { const {desk, session} = document.querySelector("respot-review"), {current} = session;
    return current && desk.pictures.ready(current) ? (current.suggestion ? "a" : "x") : null }"""
LISTEN = "window.times = []; addEventListener('respot-painted', ({detail}) => times.push(detail.ms))"
HEAP = "() => { gc(); return performance.memory.usedJSHeapSize / 2 ** 20 }"


def measure(folder: Path, labels: int, presses: int, progress: Progress) -> Iterator[Measured]:
    """Review a project of `labels` labels in `folder`: `presses` decisions at an even pace, then 1,000 fast.

    A time is from the key's own time stamp to just after the frame in which all pictures of the next label
    are drawn. Raises `NotFound` without Chromium.
    """
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise NotFound("no Chromium on this machine: install it to measure the review")
    _make_project(folder, labels, progress)
    with _served(folder / "data") as url, sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--js-flags=--expose-gc",
            "--enable-precise-memory-info",
        ]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        cold, warm = _open(page, url)
        yield Measured("page open to first label, nothing cached", cold, "s", "< 2")
        yield Measured("page open to first label, cached", warm, "s", "< 2")
        progress(0.6, 1.0, "deciding")
        yield from _sitting("key to next label painted", _decide(page, presses, PACE_MS))
        before = page.evaluate(HEAP)
        progress(0.8, 1.0, "deciding 1,000 in a row")
        rush = _decide(page, ROW, RUSH_MS)
        yield from _sitting("the first 200 of 1,000 in a row", replace(rush, times=rush.times[:200], late=0))
        yield from _sitting("the last 200 of them", replace(rush, times=rush.times[-200:]))
        yield Measured("growth of the page's heap over them", page.evaluate(HEAP) - before, "MiB")
        yield Measured("load average while it was measured", os.getloadavg()[0], "")
        browser.close()


def _make_project(folder: Path, labels: int, progress: Progress) -> None:
    """Rendered clips under as many labels as asked, each with a suggestion."""
    source = folder / "source"
    render_dataset(source, clips=CLIPS, frames=FRAMES, size=160, seed=1, progress=progress)
    written = source / "labels.json"
    clips = json.loads(written.read_text(encoding="utf-8"))
    names = sorted({event["label"] for clip in clips for event in clip["events"]})
    for clip in clips:
        places = np.linspace(0, FRAMES - 1, labels // CLIPS).astype(int).tolist()
        clip["events"] = [
            {"frame": frame, "label": names[n % len(names)], "comment": ""} for n, frame in enumerate(places)
        ]
        clip["num_events"] = len(places)
    written.write_text(json.dumps(clips), encoding="utf-8")
    with opened(load(data=folder / "data")) as work:
        request = ImportRequest(labels=written, media=source / "videos", name="bench")
        _suggest(work, import_dataset(work, request, progress).dataset_id)


def _suggest(work: Workspace, dataset_id: int) -> None:
    random = np.random.default_rng(0)
    with work.database.writing() as session:
        run_id = runs.create_run(session, dataset_id, to_dict(small()), 2)
        found = [(label.id, _suggestion(label, random)) for label in datasets.labels(session, dataset_id)]
        suggestions.put(session, run_id, found, provisional=False, epoch=1)
        suggestions.mix_audit(session, run_id)


def _suggestion(label: LabelRecord, random: np.random.Generator) -> Suggestion:
    """A score curve with one peak within two frames of the tag."""
    offset = float(random.uniform(-2, 2))
    shifts_S = np.arange(-REACH, REACH + 1)
    scores_S = np.exp(-0.5 * (shifts_S - offset) ** 2).astype(np.float32)
    return Suggestion(
        frame=min(FRAMES - 1, max(0, label.frame + round(offset))),
        offset=offset,
        confidence=float(random.uniform(0.3, 1)),
        posterior_S=scores_S / scores_S.sum(),
        scores_S=scores_S,
        matched_offset=offset,
        reasons=("measured only",),
    )


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """The app in a process of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--no-open"]
    server = subprocess.Popen([*start, "--data", str(data), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/v1/health", server)
        yield f"http://127.0.0.1:{port}/?open=review"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(STARTING):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise NotFound(f"the app did not answer at {url}")


def _open(page: Page, url: str) -> tuple[float, float]:
    """Seconds from asking for the page to its first label, with an empty and with a warm browser cache."""
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(LOADED)
    cold = time.perf_counter() - start
    page.wait_for_function(AHEAD)
    start = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_function(LOADED)
    return cold, time.perf_counter() - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Milliseconds per decision, in order, and how many had to wait for their label's pictures first."""

    times: list[float]
    late: int


def _decide(page: Page, presses: int, pause_ms: int) -> Sitting:
    """Decide label after label once those ahead are loaded; every third and the blind ones keep their tag."""
    page.wait_for_function(AHEAD)
    page.evaluate(LISTEN)
    late = 0
    for n in range(presses):
        key = page.evaluate(KEY)
        if key is None:
            late += 1
            page.wait_for_function(LOADED)
            key = page.evaluate(KEY)
        page.keyboard.press(key if n % 3 else "x")
        page.wait_for_function("count => times.length >= count", arg=n + 1)
        page.wait_for_timeout(pause_ms)
    return Sitting(times=page.evaluate("times"), late=late)


def _sitting(what: str, sitting: Sitting) -> Iterator[Measured]:
    for share, aim in ((50, "< 50"), (95, "< 100")):
        value = float(np.percentile(sitting.times, share))
        yield Measured(f"{what}, p{share} of {len(sitting.times)}", value, "ms", aim)
    if sitting.late:
        yield Measured(f"{what}: labels whose pictures were late", sitting.late, "labels", "0")
