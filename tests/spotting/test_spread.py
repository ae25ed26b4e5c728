import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.spread import spread


def test_gaussian_labels_give_their_bias_and_sd_back():
    rng = np.random.default_rng(1)
    offsets = np.rint(rng.normal(1.5, 2.0, 4000)).astype(int)
    found = spread(offsets, np.repeat(np.arange(400), 10))
    assert found.bias == pytest.approx(offsets.mean())
    assert found.spread == pytest.approx(2.0, abs=0.12)
    assert found.bias_bounds is not None
    assert found.bias_bounds[0] < 1.5 < found.bias_bounds[1]
    assert found.bias_bounds[1] - found.bias_bounds[0] == pytest.approx(4 * 2.02 / np.sqrt(4000), rel=0.2)
    assert found.p_value < 1e-6


def test_labels_that_move_clip_by_clip_are_as_few_as_their_clips():
    rng = np.random.default_rng(2)
    offsets = np.repeat(np.rint(rng.normal(0.0, 2.0, 40)).astype(int), 50)
    clips = np.repeat(np.arange(40), 50)
    together, apart = spread(offsets, clips), spread(offsets, np.arange(len(offsets)))
    assert together.bias_bounds is not None
    assert apart.bias_bounds is not None
    assert np.ptp(together.bias_bounds) > 4 * np.ptp(apart.bias_bounds)


def test_a_shared_lag_has_bias_and_the_spread_of_one_bin():
    found = spread(np.full(100, 2), np.repeat(np.arange(10), 10))
    assert (found.bias, found.p_value) == (2.0, 0.0)
    assert found.spread == pytest.approx(0.341, abs=0.001)


def test_labels_that_are_counted_already_come_to_the_same():
    rng = np.random.default_rng(3)
    offsets, clips = rng.integers(-3, 4, 500), rng.integers(0, 20, 500)
    (clips_G, offsets_G), labels_G = np.unique((clips, offsets), axis=1, return_counts=True)
    assert spread(offsets_G, clips_G, labels_G) == spread(offsets, clips)


def test_one_clip_has_no_interval_and_no_labels_no_spread():
    alone = spread(np.array([1, 2, 3]), np.zeros(3, int))
    assert (alone.bias_bounds, alone.spread_bounds, alone.p_value) == (None, None, 1.0)
    with pytest.raises(BadConfig, match="no offsets"):
        spread(np.array([], int), np.array([], int))


def test_far_offsets_count_as_the_farthest():
    assert spread(np.array([1000, -1000]), np.array([0, 1])).bias == 0.0
