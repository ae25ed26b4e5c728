"""Label noise is rounded Gaussian noise of the size it claims."""

import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.noise import expected_offset, jitter, reach_for_sigma, sigma_for_offset


@pytest.mark.parametrize(("sigma", "expected"), [(0, 0), (0.5, 0.320), (1, 0.764), (1.5, 1.174), (2, 1.579)])
def test_mean_move_is_the_one_of_rounded_not_truncated_noise(sigma: float, expected: float) -> None:
    frames = np.full(200_000, 5_000)
    moves = jitter(frames, sigma, 10_000, np.random.default_rng(0)) - frames
    assert expected_offset(sigma) == pytest.approx(expected, abs=5e-4)
    assert np.abs(moves).mean() == pytest.approx(expected, abs=0.01)
    assert moves.mean() == pytest.approx(0, abs=0.02)


def test_labels_stay_inside_the_clip() -> None:
    moved = jitter(np.arange(10).repeat(100), 3.0, 10, np.random.default_rng(0))
    assert moved.min() == 0
    assert moved.max() == 9


def test_the_same_seed_moves_labels_the_same_way() -> None:
    first, second = (jitter(np.arange(50), 2.0, 100, np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()


def test_reach_grows_with_the_noise_and_is_the_papers_at_sigma_2() -> None:
    assert reach_for_sigma(2.0) == pytest.approx(100 / (1 * 6))
    assert reach_for_sigma(1.0) == pytest.approx(reach_for_sigma(2.0) / 2)


@pytest.mark.parametrize("sigma", [-0.1, float("nan")])
def test_refuses_a_sigma_out_of_range(sigma: float) -> None:
    with pytest.raises(BadConfig, match="sigma"):
        jitter(np.arange(3), sigma, 10, np.random.default_rng(0))
    with pytest.raises(BadConfig, match="sigma"):
        reach_for_sigma(sigma)


@pytest.mark.parametrize("sigma", [0.3, 0.5, 1.0, 2.0, 7.5])
def test_the_sigma_of_a_mean_offset_is_found_again(sigma: float) -> None:
    assert sigma_for_offset(expected_offset(sigma)) == pytest.approx(sigma, abs=1e-4)


def test_no_offset_needs_no_noise_and_none_is_negative() -> None:
    assert sigma_for_offset(0.0) == 0.0
    with pytest.raises(BadConfig, match="offset -1"):
        sigma_for_offset(-1.0)
