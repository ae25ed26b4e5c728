"""Keys: remapped, like other tools', without two actions on one key; held, switched off, heard once."""

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import Opens, Served, press, until

pytestmark = pytest.mark.browser

MAPS = """async () => { const {keymap, presets} = await import("/static/review/keymap.js");
    return Object.keys(presets).map((name) => [name, keymap(name, {}).flatMap(({chords}) => chords)]) }"""
LIKE = {
    "cvat": {
        **{"d": "earlier", "f": "later", "c": "earlier5", "v": "later5", " ": "play"},
        **{"ArrowLeft": "previous", "ArrowRight": "next", "e": "peakBefore", "r": "peakAfter"},
        **{"Ctrl+z": "undo", "Ctrl+Shift+z": "redo", "Delete": "remove"},
    },
    "boris": {
        **{" ": "play", "ArrowLeft": "earlier", "ArrowRight": "later", "ArrowDown": "earlier5"},
        **{"ArrowUp": "later5", "PageUp": "next", "PageDown": "previous", "Home": "speed", "Ctrl+z": "undo"},
    },
    "prodigy": {
        **{"a": "accept", "x": "keep", " ": "skip", "Backspace": "undo", "Delete": "undo", "f": "flag"},
        **{"h": "help", "1": "digit", "9": "digit"},
    },
}
"""What the keys of other tools do there, in our words: a jump of theirs is five frames, a keyframe a peak."""
DOES = """async (preset) => { const {keymap} = await import("/static/review/keymap.js");
    const pairs = keymap(preset, {}).flatMap(({action, chords}) => chords.map((chord) => [chord, action]));
    return Object.fromEntries(pairs) }"""
NAMES = """async () => { const {chordOf} = await import("/static/review/keys.js");
    const press = (key, code, more = {}) => chordOf({key, code, ...more});
    return [press("a", "KeyQ"), press("ф", "KeyA"), press("Z", "KeyZ", {shiftKey: true}),
        press("&", "Digit1"),
        press("z", "KeyZ", {metaKey: true}), press("ArrowLeft", "ArrowLeft", {shiftKey: true}),
        press("?", "Slash", {shiftKey: true})] }"""


HIDDEN = """(hidden) => { Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange")) }"""


def showing(page: Page, label_id: int) -> None:
    expect(page.locator("respot-review")).to_have_attribute("data-label", str(label_id))


def test_no_two_actions_share_a_key_and_none_takes_what_the_browser_needs(open_review: Opens) -> None:
    page = open_review()
    maps = page.evaluate(MAPS)
    assert [name for name, _ in maps] == ["respot", "cvat", "boris", "prodigy"]
    for name, chords in maps:
        assert sorted(chords) == sorted(set(chords)), name
        assert not [chord for chord in chords if chord.startswith(("Alt", "Ctrl+w", "Ctrl+t", "F1"))]
    assert page.evaluate(NAMES) == ["a", "a", "Shift+z", "1", "Ctrl+z", "Shift+ArrowLeft", "?"]


@pytest.mark.parametrize("tool", LIKE)
def test_keys_like_another_tools_do_what_they_do_there(open_review: Opens, tool: str) -> None:
    does = open_review().evaluate(DOES, tool)
    assert {chord: does.get(chord) for chord in LIKE[tool]} == LIKE[tool]


def test_a_key_can_be_changed_and_another_tools_keys_chosen(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "?")
    page.get_by_role("button", name="Change the key of: Accept the suggestion").click()
    page.keyboard.press("x")
    expect(page.get_by_role("status").get_by_text("X it is.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".action.accept kbd")).to_have_text("X")
    press(page, "a", "x")
    showing(page, 2)
    until(lambda: [one["verdict"] for one in served.shelf.decisions] == ["accept"])
    press(page, "?")
    page.get_by_label("Keys like").select_option("prodigy")
    page.keyboard.press("Escape")
    press(page, " ")
    showing(page, 3)
    press(page, "Backspace")
    showing(page, 2)
    page.reload()
    expect(page.locator(".action.skip kbd")).to_have_text("Space")


def test_undo_and_redo_answer_to_the_keys_everybody_knows(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "x", "Control+z")
    showing(page, 1)
    press(page, "Control+Shift+Z")
    showing(page, 2)
    press(page, "Backspace")
    showing(page, 1)
    press(page, "Control+y")
    showing(page, 2)
    until(lambda: [one["label_id"] for one in served.shelf.decisions] == [1])


def test_a_flag_may_say_why_and_is_found_by_it(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "Shift+F")
    expect(page.get_by_role("dialog", name="Why is it flagged?")).to_be_visible()
    page.keyboard.press("3")
    showing(page, 2)
    page.get_by_role("button", name="Flag, and say why").click()
    page.get_by_role("button", name="It may be another class").click()
    showing(page, 3)
    press(page, "f")
    until(lambda: [one["reason"] for one in served.shelf.decisions] == ["undefined", "class", None])
    assert all(one["seconds"] > 0 for one in served.shelf.decisions)
    page.get_by_label("Queue").evaluate("(queue) => queue.append(new Option('Flagged', 'flagged'))")
    page.get_by_label("Queue").select_option("flagged")
    showing(page, 1)
    expect(page.locator(".decision")).to_contain_text("Flagged: The instant is not defined well by anna")
    page.get_by_label("Reason of the flag").select_option("It may be another class")
    showing(page, 2)
    page.wait_for_url("**reason=class**")
    expect(page.locator(".position")).to_have_text("1 of 1")


def test_only_the_time_that_the_page_is_seen_counts_as_looking(open_review: Opens, served: Served) -> None:
    page = open_review()
    page.evaluate(HIDDEN, True)
    before = page.evaluate("document.querySelector('respot-review').desk.watch.seconds")
    page.wait_for_function("since => performance.now() > since + 150", arg=page.evaluate("performance.now()"))
    assert page.evaluate("document.querySelector('respot-review').desk.watch.seconds") == before
    page.evaluate(HIDDEN, False)
    press(page, "x")
    until(lambda: len(served.shelf.decisions) == 1)
    assert served.shelf.decisions[0]["seconds"] > before


def test_a_frame_is_gone_to_by_its_number(open_review: Opens, served: Served) -> None:
    page = open_review()
    press(page, "g")
    field = page.get_by_label("Number of a label or a frame")
    field.fill("45")
    page.get_by_role("button", name="Frame 45 of this clip").click()
    expect(page.locator(".candidate .place")).to_have_text("45 (−3)")
    press(page, "g")
    field.fill("99")
    field.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("Frame 99 is not among this label's pictures (36 to 60).")
    press(page, "Enter")
    until(lambda: [one["frame"] for one in served.shelf.decisions] == [45])
