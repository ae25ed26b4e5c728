"""The figures: each from real tables, empty where there is nothing, in agreement with the numbers beneath."""

import csv
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.actions import insight
from app.actions.insight import FIGURES, Asked
from app.gallery import action_crop
from app.workspace import Workspace
from storage import datasets
from storage.moves import moves
from tests.app.studied import EPOCHS, study
from tests.app.test_api import get
from tests.app.tiny import app_of, client_of, copy_of

SVG = {"svg": "http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def studied(imported: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The dataset `tiny` (id 1) with runs 1 and 2, suggestions and decisions; read only."""
    with copy_of(imported, tmp_path_factory.mktemp("studied") / "data") as own:
        study(own)
        yield own


@pytest.fixture
def client(studied: Workspace) -> Iterator[TestClient]:
    with client_of(app_of(studied)) as running:
        yield running


def rows(work: Workspace, name: str, **asked: Any) -> list[dict[str, Any]]:
    drawn = insight.figure(work, 1, name, Asked(**asked))
    assert (drawn["empty"], drawn["total"]) == ("", len(drawn["rows"]))
    assert drawn["plot"]["data"]
    return [dict(zip(drawn["columns"], row, strict=True)) for row in drawn["rows"]]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_why_it_is_empty(imported: Workspace, name: str) -> None:
    drawn = insight.figure(imported, 1, name, Asked())
    if name == "change":
        assert drawn["rows"][0][0] == "all classes"
    else:
        assert (drawn["plot"], drawn["rows"]) == (None, [])
        assert drawn["empty"].endswith(".")


def test_histograms_count_every_label_once_per_stage(studied: Workspace) -> None:
    with studied.database.reading() as session:
        labels = datasets.labels(session, 1)
    for stage, expected in (
        ("suggested", len(labels)),
        ("decided", len(labels) // 2),
        ("corrected", len(labels) // 2),
    ):
        for by in ("class", "annotator", "video"):
            assert sum(row["labels"] for row in rows(studied, "offsets", stage=stage, by=by)) == expected
    by_run = rows(studied, "offsets", by="run")
    assert {row["group"] for row in by_run} == {"run 1", "run 2"}
    assert sum(row["labels"] for row in by_run) == 2 * len(labels)
    of_class = rows(studied, "offsets", label_class="serve")
    assert {row["group"] for row in of_class} == {"serve"}
    assert sum(row["labels"] for row in of_class) == sum(label.label == "serve" for label in labels)


def test_the_audit_sample_is_a_part_of_all_and_is_not_shown_singly(studied: Workspace) -> None:
    with studied.database.reading() as session:
        audited = set(moves(session, 1).where(moves(session, 1).audit_L).ids_L.tolist())
    drawn = rows(studied, "offsets", sample="audit")
    assert sum(row["labels"] for row in drawn) == len(audited) > 0
    for pick in ("largest", "typical", "unsure"):
        assert audited.isdisjoint(row["label_id"] for row in rows(studied, "traces", pick=pick))


def test_the_plot_holds_the_numbers_of_the_table(studied: Workspace) -> None:
    drawn = insight.figure(studied, 1, "offsets", Asked())
    for panel in drawn["plot"]["data"]:
        table = {row[1]: row[2] for row in drawn["rows"] if row[0] == panel["name"]}
        plotted = dict(zip(panel["x"], panel["customdata"], strict=True))
        assert {shift: count for shift, count in plotted.items() if count} == table


def test_panels_stand_side_by_side_as_far_as_there_is_room(client: TestClient) -> None:
    layouts = [
        client.get(f"/api/v1/datasets/1/figures/offsets?columns={columns}").json()["plot"]["layout"]
        for columns in (1, 4)
    ]
    starts = [
        {tuple(axis["domain"]) for name, axis in one.items() if name.startswith("xaxis")} for one in layouts
    ]
    assert (len(starts[0]), len(starts[1])) == (1, 4)
    assert layouts[0]["height"] > layouts[1]["height"]


def test_matches_end_at_the_truth_and_begin_at_the_tags(studied: Workspace) -> None:
    told = rows(studied, "matched", run=1)
    assert [row["epoch"] for row in told] == list(range(1, EPOCHS + 1))
    assert told[-1]["matched_to_true"] == pytest.approx(0, abs=1e-3)
    assert told[0]["matched_to_tagged"] < told[-1]["matched_to_tagged"]
    level = insight.figure(studied, 1, "matched", Asked(run=1))["plot"]["data"][2]
    assert level["name"].startswith("|tagged − true|")
    assert level["y"][0] == pytest.approx(told[-1]["matched_to_tagged"], abs=1e-3)


def test_suggestions_are_nearer_to_the_truth_than_the_tags(studied: Workspace) -> None:
    everything = rows(studied, "change")[0]
    assert everything["suggested"] < everything["final"] < everything["tagged"]
    assert everything["nearer"] > everything["farther"]
    found = rows(studied, "before_after")
    at_1 = {row["labels_at"]: row["mean_average_precision"] for row in found if row["tolerance_frames"] == 1}
    assert at_1["given"] < at_1["suggested"] <= 1
    assert {row["run"] for row in rows(studied, "runs")} == {1, 2}
    assert {row["run"] for row in rows(studied, "gaps")} == {"run 1", "run 2"}


def test_risk_ends_at_the_share_that_calibration_counts_wrong(studied: Workspace) -> None:
    for reference in ("truth", "decided"):
        bins = rows(studied, "calibration", reference=reference)
        right = sum(row["labels"] * row["share_right"] for row in bins) / sum(row["labels"] for row in bins)
        last = rows(studied, "risk", reference=reference)[-1]
        assert (last["coverage"], last["risk"]) == (1.0, pytest.approx(1 - right, abs=2e-3))


def test_people_are_compared_with_each_other_and_with_the_tags(studied: Workspace) -> None:
    found = {(row["first"], row["second"]): row for row in rows(studied, "agreement")}
    assert set(found) == {("given labels", "anna"), ("given labels", "ben"), ("anna", "ben")}
    assert found["anna", "ben"]["within_1"] > found["given labels", "anna"]["within_1"]
    assert all(row["frames_for_90"] <= row["frames_for_95"] for row in rows(studied, "tolerance"))


def test_figures_are_drawn_anew_after_a_decision(imported: Workspace, tmp_path: Path) -> None:
    with copy_of(imported, tmp_path / "own") as work:
        assert insight.figure(work, 1, "offsets", Asked(stage="decided"))["total"] == 0
        study(work)
        assert insight.figure(work, 1, "offsets", Asked(stage="decided"))["total"] > 0


def test_traces_follow_single_labels(studied: Workspace) -> None:
    for pick in ("largest", "typical", "unsure"):
        told = rows(studied, "traces", pick=pick)
        assert {row["epoch"] for row in told} == set(range(1, EPOCHS + 1))
        assert len({row["label_id"] for row in told}) == 12


def test_the_numbers_come_as_csv_that_no_spreadsheet_runs(client: TestClient) -> None:
    answer = client.get("/api/v1/datasets/1/figures/offsets.csv", params={"by": "video"})
    assert answer.headers["content-disposition"] == 'attachment; filename="tiny-offsets.csv"'
    told = list(csv.DictReader(io.StringIO(answer.text)))
    drawn = get(client, "/datasets/1/figures/offsets", by="video")
    assert [list(row.values()) for row in told] == [[str(cell) for cell in row] for row in drawn["rows"]]
    assert insight._csv(("a",), [("=1+1",), (-2,)]).splitlines() == ["a", "'=1+1", "-2"]


def test_wrong_filters_and_unknown_figures_are_refused_in_words(client: TestClient) -> None:
    assert client.get("/api/v1/datasets/1/figures/offsets?by=moon").status_code == 422
    answer = client.get("/api/v1/datasets/1/figures/moon")
    assert (answer.status_code, answer.json()["detail"][:23]) == (404, "there is no figure moon")
    assert (
        client.get("/api/v1/datasets/1/figures/matched?run=9").json()["detail"] == "this dataset has no run 9"
    )


def test_the_gallery_is_one_picture_of_filmstrips(client: TestClient) -> None:
    answer = client.get("/api/v1/datasets/1/gallery.png?pick=typical")
    assert answer.headers["content-type"] == "image/png"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[0] > 8 * 112
    blue = np.array([178, 114, 0])
    assert (np.abs(picture.astype(int) - blue).max(axis=2) < 8).sum() > 1000
    vector = client.get("/api/v1/datasets/1/gallery.svg?pick=typical")
    assert vector.headers["content-type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(vector.text)
    strips = drawn.findall("svg:g", SVG)
    assert len(strips) == 8
    assert all(len(strip.findall(".//svg:image", SVG)) % 2 == 1 for strip in strips)
    assert all(float(strip.findall(".//svg:text", SVG)[1].text or "") < 20 for strip in strips)
    missing = client.get("/api/v1/datasets/1/gallery.png?label_class=moon")
    assert (missing.status_code, missing.json()["detail"][:8]) == (404, "no label")


def test_the_action_crop_holds_what_moves() -> None:
    frames = np.zeros((5, 60, 100, 3), np.uint8)
    for at, frame in enumerate(frames):
        frame[40:46, 70 + 2 * at : 76 + 2 * at] = 255
    cropped = action_crop(frames)
    assert cropped.shape == (5, 36, 36, 3)
    assert [int(frame.max()) for frame in cropped] == [255] * 5
    assert action_crop(frames[:1]).shape == (1, 36, 36, 3)
