import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from spotting.errors import BadConfig
from spotting.intervals import discoveries, wilson


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(drawn):
    hits, count = drawn
    reference = binomtest(hits, count).proportion_ci(method="wilson")
    np.testing.assert_allclose(wilson(hits, count), (reference.low, reference.high), atol=1e-9)


def test_nothing_seen_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(BadConfig, match="3 of 2"):
        wilson(3, 2)


def test_discoveries_are_those_of_benjamini_and_hochberg_1995():
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    published += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discoveries(np.array(published)).tolist() == [True] * 4 + [False] * 11
    assert discoveries(np.array([])).tolist() == []


def test_a_step_up_takes_smaller_p_values_along():
    assert discoveries(np.array([0.03, 0.04, 0.045, 0.05])).all()
