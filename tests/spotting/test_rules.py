from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotting.doubts import ClipLabels
from spotting.errors import BadConfig
from spotting.events import Event
from spotting.rules import Gap, Rules, broken, forbid, rare_successions, read_rules, successions

CLASSES = ("serve", "bounce", "hit")


def clip(*events: tuple[str, int], name: str = "one") -> ClipLabels:
    return ClipLabels(name, 500, tuple(Event(label, frame) for label, frame in events))


def test_rules_are_read_from_toml():
    text = 'first = ["serve"]\nnever = [["hit", "hit"]]\ngaps = [["hit", "bounce", 4]]\nduplicate_gap = 2'
    assert read_rules(text, CLASSES) == Rules(
        first=("serve",), never=(("hit", "hit"),), gaps=(Gap("hit", "bounce", 4),), duplicate_gap=2
    )
    assert read_rules("", CLASSES) == Rules()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("first = [", "rules: "),
        ('last = ["hit"]', "there is no rule last: there are first, never, gaps, duplicate_gap"),
        ('first = ["volley"]', "there is no class volley: there are serve, bounce, hit"),
        ('never = ["hit"]', "never must be a list of lists"),
        ('never = [["hit"]]', r"\['hit'\] in never must be \[a class, a class\]"),
        ('gaps = [["hit", "hit", "2"]]', r"in gaps must be \[a class, a class, a number of frames\]"),
        ("duplicate_gap = -1", "duplicate_gap is -1: must be a number of frames from 0"),
        ("duplicate_gap = true", "duplicate_gap is True"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(text: str, said: str):
    with pytest.raises(BadConfig, match=said):
        read_rules(text, CLASSES)


def test_the_first_label_of_a_clip_is_the_earliest_not_the_first_written():
    rules = Rules(first=("serve",))
    assert broken(rules, [clip(("hit", 40), ("serve", 10))]) == []
    (doubt,) = broken(rules, [clip(), clip(("serve", 50), ("bounce", 10))])
    assert (doubt.clip, doubt.event, doubt.reason) == (1, 1, "the clip begins with bounce")


def test_an_impossible_succession_doubts_the_later_label():
    (doubt,) = broken(Rules(never=(("hit", "bounce"),)), [clip(("bounce", 30), ("hit", 25), ("bounce", 20))])
    assert (doubt.kind, doubt.event, doubt.other) == ("order", 0, (0, 1))
    assert doubt.reason == "bounce never follows hit (5 frames before)"


def test_labels_too_close_are_found_whatever_lies_between():
    rules = Rules(gaps=(Gap("serve", "hit", 10),), duplicate_gap=0)
    (doubt,) = broken(rules, [clip(("serve", 10), ("bounce", 15), ("hit", 19), ("hit", 21))])
    assert (doubt.event, doubt.other, doubt.reason) == (
        2,
        (0, 0),
        "hit 9 frames after serve: at least 10 lie between",
    )


def test_one_event_written_twice_is_found_in_one_class_only():
    found = broken(Rules(), [clip(("hit", 10), ("hit", 10), ("bounce", 10), ("hit", 12), ("hit", 15))])
    assert [(doubt.kind, doubt.event) for doubt in found] == [
        ("duplicate", 1),
        ("duplicate", 3),
        ("duplicate", 3),
    ]


@given(st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(0, 60)), max_size=12), st.integers(0, 9))
def test_duplicates_are_all_pairs_of_one_class_that_are_too_close(events: list[tuple[str, int]], gap: int):
    found = broken(Rules(duplicate_gap=gap), [clip(*events)])
    close = [
        (i, j)
        for i, one in enumerate(events)
        for j, other in enumerate(events)
        if i < j and one[0] == other[0] and abs(one[1] - other[1]) < gap
    ]
    assert len(found) == len(close)
    pairs = {frozenset((doubt.event, doubt.other[1])) for doubt in found if doubt.other}
    assert pairs == {frozenset(pair) for pair in close}


def test_seldom_successions_are_offered_as_rules():
    usual = clip(*[(label, 10 * i) for i, label in enumerate(["serve", "bounce", "hit"] * 60)])
    odd = clip(("serve", 10), ("hit", 20))
    (rare,) = rare_successions(successions([usual, odd]))
    assert (rare.one, rare.other, rare.count, rare.of) == ("serve", "hit", 1, 61)
    assert rare_successions(successions([odd])) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        'first = ["serve"]\n',
        '# why\nnever = [["hit", "hit"]]  # kept\n',
        "never = [\n]\nduplicate_gap = 2",
    ],
)
def test_a_succession_is_forbidden_and_the_rest_of_the_text_stays(text: str):
    classes = [*CLASSES, 'a "b" ü']
    before = read_rules(text, classes)
    after = forbid(text, [("hit", 'a "b" ü'), ("bounce", "serve")])
    assert read_rules(after, classes) == replace(
        before, never=(("hit", 'a "b" ü'), ("bounce", "serve"), *before.never)
    )
    assert all(line in after for line in text.splitlines() if "never" not in line)
    assert "# kept" in after or "# kept" not in text
    assert forbid(text, []) == text
