"""What the review shows out of the ordinary: doubts, ends, runs; and the way of the Tab key."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import REVIEW, Opens, Served, press, until
from tests.app.test_accessibility import AXE, TITLE, violations

pytestmark = pytest.mark.browser

FOCUSED = """() => { const root = document.querySelector("respot-review").shadowRoot, at = root.activeElement;
    const part = at?.closest(".card, .actions, .trust, .panel, .head");
    return part?.getAttribute("class").split(" ")[0] ?? null }"""


def showing(page: Page, label_id: int) -> None:
    expect(page.locator("respot-review")).to_have_attribute("data-label", str(label_id))


def test_a_missing_event_is_added_or_said_not_to_be_there(open_review: Opens, served: Served) -> None:
    served.shelf.proposed = {1, 2, 3}
    served.shelf.doubts = {1: [{"kind": "missing", "reason": "a clear peak without a label", "label": None}]}
    page = open_review()
    expect(page.locator(".cell .shift").nth(4)).to_have_text("NEW?")
    expect(page.locator(".trust")).to_contain_text("Is there such an event here?")
    expect(page.locator(".trust")).to_contain_text("a clear peak without a label")
    expect(page.locator(".panel.tagged strong")).to_have_text("Proposed")
    press(page, "ArrowRight")
    expect(page.get_by_role("button", name="Add +1")).to_be_visible()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".toast")).to_have_text("Added · Z to undo")
    press(page, "x")
    expect(page.locator(".toast")).to_have_text("No event, not added · Z to undo")
    press(page, "d")
    showing(page, 4)
    until(lambda: len(served.shelf.decisions) == 3)
    assert [one["verdict"] for one in served.shelf.decisions] == ["keep", "remove", "remove"]


def test_a_doubt_asks_its_question_and_marks_the_answer(open_review: Opens, served: Served) -> None:
    swapped = {"kind": "swapped", "reason": "the evidence is of another class", "label": "near_court_swing"}
    served.shelf.doubts = {1: [{"kind": "spurious", "reason": "nothing there", "label": None}], 2: [swapped]}
    page = open_review()
    expect(page.locator(".question")).to_contain_text("remove it if there is none")
    expect(page.locator(".action.remove")).to_have_class(re.compile("asked"))
    press(page, "x")
    expect(page.locator(".question")).to_contain_text("Is it of another class?")
    press(page, "c")
    expect(page.get_by_role("button", name="near court swing · as the evidence says")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1366, 640), (390, 720), (640, 720)])
def test_buttons_and_what_is_told_are_on_the_screen_whole(
    open_review: Opens, served: Served, width: int, height: int
) -> None:
    served.shelf.suggestions = False
    page = open_review(width=width)
    page.set_viewport_size({"width": width, "height": height})
    press(page, "a")
    expect(page.locator(".toast")).to_have_text(re.compile("no suggestion to accept"))
    assert page.locator(".toast").evaluate("(toast) => toast.scrollWidth <= toast.clientWidth + 1")
    for part in (page.locator(".toast"), page.get_by_role("button", name="Redo")):
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


def test_the_end_of_a_queue_leads_to_the_next_one_that_holds_something(
    open_review: Opens, served: Served
) -> None:
    served.shelf.labels = 2
    page = open_review()
    press(page, "7", "x")
    stage = page.locator(".stage")
    expect(stage).to_contain_text("In this sitting 1 label of 2 moved, by 2.0 frames on average.")
    stage.get_by_role("button", name="Go on with: Blind audit (3)").click()
    page.wait_for_url("**queue=audit**")


def test_the_curve_is_a_table_too(open_review: Opens) -> None:
    page = open_review()
    before = page.locator(".card").bounding_box()
    page.get_by_role("button", name="As a table").click()
    rows = page.locator(".figures tbody tr")
    expect(rows).to_have_count(9)
    expect(rows.nth(6)).to_have_text(re.compile(r"50\+20\.\d\d0\.\d\dSuggested"))
    assert page.locator(".card").bounding_box() == before
    press(page, "x")
    expect(rows.nth(4)).to_have_text(re.compile("Tagged"))
    page.get_by_role("button", name="As a table").click()
    expect(page.locator(".plot")).to_be_visible()


def test_tab_meets_the_filmstrip_the_buttons_the_panel_the_pictures_and_the_header(
    open_review: Opens,
) -> None:
    page = open_review()
    met: list[str] = []
    while len(met) < 5:
        page.keyboard.press("Tab")
        part = page.evaluate(FOCUSED)
        assert part is not None
        if part not in met:
            met.append(part)
    assert met == ["card", "actions", "trust", "panel", "head"]


def test_after_a_decision_by_tab_and_enter_the_filmstrip_has_the_focus(open_review: Opens) -> None:
    page = open_review()
    page.locator(".cell[tabindex='0']").focus()
    while page.evaluate(FOCUSED) != "actions":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    showing(page, 2)
    expect(page.locator(".cell:focus")).to_have_count(1)


def test_a_run_that_trains_says_how_far_it_is_and_one_that_failed_why(
    open_review: Opens, served: Served
) -> None:
    served.shelf.suggestions = False
    page = open_review()
    expect(page.locator(".trust")).to_contain_text(re.compile(r"Run 3 is training \(epoch \d+.* left\)"))
    served.shelf.run_state = "failed"
    page.reload()
    expect(page.locator(".notices")).to_contain_text("Run 3 failed: out of memory")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Run 3 failed")).to_be_hidden()


def test_a_moved_video_is_pointed_at_from_where_its_pictures_are_missing(
    open_review: Opens, served: Served
) -> None:
    served.shelf.broken_clip = 0
    page = open_review(waits=False)
    page.get_by_role("button", name="The video was moved").click()
    folder = page.get_by_label("Folder with the videos")
    folder.fill("/old/place")
    folder.press("Enter")
    expect(page.get_by_text("/old/place: no such folder of videos")).to_be_visible()
    folder.fill("/new/place")
    page.get_by_role("button", name="Look there").click()
    expect(page.get_by_text("1 found again")).to_be_visible()
    page.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("the working copy is gone")).to_be_hidden()
    press(page, "x")
    showing(page, 2)


def test_labels_that_do_not_come_are_told_and_shown_once_they_do(open_review: Opens) -> None:
    beyond = re.compile("after=6")

    def nothing_beyond(page: Page) -> None:
        page.add_init_script("history.replaceState(null, '', location.href + '&queue=all')")
        page.route(beyond, lambda route: route.abort())

    page = open_review(before=nothing_beyond)
    press(page, *"xxxxxx")
    expect(page.locator(".stage")).to_contain_text("More labels are there, but they could not be loaded.")
    page.unroute(beyond)
    showing(page, 7)


def test_a_known_bias_is_named_but_not_where_the_own_eye_is_measured(
    open_review: Opens, served: Served
) -> None:
    checked = {"of": "class", "name": "far_court_bounce", "frames": 1.44, "labels": 312}
    unchecked = {"of": "annotator", "name": "ben", "frames": -2.0, "labels": 40, "low": None, "high": None}
    served.shelf.biases = [checked | {"low": 1.31, "high": 1.58}, unchecked]
    served.shelf.audited = {2}
    page = open_review()
    card = page.get_by_role("region", name="Known bias")
    expect(card.locator("p")).to_have_text(
        [
            "Class far court bounce: events lie 1.4 frames later than tagged, by 312 blind checks "
            "(+1.3 to +1.6).",
            "Labels by ben: events lie 2.0 frames earlier than tagged, by the model's account of 40 labels. "
            "Nobody has checked it.",
        ]
    )
    press(page, "x")
    showing(page, 2)
    expect(page.locator(".trust")).to_contain_text("Blind check")
    expect(card).to_be_hidden()
    expect(page.get_by_text("Decided in this class")).to_be_hidden()


def doubtful(served: Served) -> None:
    served.shelf.proposed = {1}
    served.shelf.doubts = {1: [{"kind": "missing", "reason": "a clear peak", "label": None}]}


def table(page: Page) -> None:
    page.get_by_role("button", name="As a table").click()


def reasons(page: Page) -> None:
    page.keyboard.press("Shift+F")


def finder(page: Page) -> None:
    page.keyboard.press("g")
    page.get_by_label("Number of a label").fill("final")
    page.get_by_role("button", name="usopen_2019_final_000 4 labels").wait_for()


def relinking(page: Page) -> None:
    page.get_by_role("button", name="The video was moved").click()
    page.get_by_label("Folder with the videos").fill("/old/place")
    page.keyboard.press("Enter")
    page.get_by_text("no such folder").wait_for()


def end(page: Page) -> None:
    press(page, "x", "x")
    page.locator(".stage").wait_for()


@pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize("theme", ["", "dark"])
def test_bars_questions_and_the_search_for_videos_have_no_violations(
    open_review: Opens, served: Served, theme: str
) -> None:
    mine = {"label_id": 1, "annotator": "anna", "expires_at": "2025-01-01T12:03:00Z", "wanted_by": "lena"}
    choices = [["keep", "the labels are right as they are"], ["move", "move all 20 labels 2 frames later"]]
    question = {"of": "class", "name": "far_court_bounce", "choices": choices, "answer": None, "by": None}
    unchecked = {"of": "annotator", "name": "ben", "frames": -2.0, "labels": 40, "low": None, "high": None}
    served.shelf.leases = [mine | {"annotator": "lena", "wanted_by": None}]
    served.shelf.broken_clip = 0
    page = open_review(body=TITLE + REVIEW, theme=theme, reduced_motion=True, waits=False)
    page.get_by_role("button", name="Ask for it").wait_for()
    relinking(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert violations(page) == []
    served.shelf.leases = [mine]
    served.shelf.broken_clip = None
    served.shelf.questions = [question | {"words": "Its evidence lies 2.1 frames later."}]
    served.shelf.biases = [unchecked]
    page = open_review(body=TITLE + REVIEW, theme=theme, reduced_motion=True)
    page.get_by_role("button", name="Give it, and go on").wait_for()
    page.get_by_role("region", name="A question about the whole class").wait_for()
    page.get_by_role("region", name="Known bias").wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert violations(page) == []


@pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize(("theme", "steps"), [("", [table, finder]), ("dark", [reasons, end])])
def test_the_other_states_have_no_violations(
    open_review: Opens, served: Served, theme: str, steps: list[Callable[[Page], None]]
) -> None:
    doubtful(served)
    served.shelf.run_state = "failed"
    served.shelf.labels = 8 if theme == "" else 2
    page = open_review(body=TITLE + REVIEW, theme=theme, reduced_motion=True)
    for step in steps:
        step(page)
        assert violations(page) == []
        page.keyboard.press("Escape")
