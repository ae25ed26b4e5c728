"""The picture under a frame's number is that frame, and a strip's address says all that is in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from app import api, media, problems
from app.actions import review
from app.workspace import Workspace
from spotting.video import open_frames
from storage import datasets, runs, suggestions
from storage.records import ClipRecord
from tests.app.tiny import client_of
from tests.storage.conftest import make_suggestion


@pytest.fixture(scope="module")
def client(imported: Workspace) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(media.router(imported))
    problems.add_handlers(app)
    with client_of(app) as running:
        yield running


@pytest.fixture(scope="module")
def clip(imported: Workspace) -> ClipRecord:
    with imported.database.reading() as session:
        return datasets.clips(session, 1)[0]


def cells(jpeg: bytes, count: int) -> NDArray[np.uint8]:
    row = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    return np.stack(np.split(row, count, axis=1))


def test_the_strip_shows_the_frames_that_the_trainer_sees(client: TestClient, clip: ClipRecord) -> None:
    strip = media.strip_of(clip, 30)
    answer = client.get(strip.told()["url"])
    shown = cells(answer.content, strip.count).astype(np.int16)
    stored = open_frames(Path(clip.video.folder)).read(range(64)).astype(np.int16)
    assert shown.shape[1:] == stored.shape[1:]
    for cell, frame in enumerate(range(strip.first, strip.first + strip.count)):
        distances = np.abs(stored - shown[cell]).mean(axis=(1, 2, 3))
        assert distances.argmin() == frame


@pytest.mark.parametrize(("frame", "first", "count"), [(0, 0, 13), (30, 18, 25), (63, 51, 13)])
def test_a_strip_ends_where_the_clip_ends(clip: ClipRecord, frame: int, first: int, count: int) -> None:
    strip = media.strip_of(clip, frame)
    assert (strip.first, strip.count) == (first, count)


def test_a_strip_is_kept_by_the_browser_and_on_disk(
    client: TestClient, clip: ClipRecord, imported: Workspace
) -> None:
    strip = media.strip_of(clip, 20)
    answer = client.get(strip.told()["url"])
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    kept = imported.settings.strips / str(clip.id) / strip.name
    assert kept.read_bytes() == answer.content == client.get(strip.told()["url"]).content


@pytest.mark.parametrize("spoilt", ["9999-5", "-3-5", "0-0", "0-66", "60-5", "0-64-999"])
def test_other_strips_do_not_exist(client: TestClient, clip: ClipRecord, spoilt: str) -> None:
    version = media.strip_of(clip, 0).version
    height = "" if spoilt.count("-") == 2 and not spoilt.startswith("-") else "-64"
    answer = client.get(f"/media/strips/{clip.id}/{spoilt}{height}-{version}.jpg")
    assert answer.status_code in (404, 422)
    assert client.get(f"/media/strips/{clip.id}/0-5-64-0123456789ab.jpg").status_code == 404
    assert client.get(f"/media/strips/999/0-5-64-{version}.jpg").status_code == 404


def test_an_item_names_a_strip_that_is_there(client: TestClient, imported: Workspace) -> None:
    page = review.queue(imported, 1, name="clip", annotator="anna", limit=3)
    for item in page["items"]:
        strip = item["strip"]
        answer = client.get(strip["url"])
        assert answer.status_code == 200
        assert cells(answer.content, strip["count"]).shape[1:3] == (strip["height"], strip["width"])


@pytest.mark.parametrize(("away", "shown"), [(2, 12), (20, 24), (40, 32)])
def test_a_far_suggestion_is_on_the_strip_too(filled: Workspace, away: int, shown: int) -> None:
    with filled.database.writing() as session:
        label = next(each for each in datasets.labels(session, 1) if each.frame < 20)
        far = replace(make_suggestion(label.frame, 0, 0.9), frame=label.frame + away, offset=float(away))
        run_id = runs.create_run(session, 1, {}, folds=2)
        suggestions.put(session, run_id, [(label.id, far)], provisional=False, epoch=1)
    strip = review.get_item(filled, label.id)["strip"]
    assert strip["first"] == max(0, label.frame - shown)
    assert strip["first"] + strip["count"] == min(64, label.frame + shown + 1)


def test_the_strips_of_a_queue_are_made_before_they_are_asked_for(filled: Workspace) -> None:
    app = FastAPI()
    app.include_router(api.router(filled))
    with client_of(app) as asking:
        page = asking.get("/api/v1/datasets/1/queue", params={"queue": "clip", "limit": 2}).json()
    made = {path.name for path in filled.settings.strips.glob("*/*.jpg")}
    coming = review.queue(filled, 1, name="clip", annotator="anna", limit=review.AHEAD)["items"]
    assert len(page["items"]) == 2 < len(coming)
    assert made == {item["strip"]["url"].rpartition("/")[2] for item in coming}


def test_a_strip_that_cannot_be_made_stops_no_other(filled: Workspace, tmp_path: Path) -> None:
    with filled.database.reading() as session:
        lost, whole = datasets.clips(session, 1)[:2]
    lost = replace(lost, video=replace(lost.video, folder=str(tmp_path / "nowhere")))
    media.make_ahead(filled, [(lost, media.strip_of(lost, 5)), (whole, media.strip_of(whole, 5))])
    assert [path.parent.name for path in filled.settings.strips.glob("*/*.jpg")] == [str(whole.id)]


def test_the_oldest_strips_go_first_when_there_are_too_many(tmp_path: Path) -> None:
    folder = tmp_path / "1"
    folder.mkdir()
    for age, name in enumerate(["new.jpg", "old.jpg"]):
        (folder / name).write_bytes(b"x" * 100)
        (folder / name).touch()
        stat = (folder / name).stat()
        import_time = stat.st_mtime - 1000 * age
        media.os.utime(folder / name, (import_time, import_time))
    media.forget_old(tmp_path, most_bytes=150)
    assert [path.name for path in folder.iterdir()] == ["new.jpg"]
