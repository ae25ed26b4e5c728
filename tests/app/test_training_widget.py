"""The training monitor in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Opens, Served

pytestmark = pytest.mark.browser


def opened(page: Page, served: Served, body: str = '<respot-training run="3"></respot-training>') -> Page:
    page.goto(f"{served.url}/?body={body}")
    return page


def test_it_shows_every_fold_and_both_curves(page: Page, served: Served) -> None:
    opened(page, served)
    expect(page.get_by_text("Run 3: running")).to_be_visible()
    rows = page.locator(".members tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("1,130")
    expect(rows.first).to_contain_text("cpu, 2 threads")
    curves = page.get_by_role("img")
    expect(curves.nth(0)).to_have_attribute("aria-label", "Loss. Latest: fold 1 0.97, fold 2 1.02.")
    expect(curves.nth(1)).to_have_attribute(
        "aria-label",
        "Offsets of the matches. Latest: matched to tagged 1.01, matched to true 1.10, tagged to true 1.58.",
    )


def test_new_epochs_are_added_to_the_curve_and_to_its_table(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_text("The curves as a table", exact=True).click()
    expect(page.locator(".figures tbody tr")).to_have_count(12)
    served.shelf.epochs = 14
    expect(page.locator(".figures tbody tr")).to_have_count(14)


def test_a_run_is_stopped_and_resumed(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Run 3: stopped")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Run 3: running")).to_be_visible()


def test_a_run_that_ran_out_of_memory_is_begun_again_with_less(page: Page, served: Served) -> None:
    served.shelf.run_state = "failed"
    opened(page, served)
    expect(page.get_by_role("alert").first).to_contain_text("out of memory")
    page.get_by_role("button", name="Start again with batch 4, which takes about half the memory").click()
    expect(page.get_by_text("Run 4: running")).to_be_visible()
    expect(page.get_by_role("button", name="Start again")).to_be_hidden()


def test_it_asks_nothing_while_it_cannot_be_seen(page: Page, served: Served) -> None:
    opened(page, served)
    expect(page.get_by_text("Run 3: running")).to_be_visible()
    page.evaluate("document.querySelector('main').style.display = 'none'")
    page.wait_for_timeout(1200)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2200)
    assert asked == []
    page.evaluate("document.querySelector('main').style.display = ''")
    with page.expect_request("**/api/v1/runs/3"):
        pass


def test_without_a_run_it_says_so(page: Page, served: Served) -> None:
    served.shelf.run_state = None
    opened(page, served, '<respot-training dataset="1"></respot-training>')
    expect(page.get_by_text("No training yet")).to_be_visible()


def test_it_comes_back_after_the_server_did_not_answer(page: Page, served: Served) -> None:
    page.route("**/api/v1/runs/3", lambda route: route.abort())
    opened(page, served)
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer")
    page.unroute("**/api/v1/runs/3")
    expect(page.get_by_text("Run 3: running")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_runs_are_compared_and_another_one_is_shown(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_text("Compare 2 runs").click()
    table = page.get_by_role("region", name="Runs of this dataset")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.locator("tbody tr").nth(1)).to_contain_text("✔ done")
    table.get_by_role("button", name="2", exact=True).click()
    expect(page.get_by_text("Run 2: running")).to_be_visible()
    expect(table.get_by_role("button", name="2", exact=True)).to_have_attribute("aria-pressed", "true")


def test_deleting_takes_two_presses_and_a_refusal_is_said(page: Page, served: Served) -> None:
    served.shelf.run_state = "stopped"
    opened(page, served)
    page.get_by_role("button", name="Delete run").click()
    page.get_by_role("button", name="Press again to delete").click()
    expect(page.get_by_role("alert")).to_contain_text("12 decisions were made with suggestions of run 3")
    expect(page.get_by_role("button", name="Delete run")).to_be_visible()


def test_the_log_of_the_run_is_read_when_it_is_opened(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_text("Log of this run", exact=True).click()
    expect(page.get_by_role("region", name="Log of this run")).to_contain_text("run 3, member 0: epoch 1")


def test_the_curves_of_several_runs_are_drawn_over_each_other(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_text("Compare 2 runs").click()
    curves = page.locator(".curves")
    chart = curves.get_by_role("img")
    expect(chart).to_have_attribute("aria-label", re.compile(r"^Loss. Latest: run 3, dla \d.*run 2, dla \d"))
    curves.get_by_text("These curves as a table").click()
    expect(curves.locator("thead th")).to_have_text(["Epoch", "run 3, dla", "run 2, dla"])
    expect(curves.locator("tbody tr")).to_have_count(6)
    curves.get_by_role("checkbox", name="2").uncheck()
    expect(curves.locator("thead th")).to_have_text(["Epoch", "run 3, dla"])
    curves.get_by_role("combobox", name="Draw").select_option("matched_true")
    expect(chart).to_have_attribute("aria-label", "|matched − true|. Latest: run 3, dla 1.10.")


def test_an_epoch_is_chosen_and_the_choice_undone(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_text("Suggestions come from epochs 13, 14, 15 together").click()
    table = page.get_by_role("region", name="Epoch that suggests")
    expect(table.locator("tbody tr")).to_have_count(4)
    table.get_by_role("button", name="Use: 10").click()
    expect(page.get_by_text("Suggestions come from epoch 10")).to_be_visible()
    expect(table.get_by_role("button", name="✔ In use: 10")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("anna chose epoch 10")).to_be_visible()
    page.get_by_role("button", name="Undo the last choice").click()
    expect(page.get_by_text("Suggestions come from epochs 13, 14, 15 together")).to_be_visible()
    served.shelf.refusing = 409
    table.get_by_role("button", name="Use: 5").click()
    expect(page.get_by_role("alert").filter(has_text="no")).to_be_visible()


def test_the_review_says_how_far_the_training_is(open_review: Opens) -> None:
    header = open_review().locator("respot-review header.head")
    expect(header).to_contain_text(re.compile(r"run 3: 11.%, about 3 min left"))
