"""What epochs, windows and repeated trainings said: counted as they are, NaN for nothing."""

import numpy as np
import pytest

from spotting.traces import Traces, make_traces, model_error

NONE = np.full((1, 3, 5), 0.5)


def test_stability_is_the_share_of_late_epochs_that_agree() -> None:
    trained = np.array([[2.0, 0.0, np.nan], [1.2, 3.0, np.nan], [2.9, np.nan, np.nan]])
    traces = make_traces(NONE, None, trained[None], None)
    assert traces.stability(np.array([2, 0, 0])).tolist() == pytest.approx([1.0, 0.5, np.nan], nan_ok=True)
    late = traces.late_epochs()
    assert (late.usual_G[0], late.agree_G[0], late.seen_G.tolist()) == (2, 1, [3, 2, 0])
    assert late.trainings_G.tolist() == [1, 1, 0]


def test_late_epochs_of_several_trainings_count_each_label_where_it_was_learned() -> None:
    trained = np.array([[[1.0, np.nan, 0.0], [1.2, np.nan, 0.0]], [[3.0, 2.0, np.nan], [0.9, 2.1, np.nan]]])
    late = make_traces(NONE, None, trained, None).late_epochs()
    assert late.trainings_G.tolist() == [2, 1, 1]
    assert (late.usual_G.tolist(), late.agree_G.tolist(), late.seen_G.tolist()) == (
        [1, 2, 0],
        [3, 2, 2],
        [4, 2, 2],
    )


def test_nothing_known_is_said_to_be_so() -> None:
    traces = make_traces(NONE, None, None, None)
    assert np.isnan(traces.stability(np.zeros(3, int))).all()
    assert np.isnan(traces.apart_G).all()
    assert traces.late_epochs().seen_G.tolist() == [0, 0, 0]
    assert traces.memorised() is None


def test_windows_and_repeated_trainings_are_told_together() -> None:
    curve = np.exp(-0.5 * (np.arange(-6, 7) - np.array([[-1.0], [1.0]])[..., None]) ** 2) * 0.9
    apart = make_traces(np.broadcast_to(curve, (2, 1, 13)), None, None, np.array([0.0])).apart_G
    assert apart[0] == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(("inside", "alarm"), [(0.5, True), (1.9, False)])
def test_models_that_know_their_labels_by_heart_raise_the_alarm(inside: float, alarm: bool) -> None:
    rng = np.random.default_rng(0)
    traces = Traces(
        matched_G=rng.normal(0, 2.0, 200),
        trained_MEG=rng.normal(0, inside, (1, 1, 200)) + rng.normal(0, 0.1, (2, 5, 200)),
        apart_G=np.full(200, np.nan),
    )
    told = traces.memorised()
    assert (told is not None) == alarm
    assert told is None or told == pytest.approx(inside / 2.0, abs=0.1)


def members(overlap: float, lapses: float = 0.0) -> np.ndarray:
    """Curves of 3 models, off by 0.6 frames (sd) each, the share `overlap` of that variance in common."""
    rng = np.random.default_rng(0)
    common, own = rng.normal(0, 0.6, 2000), rng.normal(0, 0.6, (3, 2000))
    off = np.sqrt(overlap) * common + np.sqrt(1 - overlap) * own
    off = np.where(rng.random(off.shape) < lapses, rng.uniform(-9, 9, off.shape), off)
    return 0.9 * np.exp(-0.5 * (np.arange(-10, 11) - off[..., None]) ** 2)


@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.8])
def test_the_model_error_that_repeats_tell_is_the_part_they_do_not_share(overlap: float) -> None:
    assert model_error(members(overlap)) == pytest.approx(0.6 * np.sqrt(1 - overlap), rel=0.05)


def test_events_that_one_model_saw_elsewhere_hardly_count_as_model_error() -> None:
    assert model_error(members(0.0, lapses=0.02)) == pytest.approx(0.6, rel=0.2)
