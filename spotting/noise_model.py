"""What is known about the labels' errors and the evidence's own, and what follows for each label."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from spotting.density import Array, blur, event_density, label_likelihood, noise_probabilities
from spotting.sample import Sample

Basis = Literal["reviewed", "disagreement", "stated", "fitted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One reading of the scatter between labels and evidence, and how likely it is.

    `sigma` is the labels' error (sd, frames), `error` the model's own; `outliers` the share of labels that
    are anywhere in the window; `sharpness` and `floor` make a density of the scores.
    """

    weight: float
    sigma: float
    error: float
    outliers: float
    sharpness: float
    floor: float


@dataclass(frozen=True, slots=True)
class ClassModel:
    """What is particular to one class, in frames.

    Its labels are `bias` late and its evidence `drift` late; its model error is `relative_error` times the
    hypothesis's. `refusal` says in words why its labels are kept, None if they may move.
    """

    bias: float = 0.0
    drift: float = 0.0
    relative_error: float = 1.0
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseModel:
    """The labels' noise and the evidence's, from all labels together.

    One label and one model alone cannot tell label noise from model error, so several
    hypotheses stand side by side. `basis` says what weighs them: reviewed labels, models that disagree, the
    sigma that the user stated, or nothing but the fit. A bias is zero until `reviewed` labels show it; before
    that a constant shift of a class counts as drift of its evidence, and is not applied to its labels.
    """

    basis: Basis
    reviewed: int
    hypotheses: tuple[Hypothesis, ...]
    classes: dict[str, ClassModel]

    @property
    def sigma(self) -> float:
        """The labels' error (sd, frames): the mean over hypotheses."""
        return sum(each.weight * each.sigma for each in self.hypotheses)

    @property
    def error(self) -> float:
        """The model's own error (sd, frames): the mean over hypotheses."""
        return sum(each.weight * each.error for each in self.hypotheses)


def joint(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> Array:
    """P(event at this shift, labelled where it is | video) [G, S] for labels of one class."""
    count = sample.log_GS.shape[1]
    blur_SS = blur(count, hypothesis.error * kind.relative_error, kind.drift)
    density_GS = event_density(sample.log_GS, hypothesis.sharpness, hypothesis.floor, blur_SS)
    noise_N = noise_probabilities(hypothesis.sigma, hypothesis.outliers, kind.bias, count)
    return density_GS * label_likelihood(sample.frames_G, sample.lengths_G, count, noise_N)


def log_likelihood(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> Array:
    """Log P(labelled where it is, and reviewed where it was | video) [G] for labels of one class."""
    joint_GS = joint(sample, hypothesis, kind)
    radius = joint_GS.shape[1] // 2
    at_G = sample.true_G - sample.frames_G + radius
    known_G = (sample.true_G >= 0) & (at_G >= 0) & (at_G <= 2 * radius)
    reviewed_G = joint_GS[np.arange(len(at_G)), np.where(known_G, at_G, 0)]
    return np.log(np.maximum(np.where(known_G, reviewed_G, joint_GS.sum(axis=1)), 1e-12))
