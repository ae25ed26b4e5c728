"""Label files on their way in and out: sent, recognised, looked into; what an export would leave out."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from app.main import create_app
from app.workspace import Workspace
from tests.app.test_accessibility import violations
from tests.app.tiny import ServedApp, TinyFiles, client_of, workspace_in
from tests.storage.formats.test_via import PROJECT

OSL = {
    "version": "2.0",
    "data": [
        {
            "id": "one",
            "inputs": [{"type": "video", "path": "one.mp4", "fps": 25.0}],
            "events": [{"label": "bounce", "position_ms": 5561}, {"label": "serve", "position_ms": 40}],
        }
    ],
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Workspace]]:
    """One application for what is asked of it without a browser."""
    with workspace_in(tmp_path_factory.mktemp("served")) as work:
        yield client_of(create_app(work)), work


@pytest.fixture
def client(served: tuple[TestClient, Workspace]) -> TestClient:
    return served[0]


@pytest.fixture
def uploads(served: tuple[TestClient, Workspace]) -> Path:
    return served[1].settings.data / "uploads"


def preview(client: TestClient, path: Path, **said: object) -> dict[str, Any]:
    return client.post("/api/v1/label-files/preview", json={"labels": str(path), **said}).json()


def test_a_sent_file_lies_in_the_data_folder_and_is_recognised(client: TestClient, uploads: Path) -> None:
    name = {"name": "../a/my labels?.json"}
    sent = client.post("/api/v1/label-files", params=name, content=json.dumps(OSL))
    path = Path(sent.json()["path"])
    assert path.name == "my labels_.json"
    assert path.is_relative_to(uploads)
    told = preview(client, path)
    assert (told["format"], told["needs_rule"], told["rules"]) == ("osl", True, ["frame", "floor", "round"])
    assert (told["clips"], told["labels"], told["error"]) == (1, 2, None)
    assert told["classes"] == [{"name": "bounce", "labels": 1}, {"name": "serve", "labels": 1}]
    assert told["advice"].startswith("round for times written by a program")


def test_frames_beside_the_times_are_advised(client: TestClient, tmp_path: Path) -> None:
    text = json.dumps(OSL).replace('"position_ms"', '"frame": 3, "position_ms"')
    (tmp_path / "a.json").write_text(text)
    told = preview(client, tmp_path / "a.json")
    assert told["advice"] == "every event has a frame number: frame"


@pytest.mark.parametrize(
    ("name", "content", "status", "detail"),
    [
        ("a.json", b"", 422, "a.json: the file is empty"),
        ("", b"[]", 200, None),
        ("..", b"[]", 200, None),
    ],
)
def test_odd_names_and_empty_files(
    client: TestClient, uploads: Path, name: str, content: bytes, status: int, detail: str | None
) -> None:
    before = len(list(uploads.iterdir())) if uploads.is_dir() else 0
    answer = client.post("/api/v1/label-files", params={"name": name}, content=content)
    assert (answer.status_code, answer.json().get("detail")) == (status, detail)
    assert len(list(uploads.iterdir())) == before + (status == 200)


def test_a_file_that_cannot_be_read_says_where(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"video": 1,}]')
    (tmp_path / "b.csv").write_text("clip,at,what\none,3,hit\n")
    assert preview(client, tmp_path / "a.json")["error"].startswith("a.json, line 1, column 14")
    told = preview(client, tmp_path / "b.csv")
    assert told["error"] == "b.csv: there is no column video for video: say which one holds it"
    assert told["header"] == ["clip", "at", "what"]
    columns = {"video": "clip", "frame": "at", "label": "what"}
    assert preview(client, tmp_path / "b.csv", columns=columns)["labels"] == 1
    assert "is written, not read" in preview(client, tmp_path / "b.csv", format="coco")["error"]


def test_a_grid_of_its_own_is_asked_for(client: TestClient, tmp_path: Path) -> None:
    span = {"ranges": [{"start": 3, "end": 5}], "timelinelabels": ["hit"]}
    task = {"data": {"video": "one.mp4"}, "annotations": [{"result": [{"value": span}]}]}
    (tmp_path / "a.json").write_text(json.dumps([task]))
    assert preview(client, tmp_path / "a.json", time_rule="round")["needs_rate"]
    assert preview(client, tmp_path / "a.json", time_rule="round", fps=24)["labels"] == 1


def test_the_attribute_that_is_the_class_can_be_chosen(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(PROJECT))
    told = preview(client, tmp_path / "a.json", time_rule="floor")
    assert (told["format"], told["fields"], told["header"]) == ("via", ["label"], ["notes", "stroke"])
    assert [one["name"] for one in told["classes"]] == ["bounce", "hit"]
    chosen = preview(client, tmp_path / "a.json", time_rule="floor", columns={"label": "notes"})
    assert (chosen["labels"], chosen["classes"]) == (1, [{"name": "late?", "labels": 1}])


@pytest.mark.browser
def test_a_dropped_file_is_looked_into_and_its_time_rule_is_asked_for(
    page: Page, served_app: ServedApp, tmp_path: Path
) -> None:
    (tmp_path / "games.json").write_text(json.dumps(OSL))
    page.set_default_timeout(90_000)
    page.goto(f"{served_app.url}/?open=datasets&dataset=1")
    file = page.locator("respot-label-file")
    file.locator("input[type=file]").set_input_files(tmp_path / "games.json")
    expect(file).to_have_attribute("data-state", "asks", timeout=90_000)
    expect(page.locator("#import-format")).to_have_value("osl")
    expect(file).to_contain_text("1 clip, 2 labels, 2 classes")
    typed = page.locator("#import-labels textarea, #import-labels input")
    expect(typed).to_have_value(re.compile(r"uploads/\w+/games\.json$"), timeout=90_000)
    file.get_by_label("the picture that begins nearest").check()
    expect(file).to_have_attribute("data-state", "told", timeout=90_000)
    assert [found for found in violations(page) if found.startswith(("serious", "critical"))] == []
    typed.fill(str(tmp_path / "none.json"))
    typed.blur()
    expect(file.get_by_role("alert")).to_contain_text("none.json", timeout=90_000)


@pytest.mark.browser
def test_the_class_of_a_via_project_is_chosen_among_its_attributes(
    page: Page, served_app: ServedApp, tmp_path: Path
) -> None:
    (tmp_path / "via.json").write_text(json.dumps(PROJECT))
    page.goto(f"{served_app.url}/?open=datasets&dataset=1")
    file = page.locator("respot-label-file")
    file.locator("input[type=file]").set_input_files(tmp_path / "via.json")
    file.get_by_label("the picture on the screen at that time").check()
    expect(file).to_contain_text("2 clips, 2 labels, 2 classes")
    choice = file.get_by_role("group", name="Which attribute is the class?").get_by_label("label")
    expect(choice).to_have_value("")
    choice.select_option("notes")
    expect(file).to_contain_text("1 clip, 1 label, 1 class.")
    choice.select_option("")
    expect(file).to_contain_text("2 clips, 2 labels, 2 classes")


@pytest.fixture
def scored(served_app: ServedApp, tiny: TinyFiles, tmp_path: Path) -> Iterator[int]:
    """A second dataset of the same videos, whose labels have scores, which BORIS has no place for."""
    clips = json.loads(tiny.labels.read_text())
    for clip in clips:
        clip["events"] = [event | {"score": 0.5} for event in clip["events"]]
    (tmp_path / "scored.json").write_text(json.dumps(clips))
    asked = {"labels": str(tmp_path / "scored.json"), "media": str(tiny.media), "name": "scored"}
    job = served_app.post("/imports", **asked)["job_id"]
    served_app.wait(lambda: served_app.get(f"/jobs/{job}")["state"] == "done", within_s=300)
    dataset = served_app.get(f"/jobs/{job}")["result"]["dataset_id"]
    yield dataset
    request = urllib.request.Request(f"{served_app.url}/api/v1/datasets/{dataset}", method="DELETE")
    urllib.request.urlopen(request, timeout=30).close()


@pytest.mark.browser
def test_an_export_tells_its_losses_and_waits_for_consent(
    page: Page, served_app: ServedApp, scored: int, tmp_path: Path
) -> None:
    page.set_default_timeout(90_000)
    page.goto(f"{served_app.url}/?open=export&dataset={scored}")
    files = page.locator("respot-export")
    expect(files).to_have_attribute("data-state", "shown", timeout=90_000)
    expect(page.locator("#export-format")).to_have_value("spot")
    expect(files).to_contain_text("Everything goes out in this format.")
    page.locator("#export-format").select_option("boris")
    expect(files).to_contain_text("This format has no place for 1 kind of thing", timeout=90_000)
    expect(files.get_by_role("listitem")).to_contain_text("scores: ")
    expect(page.locator("#export-labels")).to_be_disabled()
    page.locator("#export-lossy").check()
    with page.expect_download() as download:
        page.locator("#export-labels").click()
    download.value.save_as(tmp_path / "out.boris")
    assert "observations" in json.loads((tmp_path / "out.boris").read_text())
    expect(files).to_contain_text("scored-corrected.boris is written.", timeout=90_000)
