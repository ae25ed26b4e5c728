"""Which classes keep their labels: their evidence says nothing, or reviews do not bear out their moves."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array
from spotting.noise_model import Hypothesis, NoiseModel, labelled, log_likelihood
from spotting.sample import Sample

_FEWEST = 5
_FEWEST_REVIEWS = 15
_LOWER_95 = 1.64
_UNTIED = "its evidence is not tied to its labels: labels kept"


def refuse_uninformative(sample: Sample, model: NoiseModel) -> NoiseModel:
    """Refuse classes whose evidence does not tell where their labels are better than no evidence would.

    Measured out of fold: the mean log likelihood of the class's labels above that under flat evidence must be
    positive by 1.64 standard errors.
    """
    best = max(model.hypotheses, key=lambda each: each.weight)
    kinds = dict(model.classes)
    for number, rows in sample.by_class():
        name = sample.names[number]
        part = replace(sample.take(rows), true_G=np.full(len(rows), -1))
        if len(rows) < _FEWEST:
            refusal = f"{len(rows)} labels are too few to tell: labels kept"
        else:
            gain_K = log_likelihood(part, best, kinds[name]) - _flat_log_likelihood(part, best)
            refusal = None if _positive(gain_K) else _UNTIED
        kinds[name] = replace(kinds[name], refusal=refusal)
    return replace(model, classes=kinds)


def refuse_useless(sample: Sample, model: NoiseModel, moves_G: NDArray[np.int64]) -> NoiseModel:
    """Refuse classes of 15 reviews or more that `moves_G` did not bring nearer to the truth on average."""
    kinds = dict(model.classes)
    for number, rows in sample.by_class():
        known = rows[sample.true_G[rows] >= 0]
        error_K = (sample.frames_G - sample.true_G)[known]
        gain_K = np.abs(error_K) - np.abs(error_K + moves_G[known])
        if len(known) >= _FEWEST_REVIEWS and np.any(moves_G[rows]) and gain_K.mean() <= 0:
            refusal = f"on {len(known)} reviewed labels the suggestions were no better: labels kept"
            kinds[sample.names[number]] = replace(kinds[sample.names[number]], refusal=refusal)
    return replace(model, classes=kinds)


def _flat_log_likelihood(sample: Sample, hypothesis: Hypothesis) -> Array:
    """Log P(labelled where it is) [G] if every frame inside the clip were as likely to be the event's."""
    inside_GS = np.isfinite(sample.log_GS)
    likelihood_GS = labelled(sample, hypothesis, 0.0) * inside_GS
    return np.log(likelihood_GS.sum(axis=1) / inside_GS.sum(axis=1))


def _positive(gain_K: Array) -> bool:
    """True if the mean gain is above 0 by 1.64 standard errors."""
    return bool(gain_K.mean() > _LOWER_95 * gain_K.std(ddof=1) / np.sqrt(len(gain_K)))
