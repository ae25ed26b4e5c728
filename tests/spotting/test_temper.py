"""What few blind reviews tell of the evidence, and how far they flatten posteriors."""

from dataclasses import replace

import numpy as np
import pytest

from spotting.noise_model import ClassModel, Hypothesis, NoiseModel
from spotting.sample import Sample, make_sample
from spotting.temper import checked_temper
from tests.spotting.simulated import LENGTH, Simulated, moved, simulate

SURE = Hypothesis(weight=1.0, sigma=2.0, error=0.35, outliers=0.02, lapses=0.03, sharpness=1.0, floor=-4.0)


def model(hypothesis: Hypothesis) -> NoiseModel:
    kinds = {"hit": ClassModel(), "bounce": ClassModel()}
    return NoiseModel(basis="reviewed", reviewed=60, hypotheses=(hypothesis,), classes=kinds)


def sampled(data: Simulated, reviews: int) -> Sample:
    return make_sample(
        data.scores[None],
        data.frames,
        data.classes,
        np.full(len(data.true), LENGTH),
        {row: int(data.true[row]) for row in range(reviews)},
        None,
    )


def test_right_claims_stay_as_they_are() -> None:
    assert checked_temper(sampled(simulate(2.0), 200), model(SURE)) > 0.75


def test_claims_that_reviews_contradict_are_flattened_and_more_so_by_more_reviews() -> None:
    wild = simulate(2.0, jitter=1.5)
    few, many = (checked_temper(sampled(wild, reviews), model(SURE)) for reviews in (10, 200))
    assert many < few < 0.8
    honest = replace(SURE, error=1.5)
    assert checked_temper(sampled(wild, 200), model(honest)) > 0.75


def test_without_reviews_nothing_is_flattened() -> None:
    assert checked_temper(sampled(simulate(2.0, count=40), 0), model(SURE)) == pytest.approx(1.0)


def test_ten_reviews_tell_how_precise_the_evidence_is() -> None:
    data = simulate(1.0, jitter=0.3, count=600)
    found = data.suggest(10)
    assert found.noise.error < 0.28
    assert np.abs(moved(found) - data.true).mean() < 0.2
