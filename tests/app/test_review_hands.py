"""Everything that a key does can be done by mouse alone, and by touch alone."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.conftest import LOADED, REVIEW, Opens, Served, until

pytestmark = pytest.mark.browser


def by_mouse(part: Locator) -> None:
    part.click()


def by_touch(part: Locator) -> None:
    part.tap()


def settle_by(press: Callable[[Locator], None], page: Page, served: Served) -> None:
    """Decide by every button there is, go back and forth, undo a bulk step, look at other labels."""

    def button(name: str) -> None:
        page.wait_for_function(LOADED)
        press(page.get_by_role("button", name=name, exact=True).filter(visible=True).last)

    def decided(count: int) -> None:
        until(lambda: len(served.shelf.decisions) == count)

    button("Accept +2")
    page.wait_for_function(LOADED)
    button("Keep tag")
    page.wait_for_function(LOADED)
    press(page.locator(".cell").nth(1))
    button("One frame later")
    button("One frame later")
    press(page.locator(".action.commit"))
    button("Skip")
    button("Flag")
    button("Flag, and say why")
    button("It may be another class")
    page.wait_for_function(LOADED)
    press(page.locator(".action.relabel"))
    button("near court serve")
    button("Remove")
    button("Sure?")
    decided(9)
    button("Undo")
    decided(8)
    button("Redo")
    decided(9)
    verdicts = ["accept", "keep", "set", "set", "skip", "flag", "flag", "relabel", "remove"]
    assert [one["verdict"] for one in served.shelf.decisions] == verdicts
    press(page.get_by_role("button", name="My log"))
    press(page.locator(".bulk").get_by_role("button", name="Undo"))
    until(lambda: served.shelf.batches[0]["undone"])
    press(page.get_by_role("button", name="Previous label"))
    press(page.get_by_role("button", name="Next undecided label"))
    expect(page.locator("respot-review")).to_have_attribute("data-label", "10")


@pytest.fixture
def batched(served: Served) -> Served:
    """A bulk step lies in anna's log."""
    step = {"id": 1, "kind": "accept", "words": "6,210 accepted", "annotator": "anna", "undone": False}
    served.shelf.batches = [step | {"created_at": "2025-01-01T12:03:00Z"}]
    return served


def test_a_mouse_alone_does_everything(open_review: Opens, batched: Served) -> None:
    settle_by(by_mouse, open_review(), batched)


def test_a_finger_alone_does_everything(browser: Browser, batched: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{batched.url}/?body={quote(REVIEW)}")
    page.wait_for_function(LOADED)
    settle_by(by_touch, page, batched)
    context.close()
