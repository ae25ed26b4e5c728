"""Constant shifts of a class: how late its evidence is, and, once reviewed, how late its labels are."""

from collections.abc import Mapping

import numpy as np

from spotting.density import Array, centres, powers, rounded_gaussian, shifts
from spotting.noise_model import ClassModel, Hypothesis
from spotting.sample import Sample

_STEPS = 25
_FEWEST, _FEWEST_REVIEWS = 5, 10
_ROUNDING = 0.05
_PROOF, _CLASS_PROOF = 2.5, 3.0


def find_offsets(
    sample: Sample, hypothesis: Hypothesis, trusted: bool, answers: Mapping[str, float] | None = None
) -> list[ClassModel]:
    """Drift and bias of every class of `sample`, in frames, each shrunk to 0 as far as chance explains it.

    Evidence minus labels shows drift - bias only: a class whose labels are all late teaches the model to be
    late. Unless reviews are `trusted`, the whole is taken for drift and bias is 0. `answers` are the biases
    of classes that a person has spoken for, in frames.
    """
    power_GS = powers(sample.log_GS, hypothesis.sharpness, hypothesis.floor)
    total = float(np.hypot(hypothesis.sigma, hypothesis.error))
    gaps_C = np.zeros(len(sample.names))
    for number, rows in sample.by_class():
        gaps_C[number] = _gap(power_GS[rows], total)
    biases_C = _biases(sample) if trusted else np.zeros_like(gaps_C)
    for number, name in enumerate(sample.names):
        biases_C[number] = (answers or {}).get(name, biases_C[number])
    return [
        ClassModel(bias=bias, drift=gap + bias)
        for gap, bias in zip(gaps_C.tolist(), biases_C.tolist(), strict=True)
    ]


def _biases(sample: Sample) -> Array:
    """How late the labels of every class are [C]: one shift for all, and what single classes add to it.

    Only shifts that the reviewed labels prove (2.5 standard errors, 3 for a single class) are applied.
    """
    known_K = np.nonzero(sample.true_G >= 0)[0]
    classes_K = sample.classes_G[known_K]
    habits_K = sample.habits_H2[sample.habit_G[known_K], 0]
    moves_K = (sample.frames_G - sample.true_G)[known_K] - habits_K
    evidence_G = centres(sample.log_GS)
    usual_C = np.bincount(sample.classes_G, evidence_G) / np.bincount(sample.classes_G)
    evidence_K = evidence_G[known_K] + moves_K - usual_C[classes_K]
    shared = _proven(evidence_K, moves_K, _PROOF)
    single = [
        _proven(evidence_K[classes_K == number] - shared, moves_K[classes_K == number] - shared, _CLASS_PROOF)
        for number in range(len(sample.names))
    ]
    return shared + np.array(single)


def _proven(evidence_K: Array, moves_K: Array, proof: float) -> float:
    """The bias that two measurements of it agree on, by precision; 0 unless it is `proof` standard errors."""
    if len(moves_K) < _FEWEST_REVIEWS:
        return 0.0
    precision_2 = len(moves_K) / (np.array([evidence_K.var(), moves_K.var()]) + _ROUNDING)
    late = float((np.array([evidence_K.mean(), moves_K.mean()]) * precision_2).sum() / precision_2.sum())
    return late if abs(late) * np.sqrt(precision_2.sum()) > proof else 0.0


def _gap(power_KS: Array, width: float) -> float:
    """How late the evidence of K labels is, Gaussian of `width` about them, less what chance explains.

    EM over where in its curve each label's evidence is; the variance allows for what the curves leave open;
    shrunk to 0 by the positive part of James and Stein.
    """
    if len(power_KS) < _FEWEST:
        return 0.0
    shifts_S = shifts(power_KS.shape[1])
    late_K, open_K = np.zeros(len(power_KS)), np.zeros(len(power_KS))
    for _ in range(_STEPS):
        weight_KS = power_KS * rounded_gaussian(shifts_S, width, float(late_K.mean())) + 1e-300
        weight_KS /= weight_KS.sum(axis=1, keepdims=True)
        late_K = weight_KS @ shifts_S
        open_K = weight_KS @ shifts_S**2 - late_K**2
    mean = float(late_K.mean())
    told = max(1 - float(open_K.mean()) / width**2, 0.1)
    variance = float(late_K.var()) / len(late_K) / told**2
    return mean * max(0.0, 1 - variance / max(mean**2, 1e-12))
