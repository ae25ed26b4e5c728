"""Windows merged in continuous time: hand-worked cases, and better than averaging where windows differ."""

import numpy as np
import pytest

from spotting.frame_scores import average_windows, frame_scores
from spotting.merge import Moment, Sightings, edge_weight, merge, peaks, spread, suppress

STARTS = np.array([0, 10])


def seen(*rows: tuple[float, float, int]) -> Sightings:
    """Sightings given as (frame, score, window)."""
    time_K, score_K, window_K = np.array(rows, np.float64).reshape(-1, 3).T
    return Sightings(time_K, score_K, window_K.astype(np.int64))


def test_windows_that_differ_by_a_frame_keep_the_score_that_averaging_halves() -> None:
    merged = merge(seen((14.0, 0.8, 0), (15.0, 0.8, 1)), STARTS, 20)
    assert [(m.time, m.score, m.disagreement) for m in merged] == [pytest.approx((14.5, 0.8, 0.5), abs=0.03)]
    scores = [frame_scores(np.array([[0.8]], np.float32), np.array([(at + 0.5) / 20]), 20) for at in (14, 5)]
    assert average_windows(np.stack(scores), STARTS, 30).max() == pytest.approx(0.4)


def test_what_one_of_two_windows_saw_counts_half_and_has_no_disagreement() -> None:
    (moment,) = merge(seen((14.5, 0.8, 0)), STARTS, 20)
    assert moment.score == pytest.approx(0.4)
    assert np.isnan(moment.disagreement)
    (alone,) = merge(seen((3.0, 0.8, 0)), STARTS, 20)
    assert alone.score == pytest.approx(0.8)


def test_a_window_near_whose_edge_the_event_lies_counts_less() -> None:
    (moment,) = merge(seen((10.0, 0.6, 0), (11.0, 0.6, 1)), STARTS, 20)
    assert 10.0 < moment.time < 10.2
    assert edge_weight(np.array([0.0, 9.5, 19.0]), 20).tolist() == pytest.approx([0.05, 1.0, 0.05])


def test_two_sightings_of_one_window_stay_two_moments() -> None:
    merged = merge(seen((14.0, 0.9, 0), (15.0, 0.5, 0), (14.2, 0.9, 1)), STARTS, 20)
    assert len(merged) == 2
    assert merged[0].score == pytest.approx(0.9)
    assert merged[1].time == 15.0


def test_sightings_too_far_apart_are_different_events() -> None:
    assert len(merge(seen((13.0, 0.9, 0), (14.6, 0.9, 1)), STARTS, 20)) == 2
    assert merge(seen(), STARTS, 20) == []


def test_the_spread_is_the_weighted_deviation() -> None:
    assert spread(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 1.0
    assert spread(np.array([1.0, 5.0]), np.array([3.0, 1.0])) == pytest.approx(np.sqrt(3.0))
    assert np.isnan(spread(np.array([1.0]), np.array([1.0])))


def test_peaks_are_the_maxima_to_a_fraction_of_a_frame() -> None:
    frames = np.arange(12)
    curve = np.exp(-0.5 * ((frames - 4.3) / 2.0) ** 2) + np.exp(-0.5 * ((frames - 11.0) / 0.6) ** 2)
    times, heights = peaks(curve[:, None].astype(np.float32), 0)
    assert times == pytest.approx([4.3, 11.0], abs=0.3)
    assert heights == pytest.approx([curve[4], curve[11]], abs=1e-6)
    flat, _ = peaks(np.full((5, 1), 0.2, np.float32), 0)
    assert len(flat) == 1


def test_suppression_by_hand() -> None:
    moments = [Moment(10.0, 0.9, 0.0), Moment(11.5, 0.8, 0.0), Moment(10.9, 0.6, 0.0), Moment(20.0, 0.3, 0.0)]
    soft = {moment.time: moment.score for moment in suppress(moments, "soft")}
    assert soft[10.0] == 0.9
    assert soft[20.0] == 0.3
    assert soft[11.5] == pytest.approx(0.8 * 0.25)
    assert 10.9 not in soft
    assert [moment.time for moment in suppress(moments, "hard")] == [10.0, 11.5, 20.0]
    assert len(suppress(moments, "none")) == 4
    assert suppress([], "soft") == []
