"""Labels that may be wrong in more than their frame: found, put into queues, settled, exported."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from app import prediction_files
from app.actions import doubts, exporting, review
from app.cli import cli
from app.main import create_app
from app.workspace import Workspace
from spotting.errors import BadConfig
from spotting.events import Prediction
from storage import datasets, runs
from storage.formats.labelfile import NewLabel
from storage.records import NewDataset, NewDecision
from tests.app.tiny import ServedApp, client_of, workspace_in
from tests.storage.conftest import make_clip

EVENTS = [
    ("serve", 10),
    ("bounce", 22),
    ("hit", 40),
    ("bounce", 44),
    ("hit", 60),
    ("hit", 61),
    ("bounce", 80),
]
CYCLE = ("serve", "bounce", "hit")
RULES = 'first = ["serve"]\nnever = [["hit", "bounce"]]'


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """Two clips of the same frames; the second begins with a hit and has a bounce that nothing speaks for."""
    with workspace_in(tmp_path / "data") as fresh:
        shown = [
            [NewLabel(label=label, frame=frame) for label, frame in events] for events in (EVENTS, EVENTS[2:])
        ]
        more = [[NewLabel(label="bounce", frame=5 + 8 * i) for i in range(12)]]
        names = ("m_0_100", "m_0_100b", "n")
        clips = tuple(
            make_clip(name, i, labels)
            for i, (name, labels) in enumerate(zip(names, shown + more, strict=True))
        )
        new = NewDataset(name="rally", label_file="x.json", classes=("serve", "hit", "bounce"), clips=clips)
        with fresh.database.writing() as session:
            dataset_id = datasets.add_dataset(session, new)
            run_id = runs.create_run(session, dataset_id, {}, folds=2)
            labels = [label for label in datasets.labels(session, dataset_id) if label.label == "bounce"]
            clip_ids = [clip.id for clip in datasets.clips(session, dataset_id)]
        for member, of in enumerate((clip_ids[:2], clip_ids[2:])):
            folder = fresh.member_folder(run_id, member)
            folder.mkdir(parents=True)
            seen = [
                [Prediction("bounce", label.frame, 0.9) for label in labels[:-1] if label.clip_id == clip_id]
                for clip_id in of
            ]
            prediction_files.save(folder, of, seen, new.classes)
        yield fresh


def queue(work: Workspace, name: str) -> list[tuple[str, str, int, str]]:
    items = review.queue(work, 1, name=name, annotator="anna", limit=50)["items"]
    return [(item["clip"], item["label"], item["frame"], item["doubts"][0]["reason"]) for item in items]


def test_what_is_found_waits_in_queues_and_is_settled_there(work: Workspace):
    told = doubts.check(work, 1, RULES)
    assert told["open"]["duplicate"] == 2
    assert ("m_0_100", "bounce", 44, "bounce never follows hit (4 frames before)") in queue(work, "order")
    assert ("m_0_100b", "hit", 40, "the clip begins with hit") in queue(work, "order")
    ((clip, label, frame, reason),) = queue(work, "spurious")
    assert (clip, label, frame) == ("n", "bounce", 93)
    assert "bounce scores far below its usual within 6 frames of it (50% sure)" in reason
    item = review.queue(work, 1, name="spurious", annotator="anna", limit=1)["items"][0]
    review.decide(work, NewDecision(key="k", label_id=item["label_id"], verdict="remove", annotator="anna"))
    assert queue(work, "spurious") == []
    assert doubts.check(work, 1)["open"]["spurious"] == 0
    clips = json.loads(exporting.labels(work, 1, drop_removed=True).text)
    assert [event["frame"] for event in clips[2]["events"]] == [5 + 8 * i for i in range(11)]


def test_rules_stay_with_the_dataset_and_wrong_ones_change_nothing(work: Workspace):
    doubts.check(work, 1, RULES)
    with pytest.raises(BadConfig, match="there is no class volley"):
        doubts.check(work, 1, 'first = ["volley"]')
    assert doubts.told(work, 1)["rules"] == RULES
    assert doubts.check(work, 1, "")["open"]["order"] == 0


def test_the_routes_and_the_command_check_too(work: Workspace, tmp_path: Path):
    client = client_of(create_app(work))
    told = client.post("/api/v1/datasets/1/doubts", json={"rules": RULES}).json()
    assert client.get("/api/v1/datasets/1/doubts").json() == told
    shown = {queue["name"]: queue["count"] for queue in client.get("/api/v1/datasets/1").json()["queues"]}
    assert shown["order"] == told["open"]["order"] > 0
    assert "missing" not in shown
    assert shown["likely"] is None
    (tmp_path / "rules.toml").write_text("duplicate_gap = 0")
    data = ["--data", str(work.settings.data)]
    said = CliRunner().invoke(cli, ["doubts", "rally", "--rules", str(tmp_path / "rules.toml"), *data]).stdout
    assert "     0 duplicate" in said
    assert "     1 spurious" in said


def test_a_class_is_changed_over_the_interface_and_comes_out_changed(work: Workspace):
    client = client_of(create_app(work))
    body = {"key": "k", "label_id": 4, "verdict": "relabel", "label": "hit", "annotator": "anna"}
    assert client.post("/api/v1/decisions", json=body).status_code == 200
    assert client.get("/api/v1/labels/4").json()["relabelled"] == "hit"
    event = json.loads(exporting.labels(work, 1).text)[0]["events"][3]
    assert (event["label"], event["original_label"], event["frame"]) == ("hit", "bounce", 44)
    assert np.isfinite(event["original_frame"])


@pytest.fixture
def volley(tmp_path: Path) -> Iterator[Workspace]:
    """Serve, bounce, hit over and over, and one hit right after a serve."""
    with workspace_in(tmp_path / "data") as fresh:
        usual = [NewLabel(label=CYCLE[i % 3], frame=10 * i) for i in range(180)]
        odd = [NewLabel(label="serve", frame=10), NewLabel(label="hit", frame=20)]
        clips = (make_clip("m", 0, usual, num_frames=2000), make_clip("n", 1, odd))
        new = NewDataset(name="volley", label_file="x.json", classes=CYCLE, clips=clips)
        with fresh.database.writing() as session:
            datasets.add_dataset(session, new)
        yield fresh


def test_what_seldom_follows_what_is_told_until_it_is_forbidden(volley: Workspace):
    client = client_of(create_app(volley))
    rare = {"one": "serve", "other": "hit", "count": 1, "of": 61}
    assert client.get("/api/v1/datasets/1/successions").json() == [rare]
    data = ["--data", str(volley.settings.data)]
    said = CliRunner().invoke(cli, ["doubts", "volley", *data]).stdout
    assert 'rare: never = [["serve", "hit"]] would find 1 of 61' in said
    told = doubts.check_forbidding(volley, 1, "duplicate_gap = 1", [("serve", "hit")])
    assert told["open"]["order"] == 1
    assert told["rules"] == 'duplicate_gap = 1\nnever = [["serve", "hit"]]\n'
    assert client.get("/api/v1/datasets/1/successions").json() == []
    assert client.get("/api/v1/datasets/9/successions").status_code == 404


@pytest.mark.browser
def test_on_the_page_what_is_ticked_is_forbidden_and_waits_in_review(page: Page, volley: Workspace):
    running = ServedApp(volley.settings.data).start()
    try:
        page.goto(f"{running.url}/?open=audit&dataset=1")
        expect(page.locator("#doubts-words")).to_contain_text("nothing doubtful")
        page.get_by_label("hit right after serve: 1 of 61").check()
        page.get_by_role("button", name="Never allow these").click()
        expect(page.locator("#doubts-words")).to_contain_text("1 against the rules")
        expect(page.locator("#rules textarea")).to_have_value('never = [["serve", "hit"]]\n')
        expect(page.locator("#rules-never")).to_be_hidden()
        assert running.get("/datasets/1/doubts")["open"]["order"] == 1
    finally:
        running.kill(signal.SIGTERM)
