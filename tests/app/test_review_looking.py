"""What a person sees of a label beyond deciding: far shifts, crops, the loop, the panel beside, links."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Opens, Served, press, until

pytestmark = pytest.mark.browser

LABEL = '<respot-review dataset="1" annotator="anna" label="{}"></respot-review>'
DRAWN = """() => [...document.querySelector("respot-review").shadowRoot.querySelector(".tagged canvas")
    .getContext("2d").getImageData(0, 0, 60, 60).data].reduce((sum, value) => sum + value, 0)"""


def showing(page: Page, label_id: int) -> None:
    expect(page.locator("respot-review")).to_have_attribute("data-label", str(label_id))


def test_a_far_suggestion_leaves_the_tag_in_the_middle_and_is_reached_at_the_edge(
    open_review: Opens, served: Served
) -> None:
    page = open_review(body=LABEL.format(13))
    expect(page.locator(".cell").nth(4)).to_have_class(re.compile("tagged"))
    expect(page.locator(".cell.suggested")).to_have_count(0)
    expect(page.locator(".arrow text")).to_have_text("+9.0")
    expect(page.locator(".edge.before")).to_be_hidden()
    edge = page.locator(".edge.after")
    expect(edge).to_have_text("+9 ▶")
    expect(page.locator(".candidate .place")).to_contain_text("(+9)")
    press(page, "Shift+ArrowLeft", "Shift+ArrowLeft")
    expect(page.locator(".candidate .place")).to_contain_text("(−1)")
    edge.click()
    expect(edge).to_have_text("✔ +9 ▶")
    press(page, "Enter")
    until(lambda: len(served.shelf.decisions) == 1)
    assert served.shelf.decisions[0]["verdict"] == "accept"


def test_peaks_are_jumped_to_and_a_digit_that_is_not_drawn_only_chooses(open_review: Opens) -> None:
    page = open_review(width=390)
    press(page, "]")
    expect(page.locator(".toast")).to_have_text("The score has no other peak that way.")
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "]")
    expect(page.locator(".candidate .place")).to_contain_text("50")
    press(page, "1")
    showing(page, 1)
    expect(page.locator(".edge.before")).to_have_text("◀ ✔ −4")


def test_crop_and_zoom_change_what_is_drawn_and_are_remembered_per_class(open_review: Opens) -> None:
    page = open_review(reduced_motion=True)
    full = page.evaluate(DRAWN)
    crop = page.get_by_role("button", name="Crop to the action")
    press(page, "+", "+")
    expect(crop).to_have_attribute("aria-pressed", "true")
    zoomed = page.evaluate(DRAWN)
    assert zoomed != full
    page.locator(".panel.tagged canvas").hover()
    page.mouse.down()
    page.mouse.move(500, 300)
    page.mouse.up()
    assert page.evaluate(DRAWN) != zoomed
    press(page, "v")
    assert page.evaluate(DRAWN) == full
    press(page, "v", "ArrowDown")
    expect(crop).to_have_attribute("aria-pressed", "false")
    press(page, "ArrowDown", "ArrowDown")
    expect(page.locator(".class")).to_have_text("far court bounce")
    expect(crop).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Automatic crop").click()
    expect(crop).to_have_attribute("aria-pressed", "false")


def test_the_loop_has_speeds_ways_and_a_blink(open_review: Opens) -> None:
    page = open_review(reduced_motion=True)
    ways, speeds = page.get_by_label("How it plays"), page.get_by_label("Speed", exact=True)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    for key, way in (
        ("j", "backward"),
        ("l", "forward"),
        ("p", "pingPong"),
        ("b", "blink"),
        ("b", "forward"),
    ):
        press(page, key)
        expect(ways).to_have_value(way)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.down("b")
    expect(ways).to_have_value("blink")
    page.wait_for_function("since => performance.now() > since + 400", arg=page.evaluate("performance.now()"))
    page.keyboard.up("b")
    expect(ways).to_have_value("forward")
    press(page, "l")
    expect(speeds).to_have_value("0.5")
    press(page, "r", "r")
    expect(speeds).to_have_value("0.1")
    press(page, "k")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    ways.select_option("blink")
    expect(page.locator(".loop .place")).to_have_text("50")
    expect(page.locator(".loop .place")).to_have_text("48")


def test_the_model_is_hidden_while_the_key_is_held(open_review: Opens, served: Served) -> None:
    page = open_review()
    page.keyboard.down("h")
    expect(page.locator(".trust")).to_contain_text("The model is hidden while you hold the key.")
    expect(page.locator(".arrow text")).to_have_count(0)
    page.keyboard.press("a")
    page.keyboard.up("h")
    expect(page.locator(".arrow text")).to_have_text("+1.7")
    showing(page, 1)
    assert served.shelf.decisions == []


def test_a_blind_check_shows_no_suggestion_and_says_why(open_review: Opens, served: Served) -> None:
    served.shelf.audited = {1}
    page = open_review()
    expect(page.locator(".trust header")).to_contain_text("Blind check")
    expect(page.locator(".trust .spark")).to_have_count(0)
    press(page, "6")
    until(lambda: [one["suggestion_id"] for one in served.shelf.decisions] == [None])


def test_the_panel_tells_why_what_the_class_means_the_history_and_the_log(
    open_review: Opens, served: Served
) -> None:
    page = open_review()
    panel = page.locator(".trust")
    expect(panel).to_contain_text("steady in 3 of the last 4 epochs")
    expect(panel).to_contain_text("Decided in this class: +0.3 ± 0.9 frames (128)")
    expect(panel).to_contain_text("gap 0.62: clear")
    expect(panel).to_contain_text("187 of 200 suggestions this sure were right to a frame (89–97")
    panel.get_by_role("button", name="Class").click()
    expect(panel).to_contain_text("Nobody has written down yet")
    panel.get_by_role("button", name="Edit the text").click()
    panel.get_by_label("Which instant is meant").fill("The ball touches the court <b>")
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator(".definition:visible")).to_have_text("The ball touches the court <b>")
    panel.get_by_role("button", name="Add the shown frame").click()
    expect(panel.locator(".examples img")).to_have_count(1)
    assert [one["frame"] for one in served.shelf.definitions["far_court_bounce"]["examples"]] == [50]
    press(page, "x")
    panel.get_by_role("button", name="My log").click()
    expect(panel.locator(".entry")).to_have_text([re.compile("Kept the tag · far court bounce")])
    panel.locator(".entry").click()
    showing(page, 1)
    panel.get_by_role("button", name="History").click()
    expect(panel.locator(".rows:visible li")).to_have_text(["tagged 48", re.compile("Kept the tag by anna")])


def test_links_lead_to_a_label_in_its_queue_and_filters_are_kept_in_the_address(open_review: Opens) -> None:
    page = open_review(body=LABEL.format(""), before=lambda page: page.add_init_script(ADDRESS))
    showing(page, 9)
    expect(page.get_by_label("Queue")).to_have_value("all")
    press(page, "ArrowDown")
    showing(page, 1)
    page.get_by_role("button", name="usopen_2019_final_000").click()
    page.wait_for_url("**clip=0**")
    showing(page, 1)
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["queue"], asked["dataset"], asked.get("label")) == (["all"], ["1"], None)
    press(page, "ArrowDown", "ArrowDown", "ArrowDown")
    expect(page.locator(".toast")).to_have_text("This is the last label here.")
    page.get_by_role("button", name="Go to a label, a frame or a clip").click()
    page.get_by_label("Number of a label").fill("999")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("Label 999 is not in this dataset.")
    showing(page, 1)


ADDRESS = """if (!location.search.includes("queue"))
    history.replaceState(null, "", location.href + "&queue=all&label=9")"""


def test_on_to_the_next_undecided_label(open_review: Opens) -> None:
    page = open_review(before=lambda page: page.add_init_script(ADDRESS.replace("9", "1")))
    press(page, "x", "a", "x", "s", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
    showing(page, 1)
    page.get_by_role("button", name="Next undecided label").click()
    showing(page, 4)
    press(page, "u")
    showing(page, 5)


def test_a_clip_without_pictures_says_why_and_can_be_left_out(open_review: Opens, served: Served) -> None:
    served.shelf.broken_clip = 0
    page = open_review(waits=False)
    expect(page.locator(".notices")).to_contain_text("the working copy is gone; import it again")
    page.get_by_role("button", name="Leave this clip out for now").click()
    showing(page, 4)
    expect(page.get_by_text("the working copy is gone")).to_be_hidden()
    assert served.shelf.decisions == []


def test_the_queues_that_hold_something_are_offered_and_a_lease_is_told(
    open_review: Opens, served: Served
) -> None:
    held = {"label_id": 1, "annotator": "lena", "expires_at": "2025-01-01T12:03:00Z", "wanted_by": None}
    served.shelf.leases = [held]
    page = open_review()
    names = ["Likely errors (3)", "Blind audit (3)", "All labels (3)", "odd (3)"]
    expect(page.get_by_label("Queue").locator("option")).to_have_text(names)
    expect(page.locator(".notices")).to_contain_text("lena has this label before them until")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator(".notices")).to_contain_text("You asked for it.")
    assert served.shelf.leases[0]["wanted_by"] == "anna"
    page.get_by_role("button", name="Take the next instead").click()
    showing(page, 2)
    expect(page.get_by_role("button", name="Take the next instead")).to_be_hidden()


def test_a_label_that_somebody_asks_for_is_given_or_kept(open_review: Opens, served: Served) -> None:
    mine = {"label_id": 1, "annotator": "anna", "expires_at": "2025-01-01T12:03:00Z", "wanted_by": "lena"}
    served.shelf.leases = [mine]
    page = open_review()
    expect(page.locator(".notices")).to_contain_text("lena asks for this label.")
    page.get_by_role("button", name="Give it, and go on").click()
    showing(page, 2)
    expect(page.get_by_text("lena asks")).to_be_hidden()
    assert served.shelf.leases[0]["annotator"] == "lena"


def test_a_label_gets_another_class_by_two_keys(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "c")
    expect(page.get_by_role("button", name="far court bounce", pressed=True)).to_be_visible()
    page.keyboard.press("3")
    showing(page, 2)
    until(lambda: [one["label"] for one in served.shelf.decisions] == ["near_court_swing"])
    assert served.shelf.decisions[0]["verdict"] == "relabel"


def test_the_pace_is_told_together_with_the_blind_audit(open_review: Opens) -> None:
    page = open_review()
    expect(page.get_by_label("Queue").locator("option")).to_have_count(4)
    press(page, *"xaxaxa")
    told = re.compile(r"\d s a label · [\d,]+ an hour · blind audit: 19 of 20 suggestions right")
    expect(page.locator(".pace")).to_have_text(told)


def test_a_bulk_step_is_one_entry_of_the_log_and_is_undone_whole(open_review: Opens, served: Served) -> None:
    step = {"id": 1, "kind": "accept", "words": "6,210 accepted", "annotator": "anna", "undone": False}
    served.shelf.batches = [step | {"created_at": "2025-01-01T12:03:00Z"}]
    page = open_review()
    press(page, "x")
    until(lambda: len(served.shelf.decisions) == 1)
    log = page.locator(".trust")
    log.get_by_role("button", name="My log").click()
    rows = log.locator(".rows:visible li")
    expect(rows).to_have_text([re.compile("Kept the tag"), re.compile("6,210 accepted")])
    rows.get_by_role("button", name="Undo").click()
    expect(log.locator(".bulk .undone")).to_contain_text("6,210 accepted")
    assert served.shelf.batches[0]["undone"]


def test_a_clip_is_found_by_a_part_of_its_name(open_review: Opens) -> None:
    page = open_review()
    press(page, "g")
    field = page.get_by_label("Number of a label or a frame, or part of a clip's name")
    field.fill("nowhere")
    expect(page.get_by_text("No clip has this in its name.")).to_be_visible()
    field.fill("final_00")
    expect(page.get_by_text("8 clips found")).to_be_visible()
    page.get_by_role("button", name="usopen_2019_final_002 4 labels").click()
    showing(page, 8)
    expect(page.locator(".position")).to_have_text("1 of 4")
    press(page, "ArrowDown")
    expect(page.locator(".position")).to_have_text("2 of 4")


def test_one_frame_at_a_time_while_the_pause_key_is_held(open_review: Opens) -> None:
    page = open_review()
    page.keyboard.down("k")
    page.keyboard.press("l")
    at = int(page.locator(".loop .place").inner_text())
    page.keyboard.press("l")
    expect(page.locator(".loop .place")).to_have_text(str(at + 1))
    for _ in range(2):
        page.keyboard.press("j")
    expect(page.locator(".loop .place")).to_have_text(str(at - 1))
    page.keyboard.up("k")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
