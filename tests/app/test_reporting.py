"""The report of a dataset: written by the command, over REST, from the page."""

import hashlib
import re
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner

from app.actions import batches, exporting, people, reporting
from app.cli import cli
from app.main import create_app
from app.workspace import Workspace
from storage import audit_stream, double, reviews
from storage.records import NewDecision
from tests.app.audited import audit_all, rally_in
from tests.app.tiny import ServedApp, client_of


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with rally_in(tmp_path / "data") as fresh:
        yield fresh


def told(work: Workspace) -> str:
    return reporting.gather(work, 1).text("md")


def cells(text: str, first: str) -> list[str]:
    """The row of the report's last table that begins with `first`."""
    row = re.findall(rf"^\| {re.escape(first)} \|.*$", text, re.MULTILINE)[-1]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_the_report_tells_what_changed_in_html_and_markdown(work: Workspace, tmp_path: Path):
    audit_all(work)
    batches.accept(work, 1, annotator="<b>anna</b>", threshold=0.9)
    made = CliRunner().invoke(
        cli, ["report", "rally", "--out", str(tmp_path), "--data", str(work.settings.data)]
    )
    names = [Path(line).name for line in made.stdout.splitlines()]
    assert names == ["rally-report.md", "rally-report.html"]
    text, html = ((tmp_path / name).read_text() for name in names)
    exported = hashlib.sha256(exporting.labels(work, 1).text.encode()).hexdigest()
    assert f"| rally-corrected.json | {exported} |" in text
    assert "| labels.json | the file is gone |" in text
    assert re.search(r"labels are settled \(\d+ accept, 120 set\)", text)
    assert "120 of 120 labels of the blind audit are settled." in text
    assert re.search(r"\| hit \| 400 \| 400 \| 400 \| 2.00 \| 0 \|", text)
    assert "| +2 | 400 |" in text
    assert "&lt;b&gt;anna&lt;/b&gt;" in html
    assert "<b>anna" not in html
    assert "<svg" in html
    assert not re.search(r"https?:|<script", html)
    assert "No label was settled by two people unseen of each other." in text
    assert "The true frames are not known." in text
    client = client_of(create_app(work))
    for form, written in (("md", text), ("html", html)):
        answer = client.get(f"/api/v1/datasets/1/report.{form}")
        assert answer.text == written
        assert answer.headers["content-disposition"] == f'attachment; filename="rally-report.{form}"'
    assert client.get("/api/v1/datasets/1/report.pdf").status_code == 422
    assert client.get("/api/v1/datasets/9/report.md").status_code == 404


def test_before_and_after_come_from_the_blind_audit_where_no_truth_is_known(work: Workspace):
    assert "Nothing of the blind audit is settled that has a suggestion." in reporting.gather(work, 1).text(
        "md"
    )
    audit_all(work)
    with work.database.reading() as session:
        found = audit_stream.audited(session, 1)
    after_A = np.abs(found.suggested_A - found.decided_A)
    less = 2 - after_A.mean()
    half = 1.96 * after_A.std(ddof=1) / np.sqrt(120)
    row = cells(told(work), "all classes")
    assert row[1:3] == ["120", "2.00 (2.00 to 2.00)"]
    assert row[4] == f"{less:.2f} ({less - half:.2f} to {less + half:.2f})"
    assert row[5:] == ["0%", f"{np.mean(after_A <= 1):.0%}"]
    assert cells(told(work), "hit")[3] == "0.00 (0.00 to 0.00)"


def test_people_are_compared_where_neither_saw_what_the_other_decided(work: Workspace):
    people.plan_double(work, 1, share=0.1, tolerance=1)
    keys = count()
    with work.database.writing() as session:
        drawn = sorted(double.drawn(session, 1))
        for label_id in (*drawn[:20], next(i for i in range(1, 801) if i not in drawn)):
            for who, frame in (("anna", 30), ("ben", 32 if label_id == drawn[0] else 31)):
                new = {"key": f"d-{next(keys)}", "verdict": "set", "annotator": who, "frame": frame}
                reviews.record(session, NewDecision(label_id=label_id, **new))
    assert len(drawn) == 80
    assert cells(told(work), "anna | ben")[2:7] == [
        "20",
        "0% (0%–16%)",
        "95% (76%–99%)",
        "100% (84%–100%)",
        "+1.05",
    ]


@pytest.mark.browser
def test_the_export_page_hands_out_the_report(page: Page, work: Workspace, tmp_path: Path):
    running = ServedApp(work.settings.data).start()
    try:
        page.goto(f"{running.url}/?open=export&dataset=1")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Report (HTML)").click()
        waiting.value.save_as(tmp_path / waiting.value.suggested_filename)
        assert "<h2>Before and after</h2>" in (tmp_path / "rally-report.html").read_text()
    finally:
        running.kill(signal.SIGTERM)
