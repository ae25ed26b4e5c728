import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spotting.agreement import limits, tolerance, within
from spotting.errors import BadConfig

DIFFERENCES = arrays(np.int64, st.integers(1, 200), elements=st.integers(-30, 30))


def test_shares_within_each_tolerance():
    found = within(np.array([0, 0, 1, -1, 2, -5]))
    assert [one.tolerance for one in found] == [0, 1, 2, 4]
    np.testing.assert_allclose([one.share for one in found], [2 / 6, 4 / 6, 5 / 6, 5 / 6])
    assert all(one.low < one.share < one.high for one in found)


def test_limits_of_agreement_hold_95_percent_of_gaussian_differences():
    differences = np.random.default_rng(0).normal(0.4, 1.5, 20_000)
    found = limits(differences)
    inside = (differences > found.lower) & (differences < found.upper)
    assert inside.mean() == pytest.approx(0.95, abs=0.005)
    assert (found.lower + found.upper) / 2 == pytest.approx(found.mean)
    assert found.error == pytest.approx(1.5 * np.sqrt(3 / 20_000), rel=0.02)


@given(DIFFERENCES, st.floats(0.05, 1.0))
def test_the_tolerance_is_the_smallest_that_is_enough(differences, share):
    found = tolerance(differences, share)
    assert (np.abs(differences) <= found).mean() >= share - 1e-9
    assert found == 0 or (np.abs(differences) <= found - 1).mean() < share


def test_nothing_in_common_is_refused():
    for statistic in (within, limits, tolerance):
        with pytest.raises(BadConfig, match="no label was set by both"):
            statistic(np.array([], int))
