"""The parts of the posterior: densities of evidence, probabilities of label noise."""

import numpy as np
import pytest

from spotting.density import (
    blur,
    centres,
    event_density,
    label_likelihood,
    log_intensity,
    noise_probabilities,
    shifts,
    unblurred,
)

COUNT = 21


def test_log_intensity_undoes_the_score_of_a_point_process() -> None:
    intensity = np.array([[0.01, 0.5, 2.0]])
    assert np.exp(log_intensity(1 - np.exp(-intensity)[None])) == pytest.approx(intensity, rel=1e-6)


def test_log_intensities_of_models_are_averaged_and_gaps_stay_gaps() -> None:
    members = np.array([[[0.1, np.nan]], [[0.4, np.nan]]])
    single = [log_intensity(member[None]) for member in members]
    assert log_intensity(members)[0, 0] == pytest.approx((single[0][0, 0] + single[1][0, 0]) / 2)
    assert np.isnan(log_intensity(members)[0, 1])


@pytest.mark.parametrize("shift", [-3.0, 0.0, 1.5, 4.0])
def test_the_centre_of_a_peak_is_found(shift: float) -> None:
    curve = -0.5 * ((shifts(COUNT) - shift) / 1.2) ** 2
    assert centres(curve[None])[0] == pytest.approx(shift, abs=0.05)


def test_flat_evidence_stays_flat_inside_the_clip_however_blurred() -> None:
    curve = np.zeros((1, COUNT))
    curve[0, :4] = np.nan
    density = event_density(curve, 1.0, -4.0, blur(COUNT, 3.0, 0.0))
    assert density[0, :4].tolist() == [0, 0, 0, 0]
    assert density[0, 4:] == pytest.approx(np.full(17, 1 / 17))


def test_noise_of_known_size_is_taken_out_of_evidence_that_has_it_in_it() -> None:
    event = np.where(np.abs(shifts(COUNT) - 2) < 0.5, 1.0, 1e-3)
    seen = event @ blur(COUNT, 2.0, 0.0)
    found = np.exp(unblurred(np.log(seen)[None], 2.0))[0]
    spread = [float(np.sqrt(curve @ (shifts(COUNT) - 2) ** 2 / curve.sum())) for curve in (seen, found)]
    assert shifts(COUNT)[found.argmax()] == 2
    assert spread[1] < 0.8 * spread[0]
    outside = np.log(seen)[None].copy()
    outside[0, :3] = np.nan
    assert np.isnan(unblurred(outside, 2.0))[0].tolist() == np.isnan(outside)[0].tolist()
    flat = unblurred(np.zeros((1, COUNT)), 2.0)
    assert flat == pytest.approx(np.zeros((1, COUNT)), abs=1e-6)


def test_late_evidence_means_an_earlier_event() -> None:
    curve = np.where(shifts(COUNT) == 2, 0.0, -12.0)[None]
    density = event_density(curve, 1.0, -12.0, blur(COUNT, 0.4, 2.0))
    assert shifts(COUNT)[density[0].argmax()] == 0


@pytest.mark.parametrize("sigma", [0.3, 2.0, 4.6])
def test_noise_probabilities_sum_to_one_over_the_window(sigma: float) -> None:
    noise = noise_probabilities(sigma, 0.05, 0.0, COUNT)
    assert len(noise) == 2 * COUNT - 1
    assert noise[10:31].sum() == pytest.approx(1)
    assert noise == pytest.approx(noise[::-1])


def test_a_label_on_the_first_frame_may_have_come_from_anywhere_before_it() -> None:
    noise = noise_probabilities(2.0, 0.0, 0.0, COUNT)
    middle, first, last = label_likelihood(
        np.array([50, 0, 99]), np.array([100] * 3), noise[None], np.zeros(3, int)
    )
    at = int(np.flatnonzero(shifts(COUNT) == 0)[0])
    assert middle[at] == pytest.approx(noise[20])
    assert first[at] == pytest.approx(noise[:21].sum())
    assert first[at + 3] == pytest.approx(noise[:18].sum())
    assert last[at - 3] == pytest.approx(first[at + 3])


def test_a_bias_moves_the_likelihood_towards_earlier_events() -> None:
    noise = noise_probabilities(1.0, 0.0, 2.0, COUNT)
    likelihood = label_likelihood(np.array([50]), np.array([100]), noise[None], np.zeros(1, int))
    assert shifts(COUNT)[likelihood[0].argmax()] == -2
