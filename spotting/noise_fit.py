"""Fits the noise model: the labels' out-of-fold likelihood, reviewed frames, and what the user knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from spotting.density import Array, rounded_gaussian, unblurred
from spotting.habits import are_lags, find_habits
from spotting.noise_model import Basis, ClassModel, Hypothesis, NoiseModel, log_likelihood, seen
from spotting.offsets import find_offsets
from spotting.sample import Sample

# Label errors tried (sd, frames): from labels that are right to the frame to labels rounded to seconds.
_SIGMAS = np.geomspace(0.15, 9.2, 19)
# Labels that a profile looks at: its cost is theirs, and they are many for the five numbers fitted to them.
_SUBSAMPLE = 1500
# In simulations 10 reviews showed a bias of 2 frames, and 50 made a fitted model error safe.
REVIEWS_TO_TELL, REVIEWS_TO_FIT = 10, 50
# Hypotheses of less weight are left out: each costs a pass over all labels.
_LEAST_WEIGHT = 0.02
# Two thirds between 0.75 and 3 frames; a stated error is as sure as 35 checked labels tell it, 1 / sqrt(70).
_TYPICAL_SIGMA, _SIGMA_SPREAD, _STATED_SPREAD = 1.5, 0.7, 0.12
# Neighbouring scores are not independent, so labels count half; a review tells the frame itself.
_TEMPER, _REVIEW_WEIGHT = 0.5, 4.0
# Nats: 4 is a likelihood ratio of 55, 3 one of 20; 14, as ambiguous evidence reaches 11 by chance.
_CONTRADICTION, _CLEARLY, _ALLOWED = 4.0, 14.0, 3.0
# Beside reviewed labels what others say of sigma counts a fifth: the model's error is mixed into that.
_HEARSAY = 0.2
# Reviewed labels that are anywhere in the window: a Gaussian alone would take one of them for a large sigma.
_STRAY = 0.02
# Log sharpness (scores as they are), floor (e^-4 of a peak), log error (half a frame), outliers, lapses.
_CENTRE = np.array([0.0, -4.0, np.log(0.5), logit(0.015), logit(0.02)])
_SPREAD = np.array([1.0, 4.0, 0.35, 0.7, 0.7])
# A factor of 2 for the model's error once labels are reviewed; 1.2 where repeated trainings tell it.
_REVIEWED_SPREAD, _DISAGREEMENT_SPREAD = 0.7, 0.2
# Nelder and Mead's first simplex: about a third of each spread.
_STEPS = np.vstack([np.zeros(5), np.diag([0.3, 1.0, 0.3, 0.5, 0.5])])
# A class's model error beside that of all, as a rule within a factor of 1.6.
_RELATIVE_ERRORS = np.geomspace(0.4, 5.0, 12)
_RELATIVE_SPREAD = 0.5
# How far few reviews may take the model's error from what all labels together tell of it: a factor of 2.
_CHECKED_SPREAD = 0.7


Parts = list[tuple[Sample, ClassModel]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beside the evidence.

    In frames: the label error that the user stated, how far models disagree. By label: who wrote it, which
    video it is from. By class: how late its labels are, in frames, where a person has answered for it.
    """

    stated: float | None = None
    disagreement: float | None = None
    annotators: Sequence[str | None] | None = None
    videos: Sequence[str] | None = None
    answers: Mapping[str, float] | None = None


def fit(sample: Sample, knowledge: Knowledge) -> tuple[NoiseModel, Sample]:
    """Fit the noise model to all labels of `sample` together; the labels come back with their habits.

    For each of 19 label errors sigma, the evidence's sharpness, floor and error and the share of outliers are
    fitted; the sigmas are then weighed by likelihood (tempered: neighbouring frames are not independent) and
    prior. That profile looks at 1,500 labels at most, the reviewed ones first; offsets and habits at all. 10
    reviewed labels or more decide between them; until 50 are, the disagreement of models tells the
    model's error. Without any, the disagreement fixes it, and the stated sigma narrows the prior unless the
    labels contradict it. With nothing of the kind every sigma that the labels allow is kept among the
    hypotheses, be its weight ever so small. Annotators and videos that are off as a whole are taken to mean
    it, or to lag, by what reviews show (`habits.are_lags`); until then both stay open.
    """
    reviewed = int((sample.true_G >= 0).sum())
    trusted = reviewed >= REVIEWS_TO_TELL
    prior = _prior(reviewed, knowledge)
    small = _subsample(sample)
    blank = [ClassModel() for _ in sample.names]
    best = min(_profile(small, blank, prior, _SIGMAS[::3]), key=lambda each: each[0])[1]
    kinds = find_offsets(sample, best, trusted, knowledge.answers)
    sample, habits = find_habits(sample, best, kinds, knowledge.annotators, knowledge.videos)
    lags = are_lags(sample)
    if not lags:
        sample = sample.as_meant(known=lags is not None)
    small = _subsample(sample)
    if len(sample.habits_H2) > 1:
        best = min(_profile(small, kinds, prior, _SIGMAS[::3]), key=lambda each: each[0])[1]
        kinds = find_offsets(sample, best, trusted, knowledge.answers)
    kinds = _relative_errors(small, best, kinds)
    blurred = _read_as_blurred(small, kinds, prior, sample if trusted else None, knowledge)
    losses, hypotheses = zip(*_profile(small, kinds, prior, _SIGMAS, blurred), strict=True)
    losses_K = np.array(losses) - min(losses)
    basis, weights_K = _weigh(losses_K, sample if trusted else None, knowledge)
    allowed_K = losses_K < _ALLOWED if basis == "fitted" else np.zeros(len(losses_K), dtype=bool)
    if trusted:
        hypotheses = tuple(_checked(sample, each, kinds) for each in hypotheses)
    kept = np.nonzero((weights_K >= _LEAST_WEIGHT) | allowed_K)[0].tolist()
    total = float(weights_K[kept].sum())
    model = NoiseModel(
        basis=basis,
        reviewed=reviewed,
        hypotheses=tuple(replace(hypotheses[k], weight=float(weights_K[k]) / total) for k in kept),
        classes=dict(zip(sample.names, kinds, strict=True)),
        habits=habits,
        believed=None if trusted or knowledge.stated is None else _believed(losses_K, _SIGMAS, knowledge),
        measured=knowledge.disagreement,
    )
    return model, sample


def _prior(reviewed: int, knowledge: Knowledge) -> tuple[Array, Array]:
    """Centre and spread of the prior on log sharpness, floor, log error, logit outliers, logit lapses."""
    centre, spread, trusted = _CENTRE.copy(), _SPREAD.copy(), reviewed >= REVIEWS_TO_TELL
    if knowledge.disagreement is not None and reviewed < REVIEWS_TO_FIT:
        centre[2] = np.log(max(knowledge.disagreement, 0.2))
        spread[2] = _SPREAD[2] if trusted else _DISAGREEMENT_SPREAD
    elif trusted:
        spread[2] = _REVIEWED_SPREAD
    return centre, spread


def _subsample(sample: Sample) -> Sample:
    """At most 1,500 labels, the reviewed ones first, the same every time."""
    if len(sample.frames_G) <= _SUBSAMPLE:
        return sample
    drawn_G = np.random.default_rng(0).random(len(sample.frames_G))
    drawn_G[sample.true_G >= 0] -= 1
    return sample.take(np.argsort(drawn_G, kind="stable")[:_SUBSAMPLE])


def _read_as_blurred(
    sample: Sample,
    kinds: Sequence[ClassModel],
    prior: tuple[Array, Array],
    reviews: Sample | None,
    knowledge: Knowledge,
) -> bool:
    """True if the labels are clearly likelier where the evidence is read as blurred by their noise."""
    best = []
    for blurred in (False, True):
        losses_K = np.array([loss for loss, _ in _profile(sample, kinds, prior, _SIGMAS[::2], blurred)])
        best.append(float(losses_K.min() + _misfit(losses_K, _SIGMAS[::2], reviews, knowledge)[1].min()))
    return best[1] < best[0] - _CLEARLY


def _profile(
    sample: Sample,
    kinds: Sequence[ClassModel],
    prior: tuple[Array, Array],
    sigmas_K: Array,
    blurred: bool = False,
) -> list[tuple[float, Hypothesis]]:
    """For each sigma the best other parameters and their loss: minus log likelihood and log prior."""
    given = [(sample.take(rows), kinds[number]) for number, rows in sample.by_class()]
    found: list[tuple[float, Hypothesis]] = []
    theta = prior[0]
    for sigma in sigmas_K[::-1].tolist():
        parts = given
        if blurred:
            parts = [(replace(part, log_GS=unblurred(part.log_GS, sigma)), kind) for part, kind in given]

        def loss(theta: Array, sigma: float = sigma, parts: Parts = parts) -> float:
            hypothesis = _hypothesis(sigma, theta)
            total = sum(
                float(
                    (
                        log_likelihood(part, hypothesis, kind)
                        * np.where(part.true_G >= 0, _REVIEW_WEIGHT, 1.0)
                    ).sum()
                )
                for part, kind in parts
            )
            return 0.5 * float((((theta - prior[0]) / prior[1]) ** 2).sum()) - _TEMPER * total

        steps = 150 if not found else 40
        result = minimize(
            loss,
            theta,
            method="Nelder-Mead",
            options={"maxfev": steps, "xatol": 0.03, "fatol": 0.05, "initial_simplex": theta + _STEPS},
        )
        theta = result.x
        found.append((float(result.fun), replace(_hypothesis(sigma, theta), blurred=blurred)))
    return found[::-1]


def _hypothesis(sigma: float, theta: Array) -> Hypothesis:
    return Hypothesis(
        weight=1.0,
        sigma=sigma,
        sharpness=float(np.exp(theta[0])),
        floor=float(theta[1]),
        error=float(np.exp(theta[2])),
        outliers=float(expit(theta[3])),
        lapses=float(expit(theta[4])),
    )


def _relative_errors(sample: Sample, hypothesis: Hypothesis, kinds: Sequence[ClassModel]) -> list[ClassModel]:
    """Each class's own model error: labels being equally noisy, more scatter is less certainty."""
    found = list(kinds)
    penalty_E = 0.5 * (np.log(_RELATIVE_ERRORS) / _RELATIVE_SPREAD) ** 2
    for number, rows in sample.by_class():
        part = sample.take(rows)
        tried = [replace(kinds[number], relative_error=error) for error in _RELATIVE_ERRORS.tolist()]
        losses_E = penalty_E - [float(log_likelihood(part, hypothesis, kind).sum()) for kind in tried]
        found[number] = tried[int(np.argmin(losses_E))]
    return found


def _checked(sample: Sample, hypothesis: Hypothesis, kinds: Sequence[ClassModel]) -> Hypothesis:
    """The hypothesis with the model error that events reviewed blind tell, given their evidence alone.

    All labels together fix it only as far as their noise is Gaussian: skewed noise passes for small errors.
    """
    seen_R = [
        (part, kinds[number])
        for number, rows in sample.by_class()
        if len((part := sample.take(rows[sample.true_G[rows] >= 0])).true_G)
    ]
    tried = [replace(hypothesis, error=hypothesis.error * factor) for factor in _RELATIVE_ERRORS.tolist()]
    penalty_E = 0.5 * (np.log(_RELATIVE_ERRORS) / _CHECKED_SPREAD) ** 2
    losses_E = penalty_E - [sum(_log_seen(*pair, each) for pair in seen_R) for each in tried]
    return tried[int(np.argmin(losses_E))]


def _log_seen(sample: Sample, kind: ClassModel, hypothesis: Hypothesis) -> float:
    """Log P(events where they were reviewed | video), of those inside the window."""
    event_RS = seen(sample, hypothesis, kind)
    rows, at_R = sample.reviewed_inside()
    return float(np.log(np.maximum(event_RS[rows, at_R], 1e-12)).sum())


def _weigh(losses_K: Array, reviews: Sample | None, knowledge: Knowledge) -> tuple[Basis, Array]:
    """What weighs the sigmas, and their weights, which sum to one."""
    basis, misfit_K = _misfit(losses_K, _SIGMAS, reviews, knowledge)
    weights_K = np.exp(misfit_K.min() - misfit_K)
    return basis, weights_K / weights_K.sum()


def _misfit(
    losses_K: Array, sigmas_K: Array, reviews: Sample | None, knowledge: Knowledge
) -> tuple[Basis, Array]:
    """What is known of the sigmas, and their losses above the least one, that knowledge included."""
    losses_K = losses_K - losses_K.min()
    centre, spread = np.log(_TYPICAL_SIGMA), _SIGMA_SPREAD
    basis: Basis = "fitted"
    if reviews is not None:
        basis, losses_K = "reviewed", _HEARSAY * losses_K + _reviewed_losses(reviews, sigmas_K)
    elif knowledge.stated is not None and _believed(losses_K, sigmas_K, knowledge):
        basis, centre, spread = "stated", np.log(max(knowledge.stated, _SIGMAS[0])), _STATED_SPREAD
    if reviews is None and knowledge.disagreement is not None:
        basis = "disagreement"
    return basis, losses_K + 0.5 * ((np.log(sigmas_K) - centre) / spread) ** 2


def _reviewed_losses(sample: Sample, sigmas_K: Array) -> Array:
    """Minus the log probability of the reviewed labels' own errors [K], bias and habits aside."""
    known_G = sample.true_G >= 0
    late_H, scale_H = sample.habits_H2[:, 0], sample.habits_H2[:, 1]
    habit_R = sample.habit_G[known_G]
    moves_R = (sample.frames_G - sample.true_G)[known_G] - late_H[habit_R]
    moves_R = (moves_R - np.median(moves_R)) / scale_H[habit_R]
    likely_KR = [
        (1 - _STRAY) * rounded_gaussian(moves_R, sigma) + _STRAY / sample.log_GS.shape[1]
        for sigma in sigmas_K.tolist()
    ]
    return -np.log(likely_KR).sum(axis=1)


def _believed(losses_K: Array, sigmas_K: Array, knowledge: Knowledge) -> bool:
    """True if a sigma was stated and the labels' scatter allows one from 0.7 of it up."""
    if knowledge.stated is None:
        return False
    least = max(0.7 * knowledge.stated, sigmas_K[0])
    allowed_K = np.log(sigmas_K / least) > -0.5 * np.log(sigmas_K[1] / sigmas_K[0])
    return bool(losses_K[allowed_K].min(initial=np.inf) <= losses_K.min() + _CONTRADICTION)
