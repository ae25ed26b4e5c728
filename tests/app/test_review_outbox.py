"""Decisions are never lost: server away, page reloaded, refused, undone and redone."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.app.conftest import Opens, Served, press, until

pytestmark = pytest.mark.browser

LOADED_AHEAD = """() => { const {desk, session} = document.querySelector("respot-review");
    return session.upcoming.every((item) => desk.pictures.ready(item)) }"""


def verdicts(served: Served) -> list[tuple[int, str]]:
    return [(one["label_id"], one["verdict"]) for one in served.shelf.decisions]


def showing(page: Page, label_id: int) -> None:
    expect(page.locator("respot-review")).to_have_attribute("data-label", str(label_id))


def test_decisions_made_while_the_server_is_away_arrive_in_order_when_it_is_back(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    page.wait_for_function(LOADED_AHEAD)
    served.stop()
    press(page, "a", "x", "s")
    showing(page, 4)
    expect(page.locator(".warning")).to_contain_text("3 decisions kept in this browser, retrying")
    served.start()
    expect(page.locator(".saved")).to_contain_text("saved")
    expect(page.locator(".warning")).to_be_hidden()
    assert verdicts(served) == [(1, "accept"), (2, "keep"), (3, "skip")]


def test_decisions_that_were_not_sent_survive_a_reload_and_are_sent_once(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    served.shelf.refusing = 503
    press(page, "x")
    press(page, "a")
    expect(page.locator(".warning")).to_contain_text("2 decisions")
    page.reload()
    expect(page.locator(".warning")).to_contain_text("2 decisions")
    served.shelf.refusing = 0
    until(lambda: len(served.shelf.decisions) == 2)
    expect(page.locator(".saved")).to_contain_text("saved")
    assert verdicts(served) == [(1, "keep"), (2, "accept")]


def test_an_answer_that_got_lost_does_not_make_a_second_decision(open_review: Opens, served: Served) -> None:
    page = open_review()
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append("the answer")
            route.fetch()
            route.abort()

    page.route("**/api/v1/decisions", lose_the_first)
    press(page, "x")
    expect(page.locator(".saved")).to_contain_text("saved")
    assert verdicts(served) == [(1, "keep")]


def test_a_refused_decision_is_shown_and_its_label_is_undecided_again(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    served.shelf.refusing = 409
    press(page, "x")
    expect(page.locator(".conflicts .problem")).to_contain_text("Not saved: no")
    served.shelf.refusing = 0
    page.get_by_role("button", name="Open it").click()
    showing(page, 1)
    expect(page.locator(".decision")).to_be_hidden()
    expect(page.locator(".conflicts .problem")).to_have_count(0)


@pytest.mark.parametrize(("button", "verdicts_then"), [("Mine", ["keep", "set"]), ("Theirs", ["keep"])])
def test_when_somebody_decided_meanwhile_both_are_shown_and_one_is_chosen(
    open_review: Opens, served: Served, button: str, verdicts_then: list[str]
) -> None:
    page = open_review()
    theirs = {"key": "0", "label_id": 1, "verdict": "keep", "frame": 48, "annotator": "lena", "seen": 0}
    served.shelf.decisions.append(theirs | {"decided_at": "2025-01-01T12:03:00Z"})
    press(page, "6")
    showing(page, 2)
    conflict = page.locator(".conflicts")
    expect(conflict).to_contain_text("You: Set +1. Meanwhile: Kept the tag by lena")
    conflict.get_by_role("button", name=button).click()
    expect(conflict.locator(".problem")).to_have_count(0)
    press(page, "ArrowUp")
    showing(page, 1)
    until(lambda: [one["verdict"] for one in served.shelf.decisions] == verdicts_then)
    expect(page.locator(".decision")).to_contain_text(
        "Kept the tag by lena" if button == "Theirs" else "Set +1"
    )


def test_undo_goes_back_to_the_label_and_redo_decides_it_again(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "x", "a", "7")
    until(lambda: len(served.shelf.decisions) == 3)
    for label_id in (3, 2, 1):
        press(page, "z")
        showing(page, label_id)
    until(lambda: served.shelf.decisions == [])
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Nothing left to undo.")
    press(page, "Shift+Z")
    showing(page, 2)
    until(lambda: verdicts(served) == [(1, "keep")])


def test_undo_of_an_unsent_decision_takes_it_out_of_the_outbox(open_review: Opens, served: Served) -> None:
    page = open_review()
    served.shelf.refusing = 503
    press(page, "x", "a", "x")
    showing(page, 4)
    press(page, "z")
    press(page, "z")
    showing(page, 2)
    expect(page.locator(".warning")).to_contain_text("1 decision kept")
    press(page, "Shift+Z")
    showing(page, 3)
    served.shelf.refusing = 0
    until(lambda: verdicts(served) == [(1, "keep"), (2, "accept")])


def test_undo_after_a_reload_goes_back_to_what_the_server_remembers(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    press(page, "x")
    press(page, "a")
    until(lambda: len(served.shelf.decisions) == 2)
    page.reload()
    showing(page, 3)
    press(page, "z")
    showing(page, 2)
    press(page, "z")
    showing(page, 1)
    press(page, "Shift+Z")
    until(lambda: verdicts(served) == [(1, "keep")])


def test_a_finished_queue_shows_its_counts_and_leads_back_to_the_skipped_ones(
    open_review: Opens, served: Served
) -> None:
    served.shelf.labels = 3
    page = open_review()
    press(page, "s", "a", "x")
    expect(page.locator("respot-review")).to_have_attribute("data-state", "finished")
    expect(page.locator(".stage")).to_contain_text("2 of 3 labels are decided.")
    page.get_by_role("button", name="Look at the skipped ones").click()
    showing(page, 1)


def test_without_a_dataset_the_page_says_what_to_do(open_review: Opens, served: Served) -> None:
    served.shelf.labels = 0
    page = open_review(body="<respot-review></respot-review>", waits=False)
    expect(page.locator(".stage")).to_contain_text("No dataset yet")


def test_labels_can_be_reviewed_before_there_are_suggestions(open_review: Opens, served: Served) -> None:
    served.shelf.suggestions = False
    page = open_review()
    expect(page.locator(".trust")).to_contain_text("No suggestion yet")
    press(page, "a")
    showing(page, 1)
    press(page, "6")
    until(lambda: verdicts(served) == [(1, "set")])


def test_a_page_opened_while_the_server_is_away_comes_to_life_when_it_is_back(
    open_review: Opens, served: Served
) -> None:
    page = open_review(
        waits=False, before=lambda page: page.route("**/api/v1/datasets", lambda route: route.abort())
    )
    expect(page.locator(".stage")).to_contain_text("The server did not answer")
    page.unroute("**/api/v1/datasets")
    showing(page, 1)


def test_where_people_log_in_decisions_carry_the_accounts_name(open_review: Opens, served: Served) -> None:
    remembered = 'localStorage.setItem("respot.review", JSON.stringify({annotator: "somebody"}))'
    body = '<respot-review dataset="1" annotator="anna" account="eva"></respot-review>'
    page = open_review(body=body, before=lambda page: page.add_init_script(remembered))
    press(page, "x")
    until(lambda: len(served.shelf.decisions) == 1)
    assert served.shelf.decisions[0]["annotator"] == "eva"
    expect(page.get_by_role("button", name="eva")).to_be_visible()
