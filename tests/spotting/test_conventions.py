"""Events of slow movements: every class occurs, and a convention moves all of them alike."""

import numpy as np

from spotting.conventions import AMBIGUOUS, convention_of, slow_events
from spotting.rally import Rally, simulate


def rallies(count: int) -> list[Rally]:
    return [simulate(np.random.default_rng(seed), 256) for seed in range(count)]


def test_every_class_occurs_and_lies_inside_the_clip() -> None:
    found = [event for rally in rallies(10) for event in slow_events(rally, 256, 0.0)]
    assert {label for _, label in found} == set(AMBIGUOUS)
    assert all(-0.5 <= time < 255.5 for time, _ in found)


def test_a_convention_moves_every_event_by_as_much() -> None:
    for rally in rallies(5):
        middle, late = (dict.fromkeys(slow_events(rally, 256, by)) for by in (0.0, 2.0))
        moved = {(round(time + 2, 6), label) for time, label in middle}
        kept = {(round(time, 6), label) for time, label in late}
        assert len(moved & kept) >= len(kept) - 3


def test_matches_differ_in_their_convention() -> None:
    assert {convention_of(match) for match in range(6)} == {-2.0, 0.0, 2.0}


def test_the_ball_is_highest_at_an_apex() -> None:
    for rally in rallies(5):
        for time, label in slow_events(rally, 256, 0.0):
            if label == "apex" and 1 < time < 254:
                heights = rally.ball(np.array([time - 1, time, time + 1]))[:, 2]
                assert heights[1] >= heights[[0, 2]].max()


def test_events_of_one_class_do_not_come_upon_one_another() -> None:
    for rally in rallies(10):
        for name in AMBIGUOUS:
            times = [time for time, label in slow_events(rally, 256, 0.0) if label == name]
            assert np.diff(times).min(initial=99) >= 6
