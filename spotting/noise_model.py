"""What is known about the labels' errors and the evidence's own, and what follows for each label."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from spotting.density import (
    Array,
    blur,
    event_density,
    label_likelihood,
    noise_probabilities,
    unblurred,
)
from spotting.sample import Sample

Basis = Literal["reviewed", "disagreement", "stated", "fitted"]
HabitOf = Literal["annotator", "video"]
_TOLD, _TOLD_ERRORS = 1.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One reading of the scatter between labels and evidence, and how likely it is.

    `sigma` is the labels' error (sd, frames), `error` the model's own; `outliers` the share of labels that
    are anywhere in the window, `lapses` of events that the model saw elsewhere; `sharpness` and `floor` make
    a density of the scores. `blurred`: the scores say where labels are, so the label noise is in them.
    """

    weight: float
    sigma: float
    error: float
    outliers: float
    lapses: float
    sharpness: float
    floor: float
    blurred: bool = False


@dataclass(frozen=True, slots=True)
class ClassModel:
    """What is particular to one class, in frames.

    Its labels are `bias` late and its evidence `drift` late; its model error is `relative_error` times the
    hypothesis's. `refusal` says in words why its labels are kept, None if they may move. `off`: they are kept
    because the evidence lies so many frames later, and which instant is meant is for a person to say.
    """

    bias: float = 0.0
    drift: float = 0.0
    relative_error: float = 1.0
    refusal: str | None = None
    off: float = 0.0


@dataclass(frozen=True, slots=True)
class Habit:
    """One annotator's or video's labels beside all others: `late` frames late, give or take `error` (sd).

    `scale` is how far they scatter, relative to all labels; `labels` how many there are. Found without
    review: relative to the mean of all, which may itself be off.
    """

    of: HabitOf
    name: str
    labels: int
    late: float
    error: float
    scale: float

    @property
    def stands_out(self) -> bool:
        """True if the whole group is a frame off or more, beyond chance: one correction may settle it."""
        return abs(self.late) >= _TOLD and abs(self.late) > _TOLD_ERRORS * self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseModel:
    """The labels' noise and the evidence's, from all labels together.

    One label and one model alone cannot tell label noise from model error, so several
    hypotheses stand side by side. `basis` says what weighs them: reviewed labels, models that disagree, the
    sigma that the user stated, or nothing but the fit. A bias is zero until `reviewed` labels show it; before
    that a constant shift of a class counts as drift of its evidence, and is not applied to its labels.
    `temper`, in (0, 1], is the power that posteriors are flattened by, for models that know labels by heart.
    `believed`: whether the label error that the user stated was; None where none was, or reviews decide.
    `measured` is the model error (sd, frames) that repeated trainings told; None of one training a label.
    """

    basis: Basis
    reviewed: int
    hypotheses: tuple[Hypothesis, ...]
    classes: dict[str, ClassModel]
    habits: tuple[Habit, ...] = ()
    temper: float = 1.0
    believed: bool | None = None
    measured: float | None = None

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
    return seen(sample, hypothesis, kind) * labelled(sample, hypothesis, kind.bias)


def mixed(sample: Sample, model: NoiseModel, kind: ClassModel) -> Array:
    """P(event at this shift | video, labelled where it is) [G, S], all hypotheses together."""
    return sum(
        (each.weight * normalised(joint(sample, each, kind)) for each in model.hypotheses),
        start=np.zeros_like(sample.log_GS),
    )


def normalised(weights_GS: Array) -> Array:
    """The weights [G, S] such that rows sum to one."""
    return weights_GS / np.maximum(weights_GS.sum(axis=1, keepdims=True), 1e-300)


def seen(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> Array:
    """P(event at this shift | video) [G, S] for labels of one class."""
    log_GS = unblurred(sample.log_GS, hypothesis.sigma) if hypothesis.blurred else sample.log_GS
    blur_SS = blur(sample.log_GS.shape[1], hypothesis.error * kind.relative_error, kind.drift)
    return event_density(log_GS, hypothesis.sharpness, hypothesis.floor, blur_SS, hypothesis.lapses)


def labelled(sample: Sample, hypothesis: Hypothesis, bias: float) -> Array:
    """P(labelled where it is | event at this shift) [G, S] for labels that are `bias` frames late."""
    count = sample.log_GS.shape[1]
    noise_HN = np.stack(
        [
            noise_probabilities(hypothesis.sigma * scale, hypothesis.outliers, bias + late, count)
            for late, scale in sample.habits_H2.tolist()
        ]
    )
    return label_likelihood(sample.frames_G, sample.lengths_G, noise_HN, sample.habit_G)


def log_likelihood(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> Array:
    """Log P(labelled where it is, and reviewed where it was | video) [G] for labels of one class."""
    joint_GS = joint(sample, hypothesis, kind)
    rows, at_R = sample.reviewed_inside()
    likely_G = joint_GS.sum(axis=1)
    likely_G[rows] = joint_GS[rows, at_R]
    return np.log(np.maximum(likely_G, 1e-12))
