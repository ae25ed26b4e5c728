"""The audit's certificate: exact against scipy, honest over resamples, and not shy where claims are true."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, binomtest

from spotting.certificate import certificate_at, certify, exact_interval
from spotting.errors import BadConfig
from spotting.recalibration import recalibrate
from tests.spotting.simulated import simulate


@pytest.mark.parametrize(("right", "audited"), [(0, 0), (0, 7), (7, 7), (392, 400), (1, 3)])
def test_limits_are_clopper_and_pearsons(right: int, audited: int) -> None:
    told = binomtest(right, audited).proportion_ci(0.95, "exact") if audited else (0.0, 1.0)
    assert exact_interval(right, audited) == pytest.approx(tuple(told))


@pytest.mark.parametrize(
    ("delta", "counts"), [(0.10, (45, 77, 105, 132, 158, 184)), (0.05, (59, 93, 124, 153, 181, 208))]
)
def test_audits_needed_for_five_percent(delta: float, counts: tuple[int, ...]) -> None:
    for wrong, count in enumerate(counts):
        verdicts = np.arange(count) < wrong
        assert certificate_at(np.ones(count), verdicts, 0.5, delta=delta).certified
        short = certificate_at(np.ones(count - 1), verdicts[:-1], 0.5, delta=delta)
        assert (short.certified, short.needed) == (False, 1)


def test_needed_counts_the_audits_that_would_certify() -> None:
    told = certificate_at(np.ones(13), np.zeros(13), 0.9)
    assert (told.audited, told.right, told.needed) == (13, 13, 32)
    assert binom.cdf(0, 45, 0.05) <= 0.1 < binom.cdf(0, 44, 0.05)
    none = certify([], [])
    assert (none.threshold, none.audited, none.certified, none.needed) == (None, 0, False, 45)
    assert (none.lower, none.upper) == (0.0, 1.0)


def test_only_labels_at_or_above_the_threshold_count() -> None:
    told = certificate_at([0.9, 0.8, 0.8, 0.1], [False, True, False, True], 0.8)
    assert (told.audited, told.right) == (3, 2)


def test_the_lowest_passing_threshold_is_taken() -> None:
    confidence_A = np.linspace(0.999, 0.5, 500)
    told = certify(confidence_A, confidence_A < 0.7)
    assert told.threshold is not None
    assert told.certified
    assert 0.68 < told.threshold < 0.71
    assert 1 - told.right / told.audited < 0.05


def test_confidences_alike_stand_or_fall_together() -> None:
    assert certify(np.full(300, 0.97), np.arange(300) < 3).threshold == 0.97
    failed = certify(np.full(300, 0.97), np.arange(300) < 30)
    assert (failed.threshold, failed.audited, failed.certified) == (0.97, 300, False)


def population(rng: np.random.Generator, claim: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Claimed confidences of 5,000 labels, and the truth about each."""
    if claim == "empty":
        return 1 - 0.01 * rng.random(5_000), np.full(5_000, 0.945)
    true = 1 - 0.5 * rng.random(5_000) ** 3
    return true if claim == "honest" else true**0.3, true


@pytest.mark.parametrize("claim", ["honest", "over", "empty"])
def test_at_most_one_certificate_in_ten_is_broken(claim: str) -> None:
    rng = np.random.default_rng(1)
    claimed, true = population(rng, claim)
    broken = 0
    for _ in range(400):
        drawn = rng.integers(0, len(claimed), 200)
        told = certify(claimed[drawn], rng.random(200) > true[drawn])
        if told.certified and told.threshold is not None:
            broken += bool((1 - true[claimed >= told.threshold]).mean() > 0.05)
    assert broken / 400 <= 0.10


def test_recalibration_on_the_same_audit_changes_no_certificate() -> None:
    rng = np.random.default_rng(1)
    moved = False
    for _ in range(60):
        claimed_A = 1 - 0.3 * rng.random(100)
        wrong_A = rng.random(100) > 0.945
        told = recalibrate(claimed_A, ~wrong_A)
        assert told is not None
        raw, honest = certify(claimed_A, wrong_A), certify(told(claimed_A), wrong_A, claimed_A=claimed_A)
        assert (honest.audited, honest.right, honest.certified) == (raw.audited, raw.right, raw.certified)
        moved |= certify(told(claimed_A), wrong_A).audited != raw.audited
    assert moved, "a certificate that begins at recalibrated confidences differs, or this shows nothing"


@pytest.mark.slow
def test_the_noise_model_may_learn_from_the_audit_that_certifies_it() -> None:
    simulated = simulate(1.5, count=400, jitter=0.7, seed=3)
    rng = np.random.default_rng(1)
    certified = broken = 0
    for _ in range(30):
        drawn = rng.permutation(400)[:120]
        made = simulated.suggest(rows=drawn.tolist()).suggestions
        sure = np.array([each.confidence for each in made])
        wrong = np.abs(np.array([each.frame for each in made]) - simulated.true) > 1
        told = certify(sure[drawn], wrong[drawn])
        certified += told.certified
        broken += told.certified and bool(wrong[sure >= (told.threshold or 0.0)].mean() > 0.05)
    assert certified >= 10
    assert broken <= 3


def test_honest_claims_are_certified_nearly_as_far_as_they_go() -> None:
    rng = np.random.default_rng(2)
    claimed, true = population(rng, "honest")
    falling = np.sort(true)[::-1]
    possible = np.mean(np.cumsum(1 - falling) / np.arange(1, len(falling) + 1) <= 0.05)
    shares = []
    for _ in range(30):
        drawn = rng.integers(0, len(claimed), 400)
        told = certify(claimed[drawn], rng.random(400) > true[drawn])
        assert told.threshold is not None
        shares.append(np.mean(claimed >= told.threshold) * told.certified)
    assert np.mean(shares) > 0.6 * possible


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(BadConfig, match="must be alike"):
        certify([0.5, 0.6], [True])
    with pytest.raises(BadConfig, match="outside"):
        certify([1.5], [True])
    with pytest.raises(BadConfig, match=r"alpha is 0\.0"):
        certify([0.5], [True], alpha=0.0)
