"""A blind audit that is too small to certify anything grows until it can, or says that it never will."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from app.actions import audits, drawing
from app.cli import cli
from app.main import create_app
from tests.app.audited import audit_all, rally_in
from tests.app.tiny import ServedApp, client_of


def test_an_audit_that_is_too_small_grows_until_it_certifies(tmp_path: Path) -> None:
    with rally_in(tmp_path / "data", clips=4) as work:
        audit_all(work)
        told = audits.audit(work, 1)
        assert (told["total"], told["settled"], told["accept"]["certified"]) == (30, 30, False)
        more = told["more"]
        assert 0 < told["accept"]["needed"] <= more["lacking"] < more["left"] == 170
        assert f"it lacks {more['lacking']} labels; 170 that nobody" in (drawing.words(more) or "")
        client = client_of(create_app(work))
        body = {"labels": more["lacking"]}
        assert client.post("/api/v1/datasets/1/audit", json=body).json() == {"drawn": more["lacking"]}
        assert audits.audit(work, 1)["more"]["lacking"] < 10
        assert client.delete("/api/v1/datasets/1/audit").json() == {"taken_back": more["lacking"]}
        assert audits.audit(work, 1)["more"] == more
        drawing.draw(work, 1, more["lacking"])
        audit_all(work)
        while not audits.preview(work, 1)["certified"]:
            drawing.draw(work, 1, audits.audit(work, 1)["more"]["lacking"])
            audit_all(work)
        assert audits.audit(work, 1)["more"]["lacking"] == 0


def test_where_too_few_labels_are_left_it_says_so(tmp_path: Path) -> None:
    with rally_in(tmp_path / "data", clips=1) as work:
        data = ["--data", str(work.settings.data)]
        told = CliRunner().invoke(cli, ["audit", "rally", "--draw", "10", *data]).stdout
        assert "10 more labels are drawn into the blind audit" in told
        assert "0 of 10 labels of the blind audit are settled" in told
        told = CliRunner().invoke(cli, ["audit", "rally", "--take-back", "--draw", "10", *data]).stdout
        assert "10 labels are taken out of the blind audit" in told
        assert "0 of 10 labels of the blind audit are settled" in told
        audit_all(work)
        more = audits.audit(work, 1)["more"]
        assert more["lacking"] > more["left"] == 40
        assert (
            "and only 40 are left that nobody has looked at"
            in CliRunner().invoke(cli, ["audit", "rally", *data]).stdout
        )


@pytest.mark.slow
@pytest.mark.browser
def test_a_click_draws_what_is_lacking(page: Page, tmp_path: Path) -> None:
    with rally_in(tmp_path / "data", clips=4) as work:
        audit_all(work)
        lacking = audits.audit(work, 1)["more"]["lacking"]
        running = ServedApp(work.settings.data).start()
        try:
            page.goto(f"{running.url}/?open=audit&dataset=1")
            button = page.get_by_role("button", name=f"Draw {lacking} more labels into the blind audit")
            button.click()
            expect(page.locator("#audit-words")).to_contain_text(f"30 of {30 + lacking} labels are settled")
            expect(button).to_be_hidden()
            page.get_by_role("button", name=f"Take {lacking} undecided ones out again").click()
            expect(button).to_be_visible()
        finally:
            running.kill()
