"""The blind audit and bulk accept, on a dataset whose right frames are known."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from app.actions import audits, background, batches, review
from app.cli import cli
from app.main import create_app
from app.workspace import Workspace
from spotting.errors import Conflict
from storage.batches import Group
from tests.app.audited import CLIPS, LATE, PER_CLIP, audit_all, rally_in, wrong
from tests.app.tiny import ServedApp, client_of


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with rally_in(tmp_path / "data") as fresh:
        yield fresh


def test_nothing_is_accepted_before_the_audit_vouches_for_it(work: Workspace):
    assert audits.preview(work, 1)["words"] == (
        "would accept 0 labels; none audited; certificate ≤ 5% wrong at 90%: needs 45 more audits"
    )
    with pytest.raises(Conflict, match="needs 45 more audits. Audit more, or say"):
        batches.accept(work, 1, annotator="anna")


def test_a_bias_of_all_labels_is_called_unverified_until_ten_are_checked_blind(work: Workspace):
    told = audits.preview(work, 1)["unverified"]
    assert told.startswith("unverified: all labels may be early or late by the same few frames.")
    assert told.endswith("10 more blind checks will tell")
    audit_all(work, most=9)
    assert audits.preview(work, 1)["unverified"].endswith("1 more blind check will tell")
    client = client_of(create_app(work))
    assert client.get("/api/v1/datasets/1/audit").json()["accept"]["unverified"].startswith("unverified: ")
    for command in ("accept", "audit"):
        line = CliRunner().invoke(cli, [command, "rally", "--data", str(work.settings.data)]).stdout
        assert "unverified: all labels may be early or late" in line
    audit_all(work, most=1)
    assert audits.preview(work, 1)["unverified"] is None
    assert "all labels of hit may be" in audits.preview(work, 1, label="hit")["unverified"]


def test_what_the_audit_certifies_is_accepted_and_comes_back(work: Workspace):
    audited = audit_all(work)
    assert len(audited) == 120
    assert all(item["suggestion"] is None and item["audit"] for item in audited)
    hits = sum(item["label"] == "hit" for item in audited)
    seen = audits.preview(work, 1)
    assert (seen["certified"], seen["threshold"], seen["audited"], seen["right"]) == (True, 0.99, hits, hits)
    assert seen["labels"] == CLIPS * PER_CLIP // 2 - hits
    assert "audited 100.0 % within ±1 (" in seen["words"]
    assert seen["words"].endswith("certificate ≤ 5% wrong at 90%: yes")
    told: list[float] = []
    done = batches.accept(work, 1, annotator="anna", progress=lambda done, total, note="": told.append(done))
    assert (done["done"], told) == (seen["labels"], [seen["labels"]])
    settled = {
        item["label_id"]: item
        for item in review.queue(work, 1, name="all", annotator="anna", limit=900)["items"]
    }
    accepted = [item for item in settled.values() if (item["decision"] or {}).get("verdict") == "accept"]
    assert len(accepted) == seen["labels"]
    assert {item["label"] for item in accepted} == {"hit"}
    assert all(item["decision"]["frame"] == item["frame"] + LATE for item in accepted)
    undone = batches.undo(work, done["id"], annotator="anna")
    assert undone["done"] == seen["labels"]
    assert audits.preview(work, 1)["labels"] == seen["labels"]
    assert [batch["undone"] for batch in batches.list_batches(work, 1)] == [False, True]


def test_a_confidence_that_one_names_is_taken_and_its_audit_told(work: Workspace):
    audit_all(work)
    seen = audits.preview(work, 1, threshold=0.5, label="bounce")
    assert not seen["certified"]
    assert seen["right"] < seen["audited"]
    assert (
        batches.accept(work, 1, annotator="anna", threshold=0.5, label="bounce")["done"]
        == seen["labels"]
        > 300
    )


def test_the_audit_tells_the_error_of_the_labels_and_of_the_suggestions(work: Workspace):
    audit_all(work)
    told = audits.audit(work, 1)
    assert (told["total"], told["settled"]) == (120, 120)
    groups = {(group["kind"], group["name"]): group for group in told["groups"]}
    assert (groups["all", "all labels"]["shift"], groups["all", "all labels"]["low"]) == (LATE, LATE)
    assert groups["class", "hit"]["right"] == 1
    assert 0.7 < groups["class", "bounce"]["right"] < 1
    assert not any(kind == "annotator" for kind, _ in groups)


def test_beside_a_suggestion_stands_how_right_those_as_sure_were(work: Workspace):
    sure_of = {
        item["label"]: item["label_id"]
        for item in review.queue(work, 1, name="all", annotator="a", limit=99)["items"]
        if item["suggestion"]
    }
    assert background.behind(work, sure_of["hit"], "anna")["record"] is None
    settled = audit_all(work)
    for label, label_id in sure_of.items():
        alike = [item for item in settled if item["label"] == label]
        right = sum(not wrong(item["label_id"], label) for item in alike)
        record = background.behind(work, label_id, "anna")["record"]
        assert (record["right"], record["of"], record["alike"]) == (right, len(alike), True)
        assert record["low"] < right / len(alike) <= record["high"]


def test_an_interrupted_batch_goes_on(work: Workspace):
    class Killed(Exception):
        pass

    def dies(done: float, total: float, note: str = "") -> None:
        raise Killed

    batches.CHUNK, whole = 100, batches.CHUNK
    try:
        with pytest.raises(Killed):
            batches.move(work, 1, by=LATE, group=Group(label="hit"), annotator="anna", progress=dies)
    finally:
        batches.CHUNK = whole
    (batch,) = batches.list_batches(work, 1)
    assert batch["words"].endswith(f"(interrupted: 100 of {batch['size']})")
    assert batches.go_on(work, batch["id"])["done"] == batch["size"]


def test_the_routes_preview_accept_and_undo(work: Workspace):
    audit_all(work)
    client: TestClient = client_of(create_app(work))
    base = "/api/v1/datasets/1"
    queue = client.get(f"{base}/queue", params={"queue": "likely", "limit": 100}).json()["items"]
    assert all(item["suggestion"] for item in queue)
    seen = client.get(f"{base}/accept", params={"class": "hit"}).json()
    done = client.post(f"{base}/accept", json={"key": "k", "annotator": "anna", "class": "hit"}).json()
    assert done["done"] == seen["labels"] > 300
    undone = client.post(f"/api/v1/batches/{done['id']}/undo", json={"key": "u", "annotator": "anna"}).json()
    assert undone["done"] == done["done"]
    shifted = client.post(
        f"{base}/move", json={"key": "s", "annotator": "anna", "by": 2, "class": "hit"}
    ).json()
    assert shifted["words"] == f"{shifted['done']} labels moved by +2 frames of hit"
    assert [batch["kind"] for batch in client.get(f"{base}/batches").json()] == ["move", "undo", "accept"]
    assert client.get(f"{base}/audit").json()["settled"] == 120
    assert client.post(f"/api/v1/batches/{done['id']}/resume").json()["done"] == done["done"]


def test_the_blind_audit_never_leaves_the_server_with_a_suggestion(work: Workspace):
    client: TestClient = client_of(create_app(work))
    items = []
    for name in ("likely", "audit", "clip", "all"):
        told = client.get("/api/v1/datasets/1/queue", params={"queue": name, "limit": 100})
        items += told.json()["items"]
    blind = [item for item in items if item["audit"]]
    assert len(blind) > 100
    one = client.get(f"/api/v1/labels/{blind[0]['label_id']}")
    for told in (*map(json.dumps, blind), one.text):
        assert '"suggestion": null' in told.replace('":null', '": null')
        assert "confidence" not in told
        assert "posterior" not in told


def test_the_command_line_says_and_does_the_same(work: Workspace):
    audit_all(work)
    data = ["--data", str(work.settings.data)]
    told = CliRunner().invoke(cli, ["audit", "rally", *data]).stdout
    assert "120 of 120 labels of the blind audit are settled" in told
    assert "decided − tagged +2.00 (+2.00 to +2.00) frames" in told
    assert "certificate" in CliRunner().invoke(cli, ["accept", "rally", *data]).stdout
    assert batches.list_batches(work, 1) == []
    done = CliRunner().invoke(cli, ["accept", "rally", "--apply", *data]).stdout
    assert "batch 1: " in done
    listed = CliRunner().invoke(cli, ["batches", "rally", "--undo", "1", *data]).stdout
    assert "(undone)" in listed.splitlines()[1]
    shifted = CliRunner().invoke(cli, ["move", "rally", "--by", "1", "--class", "bounce", *data]).stdout
    assert "moved by +1 frames of bounce" in shifted


@pytest.fixture
def served(work: Workspace) -> Iterator[ServedApp]:
    """The real application on these labels."""
    running = ServedApp(work.settings.data).start()
    yield running
    running.kill(signal.SIGTERM)


@pytest.mark.browser
def test_on_the_screen_the_audit_is_blind_and_what_it_certifies_is_accepted_and_taken_back(
    page: Page, work: Workspace, served: ServedApp
):
    sent: list[dict[str, Any]] = []
    page.on("response", lambda answer: sent.append(answer.json()) if "queue?" in answer.url else None)
    page.goto(f"{served.url}/?open=review&dataset=1&queue=audit")
    expect(page.locator("respot-review")).to_contain_text("Blind check")
    items = [item for answer in sent for item in answer["items"] if item["audit"]]
    assert items
    assert all(item["suggestion"] is None for item in items)

    page.goto(f"{served.url}/?open=audit&dataset=1")
    expect(page.locator("#accept-words")).to_contain_text("Unverified: all labels may be early or late")
    audited = len(audit_all(work))  # all but those that the review page holds for its own annotator
    page.reload()
    expect(page.locator("#accept-words")).not_to_contain_text("nverified")
    expect(page.locator("#accept-words")).to_contain_text("certificate ≤ 5% wrong at 90%: yes")
    page.get_by_role("button", name="Accept as one batch").click()
    expect(page.locator("#batch-job")).to_contain_text("Done")
    expect(page.locator("#batches")).to_contain_text("labels accepted from confidence 0.990")
    accepted = served.get("/datasets/1")["progress"]["accepted"]
    assert accepted > 300
    expect(page.locator("#batch-number input")).to_have_value(re.compile("^1: "))
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#batches")).to_contain_text("batch 1 taken back")
    assert served.get("/datasets/1")["progress"]["accepted"] == 0
    expect(page.locator("#double-words")).to_contain_text("Every label is settled by one person.")
    page.get_by_label("Person").click()
    page.get_by_role("option", name="anna").click()
    expect(page.locator("#revert-words")).to_contain_text(f"Would take back {audited} decisions of anna")
    page.get_by_role("button", name="Take these back").click()
    expect(page.locator("#revert-words")).to_contain_text(f"{audited} decisions of anna taken back")
    assert served.get("/datasets/1")["progress"]["decided"] == 0
