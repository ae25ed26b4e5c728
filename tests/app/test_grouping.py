"""What a run holds out together can be any of five fields, and a grouping that leaks is said to."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.actions import training
from app.actions.forecast import forecast
from app.grouping import grouped
from app.main import create_app
from app.plan import plan_of
from app.workspace import Workspace
from spotting.errors import BadConfig
from storage import datasets, runs
from storage.formats.labelfile import NewLabel
from storage.records import NewDataset
from tests.app.tiny import ServedApp, client_of, workspace_in
from tests.storage.conftest import make_clip

NAMES = ("us_1", "us_2", "fr_1", "fr_2")
WRITERS = (("anna", "anna", "ben"), ("ben",), ("ben",), (None,))


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """Four clips of two source videos, labelled by two people and by somebody unknown."""
    clips = []
    for at, (name, writers) in enumerate(zip(NAMES, WRITERS, strict=True)):
        labels = [NewLabel(label="hit", frame=9 * i, annotator=who) for i, who in enumerate(writers)]
        clips.append(replace(make_clip(name, at, labels), source=name[:2]))
    with workspace_in(tmp_path / "data") as fresh:
        new = NewDataset(name="rally", label_file="x.json", classes=("hit",), clips=tuple(clips))
        with fresh.database.writing() as session:
            datasets.add_dataset(session, new)
        yield fresh


@pytest.mark.parametrize(
    ("grouping", "pattern", "groups", "split"),
    [
        ("source", "", ["us", "us", "fr", "fr"], 0),
        ("video", "", [f"/media/{name}.mp4" for name in NAMES], 2),
        ("clip", "", list(NAMES), 2),
        ("annotator", "", ["anna", "ben", "ben", ""], 2),
        ("name", r"\d", ["1", "2", "1", "2"], 2),
        ("name", r"^([a-z])[a-z]_", ["u", "u", "f", "f"], 0),
    ],
)
def test_clips_are_held_out_by_any_field(
    work: Workspace, grouping: str, pattern: str, groups: list[str], split: int
) -> None:
    with work.database.reading() as session:
        found = grouped(session, 1, datasets.clips(session, 1), grouping, pattern)
    assert (found.groups, found.split) == (groups, split)


def test_a_run_keeps_its_grouping_and_says_where_it_leaks(work: Workspace) -> None:
    asked = training.RunRequest(dataset_id=1, grouping="name", pattern=r"\d")
    told = forecast(work, asked)
    assert (told["groups"], told["leak"][:31]) == (2, "clips of 2 source videos are on")
    run_id = training.start_run(work, asked)
    with work.database.reading() as session:
        plan = plan_of(runs.get_run(session, run_id))
    assert (plan.grouping, plan.pattern, plan.groups, plan.split) == ("name", r"\d", 2, 2)
    held = training.get_run(work, run_id)["held_out"]
    assert held.startswith(r"2 groups by part of a clip's name (\d), in 2 folds; clips of 2 source videos")
    assert forecast(work, training.RunRequest(dataset_id=1))["leak"] is None


def test_the_route_takes_a_pattern(work: Workspace) -> None:
    client = client_of(create_app(work))
    body = {"dataset_id": 1, "grouping": "name", "pattern": "^.."}
    run_id = client.post("/api/v1/runs", json=body).json()["run_id"]
    held = client.get(f"/api/v1/runs/{run_id}").json()["held_out"]
    assert "2 groups by part of a clip's name (^..)" in held
    refused = client.post("/api/v1/runs/forecast", json=body | {"pattern": "("})
    assert refused.status_code == 422
    assert "pattern is '('" in refused.text


@pytest.mark.parametrize(
    ("grouping", "pattern", "said"),
    [
        ("name", "", "'name' needs a pattern"),
        ("clip", r"\d", "others none"),
        ("name", "^us", "clip fr_1 does not match it"),
        ("city", "", "must be one of source, video, clip, annotator, name"),
    ],
)
def test_a_grouping_that_cannot_be_is_refused(
    work: Workspace, grouping: str, pattern: str, said: str
) -> None:
    with pytest.raises(BadConfig, match=said):
        training.start_run(work, training.RunRequest(dataset_id=1, grouping=grouping, pattern=pattern))


@pytest.mark.browser
def test_on_the_page_a_part_of_the_name_is_held_out_and_a_bad_pattern_is_told(page: Page, work: Workspace):
    served = ServedApp(work.settings.data).start()
    try:
        page.goto(f"{served.url}/?open=training&dataset=1")
        expect(page.locator("#run-forecast")).to_contain_text("2 groups are held out")
        page.get_by_role("button", name="More").click()
        page.locator("#run-grouping input").click()
        page.get_by_role("option", name="Part of a clip's name").click()
        field = page.locator("#run-pattern").get_by_role("textbox")
        field.fill("(")
        page.get_by_role("button", name="Start training").click()
        expect(page.get_by_text("pattern is '('")).to_be_visible()
        assert served.get("/datasets/1/runs") == []
        field.fill(".*")
        field.blur()
        expect(page.locator("#run-forecast")).to_contain_text("4 groups are held out")
        page.get_by_role("button", name="Start training").click()
        expect(page.locator("#run-watched")).to_contain_text("4 groups by part of a clip's name (.*)")
    finally:
        served.kill(signal.SIGTERM)
    with work.database.reading() as session:
        (run,) = runs.list_runs(session, 1)
    assert (plan_of(run).grouping, plan_of(run).pattern) == ("name", ".*")
