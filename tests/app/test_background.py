"""What stands behind a label by the REST interface: definitions, a person's log, decisions made meanwhile."""

from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient


def get(client: TestClient, route: str, **query: object) -> Any:
    answer = client.get(f"/api/v1{route}", params=query)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 200, answer.text
    return answer.json()


def decision(label_id: int, verdict: str, **more: object) -> dict[str, object]:
    return {"key": str(uuid4()), "label_id": label_id, "verdict": verdict, "annotator": "anna"} | more


def test_a_class_is_described_and_its_description_stands_behind_its_labels(client: TestClient) -> None:
    item = get(client, "/datasets/1/queue", limit=1)["items"][0]
    assert get(client, f"/labels/{item['label_id']}/background") == {
        "trace": None,
        "record": None,
        "biases": [],
        "belongs": {"class": item["label"], "video": "match01"},
        "class_norm": None,
        "own_norm": None,
        "definition": None,
    }
    example = {"clip_id": item["clip_id"], "frame": item["frame"]}
    body = {"class": item["label"], "text": "First contact", "examples": [example], "annotator": "anna"}
    assert client.post("/api/v1/datasets/1/definitions", json=body).status_code == 200
    body["text"] = "First contact with the ball"
    assert client.post("/api/v1/datasets/1/definitions", json=body).status_code == 200
    found = get(client, f"/labels/{item['label_id']}/background")["definition"]
    assert (found["text"], found["annotator"]) == ("First contact with the ball", "anna")
    (shown,) = found["examples"]
    assert shown["url"].startswith(f"/media/strips/{item['clip_id']}/{item['frame']}-1-")
    beyond = body | {"examples": [example | {"frame": 99}]}
    outside = client.post("/api/v1/datasets/1/definitions", json=beyond)
    assert (outside.status_code, "frame 99" in outside.json()["detail"]) == (422, True)
    unknown = client.post("/api/v1/datasets/1/definitions", json=body | {"class": "no such"})
    assert unknown.status_code == 404


def test_a_persons_log_tells_what_was_taken_back(client: TestClient) -> None:
    labels = [item["label_id"] for item in get(client, "/datasets/1/queue", limit=2)["items"]]
    for label_id in labels:
        client.post("/api/v1/decisions", json=decision(label_id, "keep"))
    client.post("/api/v1/datasets/1/undo", json={"key": str(uuid4()), "annotator": "anna"})
    page = get(client, "/datasets/1/decisions", annotator="anna")
    told = [(entry["label_id"], entry["verdict"], entry["undone"]) for entry in page["decisions"]]
    assert told == [(labels[1], "keep", True), (labels[0], "keep", False)]
    client.post("/api/v1/datasets/1/redo", json={"key": str(uuid4()), "annotator": "anna"})
    assert not get(client, "/datasets/1/decisions")["decisions"][0]["undone"]
    older = get(client, "/datasets/1/decisions", before=page["decisions"][0]["id"])
    assert [entry["label_id"] for entry in older["decisions"]] == [labels[0]]
    assert get(client, "/datasets/1/decisions", annotator="lena")["decisions"] == []


def test_nobody_decides_over_a_decision_they_have_not_seen(client: TestClient) -> None:
    label_id = get(client, "/datasets/1/queue", limit=1)["items"][0]["label_id"]
    first = client.post("/api/v1/decisions", json=decision(label_id, "keep", annotator="lena", seen=0)).json()
    refused = client.post("/api/v1/decisions", json=decision(label_id, "remove", seen=0))
    assert (refused.status_code, "lena" in refused.json()["detail"]) == (409, True)
    seen = client.post("/api/v1/decisions", json=decision(label_id, "remove", seen=first["decision_id"]))
    assert seen.status_code == 200
    for own in (decision(label_id, "keep", seen=0), decision(label_id, "flag", annotator="bo")):
        assert client.post("/api/v1/decisions", json=own).status_code == 200


def test_every_queue_is_told_with_what_it_holds(client: TestClient) -> None:
    total = get(client, "/datasets/1")["labels"]
    label_id = get(client, "/datasets/1/queue", limit=1)["items"][0]["label_id"]
    client.post("/api/v1/decisions", json=decision(label_id, "flag"))
    told = {queue["name"]: queue["count"] for queue in get(client, "/datasets/1/queues")}
    assert (told["likely"], told["flagged"], told["mine"], told["all"]) == (total - 1, 1, 0, total)
    for name in told:
        assert len(get(client, "/datasets/1/queue", queue=name, limit=100)["items"]) == min(100, told[name])
