"""Schedules: exact values, and no climbing back."""

import math

import pytest

from spotting.epochs import learning_rate_factor, reach_at


def test_the_learning_rate_warms_up_linearly_and_falls_as_a_cosine() -> None:
    factors = [learning_rate_factor(step, 4, 12) for step in range(12)]
    assert factors[:4] == [0.25, 0.5, 0.75, 1.0]
    assert factors[4] == 1.0
    assert factors[8] == pytest.approx(0.5)
    assert factors[11] == pytest.approx(0.5 * (1 + math.cos(math.pi * 7 / 8)))
    assert all(later <= earlier for earlier, later in zip(factors[3:], factors[4:], strict=False))


def test_without_warm_up_the_learning_rate_starts_at_its_top() -> None:
    assert learning_rate_factor(0, 0, 10) == 1.0


def test_one_over_reach_falls_linearly_to_its_final_value() -> None:
    assert reach_at(0.0, reach=16, start=1.6, warmup=0.5) == pytest.approx(1.6)
    assert 1 / reach_at(0.25, reach=16, start=1.6, warmup=0.5) == pytest.approx((1 / 1.6 + 1 / 16) / 2)
    assert reach_at(0.5, reach=16, start=1.6, warmup=0.5) == 16
    assert reach_at(0.0, reach=16, start=1.6, warmup=0.0) == 16
