"""Two people on one label, a lead's decision between them, and taking one person's decisions back."""

import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app.actions import people
from app.cli import cli
from app.pages import double
from app.workspace import Workspace
from spotting.errors import BadConfig


def get(client: TestClient, route: str, **query: object) -> Any:
    return client.get(f"/api/v1{route}", params=query).json()  # pyright: ignore[reportArgumentType]


def post(client: TestClient, route: str, **body: object) -> Any:
    answer = client.post(f"/api/v1{route}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decide(client: TestClient, label_id: int, annotator: str, frame: int) -> None:
    made = {"label_id": label_id, "verdict": "set", "frame": frame, "annotator": annotator, "seen": 0}
    post(client, "/decisions", key=str(uuid4()), **made)


def waiting(work: Workspace) -> list[list[object]]:
    """The rows of the page's table of disagreements."""
    return json.loads(double.page(work, 1)[3]["rows"])


def test_two_people_decide_unseen_and_a_lead_settles_where_they_differ(client: TestClient, filled: Workspace):
    assert get(client, "/datasets/1/double")["words"] == "Every label is settled by one person."
    assert waiting(filled) == []
    assert post(client, "/datasets/1/double", share=1.0, tolerance=2)["share"] == 1.0
    decide(client, 1, "anna", 10)
    asked = get(client, "/datasets/1/queue", queue="second", annotator="ben")
    assert [(item["label_id"], item["decision"]) for item in asked["items"]] == [(1, None)]
    assert get(client, "/labels/1", annotator="ben")["decision"] is None
    assert get(client, "/labels/1/history", annotator="ben") == []
    assert len(get(client, "/labels/1/history", annotator="anna")) == 1
    decide(client, 1, "ben", 19)
    (one,) = get(client, "/datasets/1/disagreements")
    assert [said["frame"] for said in one["opinions"]] == [10, 19]
    (row,) = waiting(filled)
    assert row[-3:] == ["anna: frame 10", "ben: frame 19", 9]

    post(client, "/labels/1/adjudicate", key="a", annotator="lea", choice="second")
    assert get(client, "/datasets/1/disagreements") == []
    assert get(client, "/labels/1")["decision"]["frame"] == 19
    answer = client.post(
        "/api/v1/labels/1/adjudicate", json={"key": "b", "annotator": "lea", "choice": "tag"}
    )
    assert answer.status_code == 409
    post(client, "/datasets/1/undo", key="c", annotator="lea")
    assert len(get(client, "/datasets/1/disagreements")) == 1
    post(client, "/labels/1/adjudicate", key="d", annotator="lea", choice="frame", frame=15)
    assert get(client, "/labels/1")["decision"]["frame"] == 15


def test_a_persons_decisions_are_counted_taken_back_and_brought_back(client: TestClient):
    for label_id in (1, 2, 3):
        decide(client, label_id, "ben", 20 + label_id)
    decide(client, 4, "anna", 30)
    assert [one["name"] for one in get(client, "/datasets/1/people")] == ["anna", "ben"]
    told = get(client, "/datasets/1/revert", of="ben")
    assert told["words"].startswith("Would take back 3 decisions of ben about 3 labels, from ")
    assert get(client, "/datasets/1/revert", of="ben", since="2999-01-01")["decisions"] == 0
    done = post(client, "/datasets/1/revert", key="k", annotator="lea", of="ben")
    assert done["words"] == "3 decisions of ben taken back"
    assert get(client, "/datasets/1")["progress"]["decided"] == 1
    post(client, f"/batches/{done['id']}/undo", key="l", annotator="lea")
    assert get(client, "/datasets/1")["progress"]["decided"] == 4


def test_the_command_says_what_it_would_do_and_does_it_when_told(client: TestClient, filled: Workspace):
    decide(client, 1, "ben", 20)
    run = CliRunner().invoke
    data = ["--data", str(filled.settings.data)]
    told = run(cli, ["undo", "tiny", "--by", "ben", *data]).output
    assert "Would take back 1 decisions of ben" in told
    assert get(client, "/datasets/1")["progress"]["decided"] == 1
    assert (
        "batch 1: 1 decisions of ben taken back"
        in run(cli, ["undo", "1", "--by", "ben", "--apply", *data]).output
    )
    assert get(client, "/datasets/1")["progress"]["decided"] == 0
    assert "batch 1 taken back" in run(cli, ["undo", "1", "--batch", "1", "--apply", *data]).output
    assert get(client, "/datasets/1")["progress"]["decided"] == 1
    assert isinstance(run(cli, ["undo", "1", *data]).exception, BadConfig)
    told = run(cli, ["double", "1", "--share", "0.5", *data]).output
    assert "labels are for two people: 0 wait for the second" in told


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "0001-01-01T00:00+14:00"])
def test_a_time_that_cannot_be_read_is_refused(text: str):
    with pytest.raises(BadConfig, match="is no time: write it as"):
        people.moment(text)


def test_times_are_read_as_people_write_them():
    assert people.moment("2026-11-25 14:30") == people.moment("2026-11-25T15:30+01:00")
    assert people.moment(" ") is None
