"""The review element in a real browser: what keys and clicks decide, and what is drawn."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Opens, Served, press, until
from tests.app.review_shelf import grey

pytestmark = pytest.mark.browser

CELL_SHADE = """(cell) => {
    const canvas = cell.querySelector("canvas");
    const [x, y] = [canvas.width * 0.05, canvas.height * 0.9];
    return canvas.getContext("2d").getImageData(x, y, 1, 1).data[0];
}"""
KEYS_WITHIN_ONE_FRAME = """(keys) => {
    for (const key of keys) {
        let target = document.activeElement ?? document.body;
        while (target.shadowRoot?.activeElement) target = target.shadowRoot.activeElement;
        const how = {key, bubbles: true, composed: true, cancelable: true};
        target.dispatchEvent(new KeyboardEvent("keydown", how));
    }
}"""
BOXES = """() => [...document.querySelector("respot-review").shadowRoot.querySelectorAll(
    ".head, .panel, .trust, .card, .cell, .plot, .action, .progress")]
    .map((element) => {
        const {x, y, width, height} = element.getBoundingClientRect();
        const name = element.getAttribute("class").replace(/ (tagged|suggested|chosen|beyond|none)/g, "");
        return [name, x, y, width, height].join(" ");
    })"""


def decided(served: Served, count: int) -> list[tuple[int, str, int | None]]:
    """The decisions that the server holds, once there are `count`."""
    until(lambda: len(served.shelf.decisions) >= count)
    return [(one["label_id"], one["verdict"], one["frame"]) for one in served.shelf.decisions]


def showing(page: Page, label_id: int) -> None:
    expect(page.locator("respot-review")).to_have_attribute("data-label", str(label_id))


@pytest.mark.parametrize(
    ("keys", "verdict", "frame"),
    [
        (["a"], "accept", 50),
        (["x"], "keep", 48),
        (["5"], "keep", 48),
        (["7"], "accept", 50),
        (["1"], "set", 44),
        (["9"], "set", 52),
        (["ArrowRight", "Enter"], "set", 51),
        ([".", ".", ",", "Enter"], "set", 51),
        (["Enter"], "accept", 50),
        (["s"], "skip", None),
        (["f"], "flag", None),
        (["d", "d"], "remove", None),
    ],
)
def test_each_outcome_takes_one_key_and_leads_to_the_next_label(
    open_review: Opens, served: Served, keys: list[str], verdict: str, frame: int | None
) -> None:
    page = open_review()
    press(page, *keys)
    showing(page, 2)
    assert decided(served, 1) == [(1, verdict, frame)]
    assert served.shelf.decisions[0]["annotator"] == "anna"


def test_remove_asks_for_a_second_press_and_any_other_key_forgets_it(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    press(page, "d")
    expect(page.get_by_role("button", name="Sure?")).to_be_visible()
    expect(page.locator(".toast")).to_have_text("Press again to remove")
    press(page, "ArrowLeft")
    press(page, "d")
    showing(page, 1)
    press(page, "x")
    assert decided(served, 1) == [(1, "keep", 48)]


def test_the_picture_over_a_frame_number_is_the_picture_of_that_frame(open_review: Opens) -> None:
    page = open_review()
    for _ in range(6):
        cells = page.locator(".cell:not(.beyond)")
        for at in range(cells.count()):
            frame = int(cells.nth(at).locator(".number").inner_text())
            assert cells.nth(at).evaluate(CELL_SHADE) == pytest.approx(grey(frame), abs=8), f"frame {frame}"
        press(page, "a")


def test_the_tag_is_in_the_middle_and_the_arrow_carries_the_real_valued_offset(open_review: Opens) -> None:
    page = open_review()
    expect(page.locator(".cell")).to_have_count(9)
    expect(page.locator(".cell").nth(4)).to_have_class(re.compile("tagged"))
    expect(page.locator(".cell.suggested .number")).to_have_text("50")
    expect(page.locator(".arrow text")).to_have_text("+1.7")
    expect(page.locator(".trust")).to_contain_text("Likely right · 81")


@pytest.mark.parametrize(("width", "cells"), [(390, 5), (1440, 9), (2200, 17)])
def test_the_filmstrip_has_as_many_frames_as_the_width_carries(
    open_review: Opens, width: int, cells: int
) -> None:
    page = open_review(width=width)
    expect(page.locator(".cell")).to_have_count(cells)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_frames_beyond_the_clip_are_hatched_and_cannot_be_set(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "x", "x", "x", "x")
    showing(page, 5)
    expect(page.locator(".cell.beyond")).to_have_count(2)
    expect(page.locator(".cell.beyond").first).to_contain_text("outside clip")
    press(page, "9")
    showing(page, 5)
    assert len(decided(served, 4)) == 4


def test_a_click_decides_and_in_careful_mode_it_only_chooses(open_review: Opens, served: Served) -> None:
    page = open_review()
    page.locator(".cell").nth(1).click()
    showing(page, 2)
    press(page, "z", "?")
    page.get_by_label("Careful").check()
    press(page, "Escape", "2")
    showing(page, 1)
    expect(page.locator(".candidate .place")).to_have_text("45 (−3)")
    press(page, "Escape")
    page.locator(".cell").nth(1).click()
    expect(page.locator(".candidate strong")).to_have_text("Your choice")
    page.get_by_role("button", name="Set −3").click()
    showing(page, 2)
    assert decided(served, 1) == [(1, "set", 45)]
    press(page, "a")
    showing(page, 3)


@pytest.mark.parametrize("name", ["Accept +2", "Keep tag", "Skip", "Flag"])
def test_buttons_do_what_the_keys_do(open_review: Opens, served: Served, name: str) -> None:
    page = open_review()
    page.get_by_role("button", name=name, exact=True).click()
    showing(page, 2)
    assert len(decided(served, 1)) == 1


def test_keys_are_left_to_fields_modifiers_and_input_methods(open_review: Opens, served: Served) -> None:
    page = open_review(body='<input id="other"><div id="free" contenteditable="true">.</div>' + REVIEW)
    for place in ("#other", "#free"):
        page.locator(place).focus()
        page.keyboard.type("axs1")
    page.locator("select[aria-label=Class]").focus()
    press(page, "x")
    page.locator("#other").blur()
    page.evaluate("document.activeElement.blur()")
    for chord in ("Control+a", "Alt+x", "Meta+s"):
        page.keyboard.press(chord)
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true}))"
    )
    showing(page, 1)
    press(page, "x")
    showing(page, 2)
    assert decided(served, 1) == [(1, "keep", 48)]


REVIEW = '<respot-review dataset="1" annotator="anna"></respot-review>'


def test_holding_a_deciding_key_down_decides_once(open_review: Opens, served: Served) -> None:
    page = open_review()
    for _ in range(5):
        page.keyboard.down("a")
    page.keyboard.up("a")
    showing(page, 2)
    assert len(decided(served, 1)) == 1


def test_a_hidden_or_removed_element_hears_no_key(open_review: Opens, served: Served) -> None:
    page = open_review()
    page.evaluate("document.querySelector('main').style.display = 'none'")
    page.keyboard.press("a")
    page.evaluate("document.querySelector('main').style.display = ''")
    page.evaluate("window.gone = document.querySelector('respot-review'); gone.remove()")
    page.keyboard.press("a")
    page.evaluate("document.querySelector('main').append(gone)")
    page.locator(".cell").first.wait_for()
    showing(page, 1)
    page.wait_for_timeout(200)
    press(page, "x")
    assert decided(served, 1) == [(1, "keep", 48)]


def test_the_filmstrip_is_one_tab_stop_where_enter_sets_the_frame(open_review: Opens, served: Served) -> None:
    page = open_review()
    page.get_by_role("button", name="+2 Suggested").focus()
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft")
    expect(page.locator(".cell:focus .number")).to_have_text("47")
    assert page.locator(".cell[tabindex='0']").count() == 1
    press(page, "Enter")
    showing(page, 2)
    assert decided(served, 1) == [(1, "set", 47)]


def test_single_key_shortcuts_can_be_switched_off(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "?")
    page.get_by_label("Single-key shortcuts").uncheck()
    press(page, "Escape")
    press(page, "a", "x", "7", "s")
    showing(page, 1)
    press(page, "ArrowLeft")
    press(page, "Enter")
    showing(page, 2)
    assert decided(served, 1) == [(1, "set", 49)]
    expect(page.locator(".toast")).to_have_text("Set +1 · Ctrl Z to undo")


def test_a_key_right_after_the_help_closes_is_not_lost(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "?")
    page.get_by_label("Single-key shortcuts").focus()
    page.evaluate(KEYS_WITHIN_ONE_FRAME, ["Escape", "ArrowLeft", "Enter"])
    showing(page, 2)
    assert decided(served, 1) == [(1, "set", 49)]


def test_the_arrows_up_and_down_browse_without_deciding(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "ArrowDown")
    press(page, "ArrowDown")
    showing(page, 3)
    press(page, "ArrowUp")
    showing(page, 2)
    assert served.shelf.decisions == []


def test_nothing_moves_when_the_label_changes(open_review: Opens) -> None:
    page = open_review()
    before = page.evaluate(BOXES)
    for at in range(8):
        press(page, "xaas12xx"[at])
        page.wait_for_timeout(30)
        assert page.evaluate(BOXES) == before


def test_words_of_the_data_are_only_ever_text(open_review: Opens, served: Served) -> None:
    served.shelf.clip_name = "<img src=x onerror=window.broken=1>${window.broken=1}"
    page = open_review()
    expect(page.locator(".clip")).to_contain_text("<img src=x")
    assert page.evaluate("window.broken") is None


def test_the_loop_stands_still_for_those_who_want_less_motion(open_review: Opens) -> None:
    page = open_review(reduced_motion=True)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    press(page, " ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_naming_the_dataset_that_is_shown_already_changes_nothing(open_review: Opens) -> None:
    page = open_review(body="<respot-review></respot-review>")
    press(page, "ArrowDown")
    page.locator("respot-review").evaluate("(review) => review.setAttribute('dataset', '1')")
    showing(page, 2)
    page.locator("respot-review").evaluate("(review) => review.setAttribute('label', '7')")
    showing(page, 7)


def test_a_filter_changes_the_queue(open_review: Opens) -> None:
    page = open_review()
    page.locator("select[aria-label=Class]").select_option("near_court_serve")
    expect(page.locator("respot-review")).to_have_attribute("data-label", "3")
    expect(page.locator(".class")).to_have_text("near court serve")


def test_every_decision_tells_when_the_next_label_was_painted(open_review: Opens) -> None:
    page = open_review()
    page.evaluate("""window.told = [];
        addEventListener('respot-painted', ({detail}) => told.push(detail))""")
    for at in range(5):
        press(page, "a")
        page.wait_for_function("count => told.length === count", arg=at + 1)
    told: list[Any] = page.evaluate("told")
    assert [one["label_id"] for one in told] == [2, 3, 4, 5, 6]
    assert all(one["ms"] > 0 for one in told)
