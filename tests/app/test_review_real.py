"""The review on the application's own routes: a class's question, two people, a server that goes away."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.workspace import Workspace
from storage import answers, datasets, runs, suggestions
from tests.app.conftest import LOADED, press
from tests.app.tiny import ServedApp, copy_of
from tests.conftest import CHROMIUM, PATIENCE_MS
from tests.storage.conftest import make_suggestion

pytestmark = pytest.mark.browser

AHEAD = """() => { const {desk, session} = document.querySelector("respot-review") ?? {};
    return session?.upcoming.length > 3 && session.upcoming.every((item) => desk.pictures.ready(item)) }"""
CALLED = 'localStorage.setItem("respot.review", JSON.stringify({{annotator: "{}"}}))'
QUESTION = "Which instant is meant, first contact or full extension?"


@pytest.fixture(scope="module")
def real(imported: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """The real application, the dataset `tiny` with suggestions and a question about its bounces in it."""
    with copy_of(imported, tmp_path_factory.mktemp("real") / "data") as work:
        _suggest(work)
        running = ServedApp(work.settings.data).start()
        yield running
        running.kill(signal.SIGTERM)


def _suggest(work: Workspace) -> None:
    with work.database.writing() as session:
        labels = datasets.labels(session, 1)
        run_id = runs.create_run(session, 1, {}, folds=2)
        rows = [(each.id, replace(make_suggestion(each.frame, 0, 0.9), frame=each.frame)) for each in labels]
        suggestions.put(session, run_id, rows, provisional=False, epoch=1)
        bounces = sum(each.label == "bounce" for each in labels)
        found = answers.Finding(of="class", name="bounce", labels=bounces, frames=1.2, words=QUESTION)
        answers.put_findings(session, run_id, [found])


def opened(page: Page, real: ServedApp, query: str) -> Page:
    page.goto(f"{real.url}/?open=review&dataset=1&queue=all{query}")
    page.locator("respot-review[data-label]").wait_for()
    page.wait_for_function(LOADED)
    return page


def history(real: ServedApp, label_id: int) -> list[tuple[str, str]]:
    return [(one["annotator"], one["verdict"]) for one in real.get(f"/labels/{label_id}/history")]


def test_one_answer_about_a_class_moves_all_its_labels_and_is_taken_back_whole(
    page: Page, real: ServedApp
) -> None:
    opened(page, real, "&class=bounce")
    asked = page.get_by_role("region", name="A question about the whole class")
    expect(asked).to_contain_text(QUESTION)
    asked.get_by_role("button", name="what stands out is meant").click()
    expect(asked).to_contain_text("answered: what stands out is meant")
    items = real.get("/datasets/1/queue?queue=all&limit=100")["items"]
    moved = {item["label_id"]: item["moved"] for item in items if item["moved"] is not None}
    assert moved == {
        item["label_id"]: min(item["frame"] + 1, item["num_frames"] - 1)
        for item in items
        if item["label"] == "bounce"
    }
    label_id = int(page.locator("respot-review").get_attribute("data-label") or 0)
    assert len(real.get("/datasets/1/batches")) == 1
    expect(page.locator(".decision")).to_have_text("Moved +1 with its group, not settled yet")
    asked.get_by_role("button", name="Take the answer back").click()
    expect(asked.get_by_role("button", name="what stands out is meant")).to_be_visible()
    expect(page.locator(".decision")).to_be_hidden()
    assert real.get(f"/labels/{label_id}")["moved"] is None
    assert all(each["undone"] or each["kind"] == "undo" for each in real.get("/datasets/1/batches"))


def test_the_question_is_answered_among_the_rules_too(page: Page, real: ServedApp) -> None:
    def settle(answer: str) -> None:
        page.locator("#question-answer").get_by_label(answer).check()
        page.locator("#question-settle").click()

    before = len(real.get("/datasets/1/batches"))
    page.goto(f"{real.url}/?open=audit&dataset=1")
    told = page.locator("#question-words")
    expect(told).to_contain_text(QUESTION)
    settle("What stands out is meant")
    expect(told).to_contain_text("Answered: ")
    batches = real.get("/datasets/1/batches")
    assert len(batches) == before + 1
    assert sum(not each["undone"] and each["kind"] != "undo" for each in batches) == 1
    settle("Open it again")
    expect(told).not_to_contain_text("Answered: ")
    assert all(each["undone"] or each["kind"] == "undo" for each in real.get("/datasets/1/batches"))


def test_of_two_people_who_decide_at_once_the_second_sees_both_and_chooses(
    browser: Browser, real: ServedApp
) -> None:
    contexts = [browser.new_context() for _ in ("lena", "anna")]
    label_id = real.get("/datasets/1/queue?queue=all")["items"][0]["label_id"]
    pages = []
    for context, name in zip(contexts, ("lena", "anna"), strict=True):
        context.add_init_script(CALLED.format(name))
        pages.append(opened(context.new_page(), real, f"&label={label_id}"))
    lena, anna = pages
    press(lena, "x")
    expect(lena.locator(".saved")).to_contain_text("saved")
    press(anna, "6")
    conflict = anna.locator(".conflicts")
    expect(conflict).to_contain_text("You: Set +1. Meanwhile: Kept the tag by lena")
    assert history(real, label_id)[-1] == ("lena", "keep")
    conflict.get_by_role("button", name="Mine").click()
    expect(anna.locator(".saved")).to_contain_text("saved")
    real.wait(lambda: history(real, label_id)[-2:] == [("lena", "keep"), ("anna", "set")])
    for context in contexts:
        context.close()


@pytest.mark.slow
def test_decisions_made_while_the_server_is_away_outlive_the_browser_and_arrive_once_in_order(
    browser: Browser, real: ServedApp, tmp_path: Path
) -> None:
    def reopened() -> Page:
        kept = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        kept.set_default_timeout(PATIENCE_MS)
        kept.add_init_script(CALLED.format("otto"))
        return kept.new_page()

    page = opened(reopened(), real, "")
    page.wait_for_function(AHEAD)
    first = int(page.locator("respot-review").get_attribute("data-label") or 0)
    real.kill()
    press(page, "x", "6", "s", "f")
    expect(page.locator(".warning")).to_contain_text("4 decisions kept in this browser")
    page.context.close()
    real.start()
    page = opened(reopened(), real, "")
    log = "/datasets/1/decisions?annotator=otto"
    real.wait(lambda: len(real.get(log)["decisions"]) == 4)
    expect(page.locator(".saved")).to_contain_text("saved")
    made = [(one["label_id"], one["verdict"]) for one in reversed(real.get(log)["decisions"])]
    assert made[0] == (first, "keep")
    assert [verdict for _, verdict in made] == ["keep", "set", "skip", "flag"]
    assert len({label_id for label_id, _ in made}) == 4
    page.context.close()


def test_the_buttons_stay_in_view_on_a_low_screen(page: Page, real: ServedApp) -> None:
    page.set_viewport_size({"width": 1366, "height": 620})
    opened(page, real, "")
    bottom = page.get_by_role("button", name="Redo").evaluate("(redo) => redo.getBoundingClientRect().bottom")
    assert bottom <= 620
