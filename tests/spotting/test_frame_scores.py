"""Eq. 9 with its edges, averaging, suppression and read-outs against slow definitions and worked cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from spotting.frame_scores import (
    average_windows,
    centroids,
    frame_scores,
    hard_nms,
    smooth_scores,
    soft_nms,
    weigh_windows,
)

Column = NDArray[np.float32]


def column(*scores: float) -> Column:
    return np.array(scores, np.float32)[:, None]


@pytest.mark.parametrize("window", [5, 64, 100])
def test_every_frames_own_time_lands_on_it(window: int) -> None:
    times = ((np.arange(window) + 0.5) / window).astype(np.float32)
    scores = np.linspace(0.1, 1, window, dtype=np.float32)[:, None]
    assert np.array_equal(frame_scores(scores, times, window), scores)


def test_times_round_to_the_nearest_frame_and_halves_up() -> None:
    times = (np.array([2.49, 2.5, 3.49]) + 0.5) / 10
    placed = frame_scores(column(0.1, 0.2, 0.3), times.astype(np.float64), 10)
    assert placed[:, 0].tolist() == pytest.approx([0, 0, 0.1, 0.3, 0, 0, 0, 0, 0, 0])


def test_times_at_the_ends_stay_in_the_window() -> None:
    placed = frame_scores(column(0.4, 0.6), np.array([0.0, 1.0], np.float32), 4)
    assert placed[:, 0].tolist() == pytest.approx([0.4, 0, 0, 0.6])


def test_queries_on_one_frame_give_the_highest_score_of_each_class() -> None:
    scores = np.array([[0.2, 0.9], [0.5, 0.1]], np.float32)
    assert frame_scores(scores, np.array([0.3, 0.3], np.float32), 4)[1].tolist() == pytest.approx([0.5, 0.9])


def test_smooth_scores_have_no_holes_between_queries() -> None:
    smooth = smooth_scores(column(0.5, 0.5), np.array([3.5, 4.5], np.float32), 9)[:, 0]
    exact = 1 - (1 - 0.5 * np.exp(-0.5 * (0.5 / 0.7) ** 2)) ** 2
    assert smooth[4] == pytest.approx(exact, rel=1e-5)
    assert smooth[3] == smooth[5]
    assert smooth[4] == smooth.max()


def test_a_smooth_score_on_a_frame_keeps_its_height() -> None:
    assert smooth_scores(column(0.8), np.array([2.0], np.float32), 5)[2, 0] == pytest.approx(0.8)


def test_overlapping_windows_are_averaged_where_they_are() -> None:
    scores = np.stack([column(0.2, 0.4, 0.6, 0.8), column(1.0, 0.0, 0.5, 0.5)])
    mean = average_windows(scores, np.array([-1, 2]), 5)
    assert mean[:, 0].tolist() == pytest.approx([0.4, 0.6, 0.9, 0.0, 0.5])
    assert average_windows(scores[:1], np.array([-1]), 5)[:, 0].tolist() == pytest.approx(
        [0.4, 0.6, 0.8, 0, 0]
    )


def test_evidence_is_a_weighted_geometric_mean_of_what_windows_expect() -> None:
    """Windows of 4 frames weigh theirs 1/4, 3/4, 3/4, 1/4."""
    expected = np.stack([column(0.1, 0.2, 0.3, 0.4), column(0.6, 0.5, 0.2, 0.1)])
    found = weigh_windows(-np.expm1(-expected), np.array([-1, 1]), 5)
    between = [0.3**0.75 * 0.6**0.25, 0.4**0.25 * 0.5**0.75]
    assert -np.log1p(-found[:, 0]) == pytest.approx([0.2, *between, 0.2, 0.1], rel=1e-5)


def test_what_windows_say_at_their_ends_does_not_outweigh_the_middle_of_another() -> None:
    """The event is at frame 15: the first window misses it at its end, the last puts it one frame on."""
    windows = np.full((3, 16, 1), 0.01, np.float32)
    windows[1, 7:9, 0], windows[2, 0] = (0.7, 0.2), 0.9
    starts = np.array([0, 8, 16])
    assert average_windows(windows, starts, 32)[:, 0].argmax() == 16
    assert weigh_windows(windows, starts, 32)[:, 0].argmax() == 15


def slow_soft_nms(scores: list[float], window: int, lowest: float) -> list[float]:
    """The field's definition: a list of candidates, the best kept, the others near it made smaller."""
    candidates, kept = dict(enumerate(scores)), [0.0] * len(scores)
    while candidates:
        best = max(candidates, key=lambda frame: (candidates[frame], -frame))
        if candidates[best] < lowest:
            break
        kept[best] = candidates.pop(best)
        for frame in candidates:
            if abs(frame - best) <= window:
                candidates[frame] *= (abs(frame - best) / window) ** 2
    return kept


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_soft_suppression_is_its_definition(scores: list[float], window: int) -> None:
    assert soft_nms(column(*scores), window)[:, 0].tolist() == pytest.approx(
        slow_soft_nms(scores, window, 0.01), abs=1e-6
    )


def test_soft_suppression_by_hand() -> None:
    """Of the two 0.9 the first is kept, then 0.5 three frames on, then the second 0.9, by 1/9 and 4/9."""
    kept = soft_nms(column(0.09, 0.9, 0.9, 0.36, 0.5))
    assert kept[:, 0].tolist() == pytest.approx([0, 0.9, 0.9 / 9 * 4 / 9, 0, 0.5])


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_hard_suppression_keeps_no_two_near_each_other_and_every_other_has_a_better_neighbour(
    scores: list[float], window: int
) -> None:
    before, after = column(*scores)[:, 0], hard_nms(column(*scores), window)[:, 0]
    kept = np.flatnonzero(after)
    assert (np.diff(kept) > window).all()
    assert np.array_equal(after[kept], before[kept])
    for frame in np.flatnonzero((after == 0) & (before >= 0.01)):
        assert (after[max(0, frame - window) : frame + window + 1] >= before[frame]).any()


def test_classes_are_suppressed_apart() -> None:
    scores = np.array([[0.9, 0.0], [0.0, 0.9]], np.float32)
    assert np.array_equal(soft_nms(scores), scores)
    assert np.array_equal(hard_nms(scores), scores)


def test_a_centroid_is_the_middle_of_the_curve_near_the_label() -> None:
    scores = np.zeros((2, 30, 2), np.float32)
    scores[0, 12:15, 1] = 0.5
    scores[1, 29, 0] = 0.8
    offsets, best = centroids(scores, np.array([0, 1]), np.array([10, 27]), np.array([1, 0]))
    assert offsets == pytest.approx([3.0, 2.0], abs=1e-4)
    assert best == pytest.approx([0.5, 0.8])


def test_a_flat_curve_leaves_the_label_where_it_is() -> None:
    offsets, _ = centroids(np.full((1, 30, 1), 0.2, np.float32), np.array([0]), np.array([15]), np.array([0]))
    assert offsets == pytest.approx([0.0], abs=1e-6)
