"""mAP counts as the field's reference does; residuals and calibration mean what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spotting.errors import BadConfig
from spotting.events import Event, Prediction
from spotting.metrics import (
    average_precision,
    calibration_error,
    change,
    mean_average_precision,
    residuals,
    residuals_by_class,
)


def predictions(*items: tuple[int, float]) -> list[Prediction]:
    return [Prediction("hit", frame, score) for frame, score in items]


def events(*frames: int) -> list[Event]:
    return [Event("hit", frame) for frame in frames]


def test_a_perfect_spotter_has_map_one_at_every_tolerance() -> None:
    found = [predictions((3, 0.9), (20, 0.2))]
    assert mean_average_precision(found, [events(3, 20)]) == {0: 1.0, 1: 1.0, 2: 1.0, 4: 1.0}


def test_average_precision_by_hand() -> None:
    # Best first: right, wrong, right -> precisions 1 and 2/3 over three events.
    found = [predictions((10, 0.9), (50, 0.8), (31, 0.7))]
    assert mean_average_precision(found, [events(10, 30, 70)], [1])[1] == pytest.approx((1 + 2 / 3) / 3)


def test_precision_is_made_monotone_from_the_right() -> None:
    found = [predictions((50, 0.9), (10, 0.8), (30, 0.7))]
    assert mean_average_precision(found, [events(10, 30)], [0])[0] == pytest.approx(2 / 3)


def test_an_event_is_found_once_and_a_miss_leaves_it_open() -> None:
    found = [predictions((11, 0.9), (10, 0.8), (10, 0.7))]
    assert mean_average_precision(found, [events(10)], [0])[0] == pytest.approx(1 / 2)
    assert mean_average_precision(found, [events(10)], [1])[1] == 1.0


def test_a_prediction_is_compared_to_the_closest_open_event_of_its_clip() -> None:
    found = [predictions((10, 0.9), (11, 0.8)), predictions((5, 0.7))]
    assert mean_average_precision(found, [events(10, 14), events(40)], [3])[3] == pytest.approx(2 / 3)


def slow_average_precision(found: list[list[Prediction]], truth: list[list[Event]], tolerance: int) -> float:
    """The field's definition: rank, mark hits, then for every hit the best precision from there on."""
    ranked = [(clip, p) for clip, predicted in enumerate(found) for p in predicted]
    ranked.sort(key=lambda item: item[1].score, reverse=True)
    open_events = [list(dict.fromkeys(event.frame for event in clip)) for clip in truth]
    hits = []
    for clip, prediction in ranked:
        distances = [abs(frame - prediction.frame) for frame in open_events[clip]]
        hit = bool(distances) and min(distances) <= tolerance
        if hit:
            del open_events[clip][distances.index(min(distances))]
        hits.append(hit)
    total = 0.0
    for place, hit in enumerate(hits):
        if hit:
            total += max(sum(hits[: end + 1]) / (end + 1) for end in range(place, len(hits)) if hits[end])
    return total / sum(len(clip) for clip in truth)


@given(
    clips=st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0.1, 0.2, 0.5, 0.9])), max_size=12),
            st.lists(st.integers(0, 30), max_size=5),
        ),
        min_size=1,
        max_size=3,
    ),
    tolerance=st.integers(0, 4),
)
@settings(max_examples=150, deadline=None)
def test_average_precision_is_its_slow_definition(
    clips: list[tuple[list[tuple[int, float]], list[int]]], tolerance: int
) -> None:
    """With ties of score and distance, several events on a frame, and clips without either."""
    found, truth = [predictions(*said) for said, _ in clips], [events(*frames) for _, frames in clips]
    expected = slow_average_precision(found, truth, tolerance) if any(truth) else 0.0
    assert average_precision(found, truth, "hit", tolerance) == pytest.approx(expected)


def test_equal_scores_rank_in_the_order_in_which_they_are_given() -> None:
    assert average_precision([predictions((10, 0.5), (50, 0.5))], [events(10)], "hit", 0) == 1.0
    assert average_precision([predictions((50, 0.5), (10, 0.5))], [events(10)], "hit", 0) == 0.5


@pytest.mark.parametrize(("distance", "found"), [(0, 1.0), (2, 1.0), (-2, 1.0), (3, 0.0), (-3, 0.0)])
def test_the_tolerance_includes_its_edge(distance: int, found: float) -> None:
    assert average_precision([predictions((20 + distance, 0.5))], [events(20)], "hit", 2) == found


def test_two_events_of_a_class_on_one_frame_are_recalled_together() -> None:
    assert average_precision([predictions((10, 0.9))], [events(10, 10)], "hit", 0) == 0.5


def test_two_classes_on_one_frame_are_scored_apart() -> None:
    found = [[Prediction("hit", 3, 0.5), Prediction("serve", 3, 0.4)]]
    truth = [[Event("hit", 3), Event("serve", 3)]]
    assert mean_average_precision(found, truth, [0])[0] == 1.0
    assert mean_average_precision([found[0][:1]], truth, [0])[0] == 0.5


def test_no_predictions_score_nothing() -> None:
    assert mean_average_precision([[], []], [events(3), []], [4])[4] == 0.0


def test_map_is_the_mean_over_classes_that_occur() -> None:
    found = [[Prediction("hit", 3, 0.5), Prediction("serve", 9, 0.5), Prediction("bounce", 1, 0.9)]]
    truth = [[Event("hit", 3), Event("serve", 12)]]
    assert mean_average_precision(found, truth, [1])[1] == 0.5


def test_nothing_to_find_is_refused() -> None:
    with pytest.raises(BadConfig, match="no events"):
        mean_average_precision([[]], [[]])
    with pytest.raises(BadConfig, match="2 clips predicted, 1 labelled"):
        mean_average_precision([[], []], [events(3)])


def test_residuals_of_known_errors() -> None:
    found = residuals(np.array([10, 21, 28, 43]), np.array([10, 20, 30, 40]))
    assert (found.count, found.mean, found.signed) == (4, 1.5, 0.5)
    assert (found.within_0, found.within_1, found.within_2) == (0.25, 0.5, 0.75)
    assert np.isnan(residuals(np.array([], int), np.array([], int)).mean)


def test_residuals_by_class_and_what_a_correction_changed() -> None:
    true, before, after = np.array([10, 20, 30]), np.array([12, 20, 31]), np.array([10, 21, 31])
    assert residuals_by_class(before, true, ["b", "a", "b"])["b"].mean == 1.5
    assert change(before, after, true).better == pytest.approx(1 / 3)
    assert change(before, after, true).worse == pytest.approx(1 / 3)


def test_calibration_error_is_small_only_when_confidence_is_honest() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 1.0, 20_000)
    correct = rng.random(20_000) < confidence
    assert calibration_error(confidence, correct) < 0.02
    assert calibration_error(np.minimum(confidence + 0.2, 1.0), correct) > 0.1
