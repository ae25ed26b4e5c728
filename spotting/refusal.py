"""Which classes keep their labels, why, and the one question that would settle it."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array
from spotting.noise_model import ClassModel, Hypothesis, NoiseModel, labelled, log_likelihood
from spotting.sample import Sample

_FEWEST = 5
_FEWEST_REVIEWS, _REVIEWS_TO_SETTLE = 15, 10
_LOWER_95, _LOWER_90 = 1.64, 1.28
_AMBIGUOUS = 0.7
_DRIFT, _DRIFT_ERRORS = 1.0, 3.0


def refuse_unclear(
    sample: Sample, model: NoiseModel, apart_G: Array | None, answered: Collection[str] = ()
) -> NoiseModel:
    """Refuse classes of few labels, of evidence that is not tied to them, ambiguous, or of another instant.

    Not tied: out of fold, the mean log likelihood of the class's labels is not above that under flat evidence
    by 1.64 standard errors. Ambiguous: repeated trainings are `apart_G` (sd, frames; None: one training) by
    0.7 of the labels' own error or more. Another instant: the evidence lies a frame or more off the labels
    on average, the labels' bias does not explain it, nobody has `answered` for the class, and fewer than 10
    of its labels reviewed blind say which of the two is meant.
    """
    best = max(model.hypotheses, key=lambda each: each.weight)
    kinds = dict(model.classes)
    for number, rows in sample.by_class():
        name = sample.names[number]
        part = sample.take(rows)
        apart = None if apart_G is None or model.basis == "reviewed" else apart_G[rows]
        refusal = _few(part) or _untied(part, best, kinds[name]) or _ambiguous(apart, model)
        off = 0.0 if refusal or name in answered else _other_instant(part, model, kinds[name])
        kinds[name] = replace(kinds[name], refusal=refusal or _question(off), off=off)
    return replace(model, classes=kinds)


def _few(sample: Sample) -> str | None:
    count = len(sample.frames_G)
    return f"{count} labels are too few to tell: labels kept" if count < _FEWEST else None


def _untied(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> str | None:
    unseen = replace(sample, true_G=np.full(len(sample.true_G), -1))
    gain_K = log_likelihood(unseen, hypothesis, kind) - _flat_log_likelihood(unseen, hypothesis)
    if _lower(gain_K, _LOWER_95) > 0:
        return None
    return "its evidence is not tied to its labels: labels kept. Can a viewer tell the frame at all?"


def _ambiguous(apart_K: Array | None, model: NoiseModel) -> str | None:
    if apart_K is None:
        return None
    apart = float(np.sqrt(np.nanmean(apart_K**2)))
    if apart < _AMBIGUOUS * model.sigma:
        return None
    return (
        f"trainings on the same labels put it {apart:.1f} frames (sd) apart, as far as labels err: "
        "labels kept. Review 15 of them: do two people choose the same frame?"
    )


def _other_instant(sample: Sample, model: NoiseModel, kind: ClassModel) -> float:
    """How many frames later the evidence lies, if that is clear and nobody looked, here or at other classes.

    A drift cannot be told from a bias of the labels otherwise. 0: nothing to ask.
    """
    if (sample.true_G >= 0).sum() >= _REVIEWS_TO_SETTLE:
        return 0.0
    error = np.hypot(model.sigma, model.error * kind.relative_error) / np.sqrt(len(sample.frames_G))
    off = min(kind.drift - kind.bias, kind.drift, key=abs)
    return 0.0 if abs(off) < max(_DRIFT, _DRIFT_ERRORS * error) else off


def _question(off: float) -> str | None:
    if off == 0:
        return None
    late = "later" if off > 0 else "earlier"
    return (
        f"its evidence lies {abs(off):.1f} frames {late} than its labels throughout: labels kept. Which "
        "instant is meant, the one labelled or the one that stands out? Answer it, or review 10 of them"
    )


def refuse_useless(sample: Sample, model: NoiseModel, moves_G: NDArray[np.int64]) -> NoiseModel:
    """Refuse classes whose blind reviews do not clearly bear out `moves_G`.

    From 15 reviews on, the 90 % lower limit of the mean gain must be above 0; classes of
    fewer go by all reviews together, once these are 15.
    """
    pooled = _borne_out(sample, moves_G, np.arange(len(moves_G)))
    kinds = dict(model.classes)
    for number, rows in sample.by_class():
        own = _borne_out(sample, moves_G, rows)
        count, clear = own if own is not None else pooled or (0, True)
        if not clear and np.any(moves_G[rows]):
            refusal = f"on {count} reviewed labels the suggestions were not clearly better: labels kept"
            kinds[sample.names[number]] = replace(kinds[sample.names[number]], refusal=refusal)
    return replace(model, classes=kinds)


def _borne_out(
    sample: Sample, moves_G: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[int, bool] | None:
    """How many of the labels were reviewed, and whether moving them was a clear gain; None for too few."""
    known = rows[sample.true_G[rows] >= 0]
    if len(known) < _FEWEST_REVIEWS:
        return None
    error_K = (sample.frames_G - sample.true_G)[known].astype(np.float64)
    return len(known), _lower(np.abs(error_K) - np.abs(error_K + moves_G[known]), _LOWER_90) > 0


def _flat_log_likelihood(sample: Sample, hypothesis: Hypothesis) -> Array:
    """Log P(labelled where it is) [G] if every frame inside the clip were as likely to be the event's."""
    inside_GS = np.isfinite(sample.log_GS)
    likelihood_GS = labelled(sample, hypothesis, 0.0) * inside_GS
    return np.log(likelihood_GS.sum(axis=1) / inside_GS.sum(axis=1))


def _lower(gain_K: Array, errors: float) -> float:
    """The mean less `errors` standard errors."""
    return float(gain_K.mean() - errors * gain_K.std(ddof=1) / np.sqrt(len(gain_K)))
