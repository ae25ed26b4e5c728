"""The REST interface: what the review needs, what scripts need, and errors as JSON."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from app.workspace import Workspace
from tests.app.tiny import TinyFiles, app_of, client_of, import_tiny


def get(client: TestClient, route: str, **query: object) -> Any:
    answer = client.get(f"/api/v1{route}", params=query)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 200, answer.text
    return answer.json()


def decision(label_id: int, verdict: str, **more: object) -> dict[str, object]:
    return {"key": str(uuid4()), "label_id": label_id, "verdict": verdict, "annotator": "anna"} | more


def test_a_dataset_tells_its_size_progress_and_report(client: TestClient) -> None:
    (told,) = get(client, "/datasets")
    assert told["name"] == "tiny"
    assert told["progress"] == get(client, "/datasets/1")["progress"]
    assert (told["clips"], told["progress"]["decided"], told["latest_run"]) == (6, 0, None)
    assert get(client, "/datasets/1")["report"] == []


def test_the_queue_goes_on_where_it_was_left(client: TestClient) -> None:
    total = get(client, "/datasets/1")["labels"]
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page = get(client, "/datasets/1/queue", queue="clip", limit=7, after=after)
        seen += [item["label_id"] for item in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == total


def test_an_item_has_all_that_the_review_draws(client: TestClient) -> None:
    item = get(client, "/labels/1")
    assert {"clip", "label", "frame", "num_frames", "fps", "strip", "neighbours", "comment"} <= item.keys()
    assert item["suggestion"] is None
    assert item["decision"] is None
    assert item["strip"]["first"] <= item["frame"] < item["strip"]["first"] + item["strip"]["count"]


def test_a_decision_counts_once_however_often_it_is_sent(client: TestClient) -> None:
    body = decision(1, "set", frame=9)
    first = client.post("/api/v1/decisions", json=body).json()
    second = client.post("/api/v1/decisions", json=body).json()
    assert first["decision_id"] == second["decision_id"]
    assert second["progress"]["decided"] == 1
    assert get(client, "/labels/1")["decision"]["frame"] == 9
    assert [row["verdict"] for row in get(client, "/labels/1/history")] == ["set"]


def test_undo_goes_back_to_the_first_decision_and_redo_forward(client: TestClient) -> None:
    for label_id in (1, 2, 3):
        client.post("/api/v1/decisions", json=decision(label_id, "keep"))
    keys = [{"key": str(uuid4()), "annotator": "anna"} for _ in range(5)]
    undone = [client.post("/api/v1/datasets/1/undo", json=key).json() for key in keys[:4]]
    assert [answer["label_id"] for answer in undone] == [3, 2, 1, None]
    assert undone[2]["item"]["label_id"] == 1
    assert undone[2]["progress"]["decided"] == 0
    assert client.post("/api/v1/datasets/1/redo", json=keys[4]).json()["label_id"] == 1


def test_the_page_calls_my_decisions_decided(client: TestClient) -> None:
    client.post("/api/v1/decisions", json=decision(4, "keep"))
    page = get(client, "/datasets/1/queue", queue="decided", annotator="anna")
    assert [item["label_id"] for item in page["items"]] == [4]


@pytest.mark.parametrize(
    ("route", "status"),
    [
        ("/datasets/9", 404),
        ("/datasets/9/queue", 404),
        ("/datasets/1/queue?queue=nonsense", 404),
        ("/datasets/1/queue?after=nonsense", 409),
        ("/datasets/1/queue?limit=0", 422),
        ("/labels/999999", 404),
        ("/runs/9", 404),
        ("/runs/9/epochs", 404),
        ("/jobs/9", 404),
        ("/datasets/9/export/labels.json", 404),
        ("/datasets/x", 422),
    ],
)
def test_what_is_not_there_is_said_in_json(client: TestClient, route: str, status: int) -> None:
    answer = client.get(f"/api/v1{route}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (decision(1, "set", frame=64), 422),
        (decision(1, "set"), 422),
        (decision(1, "accept"), 422),
        (decision(1, "explode"), 422),
        (decision(1, "keep", extra=1), 422),
        (decision(999999, "keep"), 404),
        (decision(1, "keep", suggestion_id=77), 404),
        (decision(1, "keep") | {"annotator": " "}, 422),
    ],
)
def test_a_decision_that_breaks_a_rule_is_refused(
    client: TestClient, body: dict[str, object], status: int
) -> None:
    answer = client.post("/api/v1/decisions", json=body)
    assert answer.status_code == status
    assert get(client, "/datasets/1")["progress"]["decided"] == 0


def test_an_import_is_checked_before_it_is_queued(client: TestClient, tiny: TinyFiles) -> None:
    files = {"labels": str(tiny.labels), "media": str(tiny.media)}
    assert client.post("/api/v1/imports", json=files | {"name": "tiny"}).status_code == 409
    missing = client.post("/api/v1/imports", json=files | {"labels": "/nowhere.json"})
    assert missing.status_code == 422
    assert missing.json()["detail"] == "/nowhere.json: no such label file"
    queued = client.post("/api/v1/imports", json=files | {"name": "second", "truth": ""}).json()
    assert get(client, f"/jobs/{queued['job_id']}")["state"] == "queued"
    assert client.post(f"/api/v1/jobs/{queued['job_id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/v1/jobs/{queued['job_id']}/resume").json()["state"] == "queued"


def test_a_run_is_one_job_per_fold_and_one_at_a_time(client: TestClient) -> None:
    started = client.post(
        "/api/v1/runs", json={"dataset_id": 1, "epochs": 2, "sigma": 2.0, "folds": 5}
    ).json()
    run = get(client, f"/runs/{started['run_id']}")
    assert [member["member"] for member in run["members"]] == list(range(run["folds"]))
    assert run["state"] == "queued"
    assert run["config"]["reach"] == pytest.approx(2 / 0.12)
    assert get(client, f"/runs/{run['id']}/epochs") == {"epochs": []}
    again = client.post("/api/v1/runs", json={"dataset_id": 1})
    assert again.status_code == 409
    assert client.post(f"/api/v1/runs/{run['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"/api/v1/runs/{run['id']}/resume").json()["state"] == "queued"
    assert client.post(f"/api/v1/runs/{run['id']}/resume").status_code == 409


@pytest.mark.parametrize(
    "body",
    [{"folds": 1}, {"epochs": 0}, {"reach": -1}, {"objective": "magic"}, {"preset": "huge"}, {"sigma": 0}],
)
def test_a_setting_out_of_range_is_named(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/api/v1/runs", json={"dataset_id": 1} | body)
    assert answer.status_code == 422
    assert next(iter(body)) in answer.json()["detail"]


def test_exports_are_downloads(client: TestClient) -> None:
    labels = client.get("/api/v1/datasets/1/export/labels.json")
    audit = client.get("/api/v1/datasets/1/export/audit.csv")
    assert labels.headers["content-disposition"] == 'attachment; filename="tiny-corrected.json"'
    assert audit.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(audit.text.splitlines()) == 1 + get(client, "/datasets/1")["labels"]


def test_removed_labels_stop_the_export_until_they_are_to_be_left_out(client: TestClient) -> None:
    client.post("/api/v1/decisions", json=decision(1, "remove"))
    assert client.get("/api/v1/datasets/1/export/labels.json").status_code == 409
    assert client.get("/api/v1/datasets/1/export/labels.json?drop_removed=true").status_code == 200


def test_a_deleted_dataset_is_gone_with_its_indexes(work: Workspace, tiny: TinyFiles) -> None:
    import_tiny(work, tiny)
    assert list(work.settings.videos.iterdir())
    with client_of(app_of(work)) as client:
        assert client.delete("/api/v1/datasets/1").json() == {"deleted": 1}
        assert get(client, "/datasets") == []
    assert not list(work.settings.videos.iterdir())


def test_the_sample_is_asked_for_once(client: TestClient) -> None:
    first = client.post("/api/v1/sample").json()
    assert client.post("/api/v1/sample").json() == first
    assert get(client, f"/jobs/{first['job_id']}")["kind"] == "sample"


def test_every_field_at_fault_is_named(client: TestClient) -> None:
    answer = client.post("/api/v1/decisions", json={"key": "k", "label_id": "one", "verdict": "keep"})
    told = answer.json()
    assert (answer.status_code, told["status"]) == (422, 422)
    assert {field["where"] for field in told["errors"]} == {"body.label_id", "body.annotator"}
    assert all(field["where"] in told["detail"] for field in told["errors"])


def test_an_unknown_address_is_a_problem_too(client: TestClient) -> None:
    answer = client.post("/api/v1/nothing", json={})
    assert answer.headers["content-type"] == "application/problem+json"
