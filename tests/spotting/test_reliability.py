import numpy as np
import pytest

from spotting.metrics import calibration_error
from spotting.reliability import bins, risk_coverage


def test_honest_confidence_lies_on_the_diagonal():
    rng = np.random.default_rng(0)
    confidence = rng.random(50_000)
    found = bins(confidence, rng.random(50_000) < confidence)
    assert [one.count for one in found] == [5000] * 10
    assert all(one.low < one.claimed < one.high or abs(one.claimed - one.right) < 0.02 for one in found)


def test_bins_are_those_of_the_calibration_error():
    rng = np.random.default_rng(1)
    confidence, right = rng.random(997), rng.random(997) < 0.4
    gaps = [one.count * abs(one.claimed - one.right) for one in bins(confidence, right)]
    assert sum(gaps) / 997 == pytest.approx(calibration_error(confidence, right))


def test_few_suggestions_have_few_bins():
    assert len(bins(np.array([0.5, 0.6]), np.array([True, False]))) == 2
    assert bins(np.array([]), np.array([], bool)) == []


def test_risk_falls_with_coverage_where_confidence_sorts_and_is_never_below_the_best():
    curve = risk_coverage(np.array([0.9, 0.2, 0.8, 0.4]), np.array([True, False, True, True]))
    np.testing.assert_allclose(curve.coverage_G, [0.25, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(curve.risk_G, [0, 0, 0, 0.25])
    np.testing.assert_allclose(curve.best_G, curve.risk_G)
    np.testing.assert_allclose(curve.confidence_G, [0.9, 0.8, 0.4, 0.2])
    rng = np.random.default_rng(2)
    random = risk_coverage(rng.random(500), rng.random(500) < 0.7)
    assert (random.risk_G >= random.best_G - 1e-12).all()
    assert random.risk_G[-1] == random.best_G[-1]
