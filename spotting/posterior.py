"""Evidence and label noise put together: one suggestion per label, with an honest confidence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spotting.caveats import closed, narrow, runaways
from spotting.density import Array, combined_scores, shifts
from spotting.events import Suggestion
from spotting.moves import Caution, cautious_moves, prospects
from spotting.noise_fit import REVIEWS_TO_FIT, Knowledge, fit
from spotting.noise_model import NoiseModel, joint, labelled, log_likelihood, mixed, normalised
from spotting.order import keep_apart, keep_order
from spotting.reasons import Findings, describe, explain
from spotting.refusal import refuse_unclear, refuse_useless
from spotting.sample import Sample, make_sample
from spotting.temper import checked_temper
from spotting.traces import Traces, between, make_traces, model_error

_FEW_REVIEWS = Caution(hurdle=0.6, worse=0.01)
_CAUTION = {
    "reviewed": Caution(hurdle=0.5, worse=0.015),
    "stated": Caution(hurdle=0.5, worse=0.02),
    "disagreement": Caution(hurdle=0.6, worse=0.015),
    "fitted": Caution(hurdle=0.75, worse=0.01),
}


@dataclass(frozen=True, slots=True)
class Realignment:
    """One suggestion per label, in their order, the noise model behind them, and what to tell the user.

    `likelihood`: mean log probability of the labels where they are, given the evidence, nats per label.
    """

    suggestions: list[Suggestion]
    noise: NoiseModel
    notes: tuple[str, ...]
    likelihood: float = 0.0


def suggest(
    scores: ArrayLike,
    frames: Sequence[int] | NDArray[np.integer],
    classes: Sequence[str],
    clip_lengths: Sequence[int] | NDArray[np.integer],
    *,
    clip_ids: Sequence[int] | NDArray[np.integer],
    reviewed: Mapping[int, int] | None = None,
    blind: Collection[int] | None = None,
    annotators: Sequence[str | None] | None = None,
    sources: Sequence[str] | None = None,
    sigma: float | None = None,
    matched: Sequence[float | None] | None = None,
    trained_MEG: NDArray[np.floating] | None = None,
    disagreement_G: NDArray[np.floating] | None = None,
    answers: Mapping[str, float] | None = None,
) -> Realignment:
    """Suggest a frame for each of G labels from out-of-fold evidence.

    `scores` [G, S], S = 2R + 1, is the score in [0, 1] of the label's class at shifts -R .. R around it, from
    a model that did not see the clip; NaN outside the clip. [M, G, S] gives M models trained independently:
    their evidence is averaged, and how far they differ tells the model's error. `frames`, `classes`,
    `clip_lengths` (frames in the label's clip) and `clip_ids` have one entry per label. `reviewed` maps a
    label's index to the frame that a person settled on; from 10 on these decide what is label noise. They
    do not override the label's own suggestion, so that its confidence can be audited. `sigma` is the label
    error (sd, frames) that the user knows of; give it only then.

    `blind` are the reviewed labels that were drawn at random and judged without a suggestion (None: all):
    they alone count as a sample of the label noise. The others settle where their neighbours may go.
    `annotators` wrote the labels (None: unknown) and `sources` are their videos: both may be off as a whole.
    `matched` are the matcher's offsets in held-out clips, `trained_MEG` those of E late epochs of M trainings
    (NaN: none), `disagreement_G` how far windows are apart (sd, frames): all are told, none decides, but
    posteriors are flattened where models know labels by heart and nobody reviewed. `answers` are classes that
    a person has spoken for, with how late their labels are (frames; 0: right as they are).

    Videos whose events run away from their labels are left as they are, and say nothing of the noise.

    A label moves where its posterior expects the least error, but for a price on making it worse
    (`spotting.moves`), if that is probably better (P > 0.5; 0.6 as long as repeated trainings alone tell the
    model's error, 0.75 as long as nothing but the labels themselves tells how noisy they are) and neither its
    class is refused nor its video runs away (`spotting.caveats`). Two labels of one class never come to share
    a frame of their clip. Deterministic. Raises `BadConfig` when the inputs do not fit together.
    """
    if not len(classes):
        return Realignment([], NoiseModel(basis="fitted", reviewed=0, hypotheses=(), classes={}), ())
    reviewed = reviewed or {}
    members_MGS = np.asarray(scores, dtype=np.float64)
    members_MGS = members_MGS[None] if members_MGS.ndim == 2 else members_MGS
    sample = make_sample(members_MGS, np.asarray(frames), classes, np.asarray(clip_lengths), reviewed, blind)
    traces = make_traces(members_MGS, matched, trained_MEG, disagreement_G)
    repeated = len(members_MGS) > 1
    apart = model_error(members_MGS) if repeated else None
    running = runaways(sample, sources) if sources is not None else {}
    closed_G = closed(running, sources or [""] * len(classes), reviewed)
    aside_G = np.array([why is not None for why in closed_G])
    model, heard = fit(sample.without(aside_G), Knowledge(sigma, apart, annotators, sources, answers))
    memorised = traces.memorised()
    if memorised is not None:
        traces = traces.without_training()
    temper = checked_temper(heard, model) if model.basis == "reviewed" else memorised
    model = replace(model, temper=temper or 1.0)
    model = refuse_unclear(heard, model, between(members_MGS) if repeated else None, answers or ())
    clips_G = np.unique(np.asarray(clip_ids), return_inverse=True)[1].astype(np.int64)
    sample = replace(heard, log_GS=np.where(aside_G[:, None], sample.log_GS, heard.log_GS))
    found = _decide(sample, model, clips_G, reviewed, traces, closed_G)
    trusting, model = model, refuse_useless(sample, model, found.moves_G)
    if model != trusting:
        found = _decide(sample, model, clips_G, reviewed, traces, closed_G)
    confidence_G = _confidence(sample, model, found.posterior_GS, found.moves_G)
    curves_GS = np.where(np.isfinite(sample.log_GS), combined_scores(members_MGS), np.nan)
    return Realignment(
        _suggestions(sample, found, confidence_G, curves_GS),
        model,
        (
            *describe(model, memorised),
            *filter(None, [narrow(found.posterior_GS, model.sigma)]),
            *(f"video {name}: {why}" for name, why in running.items()),
        ),
        _likelihood(sample, model),
    )


def _likelihood(sample: Sample, model: NoiseModel) -> float:
    """Mean log P(labelled where it is | video) over all labels, whatever reviews say."""
    best = max(model.hypotheses, key=lambda each: each.weight)
    unseen = replace(sample, true_G=np.full(len(sample.true_G), -1))
    parts = [
        log_likelihood(unseen.take(rows), best, model.classes[sample.names[number]])
        for number, rows in sample.by_class()
    ]
    return float(np.concatenate(parts).mean())


def _ordered_posterior(
    sample: Sample, model: NoiseModel, clips_G: NDArray[np.int64], reviewed: Mapping[int, int]
) -> Array:
    """P(event at this shift) [G, S] for every label; that of refused classes knows the label noise only.

    `reviewed` labels hold their frame against their neighbours, and keep their own posterior.
    """
    posterior_GS = _prior(sample, model)
    open_G = np.zeros(len(posterior_GS), dtype=bool)
    for number, rows in sample.by_class():
        kind = model.classes[sample.names[number]]
        if kind.refusal is None:
            open_G[rows] = True
            part = sample.take(rows)
            flattened_KS = normalised(mixed(part, model, kind) ** model.temper)
            posterior_GS[rows] = _either(flattened_KS, part.open_G)
    rows = np.flatnonzero(open_G)
    settled_GS = _settled(posterior_GS, sample.frames_G, reviewed)
    ordered_KS = keep_order(settled_GS[rows], sample.frames_G[rows], sample.classes_G[rows], clips_G[rows])
    own_K = np.isin(rows, list(reviewed))
    posterior_GS[rows] = np.where(own_K[:, None], posterior_GS[rows], ordered_KS)
    return posterior_GS


def _either(posterior_KS: Array, open_K: NDArray[np.int64]) -> Array:
    """Posteriors of labels that are meant as they are or `open_K` frames late as a group, evenly."""
    count = posterior_KS.shape[1]
    at_KS = np.arange(count) + open_K[:, None]
    late_KS = np.take_along_axis(posterior_KS, np.clip(at_KS, 0, count - 1), axis=1)
    return normalised(0.5 * posterior_KS + 0.5 * normalised(late_KS * ((at_KS >= 0) & (at_KS < count))))


def _settled(posterior_GS: Array, frames_G: NDArray[np.int64], reviewed: Mapping[int, int]) -> Array:
    """The posteriors with reviewed labels where people put them, as far as that lies inside the window."""
    settled_GS = posterior_GS.copy()
    for row, frame in reviewed.items():
        at = frame - int(frames_G[row]) + posterior_GS.shape[1] // 2
        if 0 <= at < posterior_GS.shape[1]:
            settled_GS[row] = 0.0
            settled_GS[row, at] = 1.0
    return settled_GS


def _prior(sample: Sample, model: NoiseModel) -> Array:
    """P(event at this shift) [G, S] from the labels alone."""
    inside_GS = np.isfinite(sample.log_GS)
    prior_GS = np.zeros_like(sample.log_GS)
    for each in model.hypotheses:
        prior_GS += each.weight * normalised(labelled(sample, each, 0.0) * inside_GS)
    return prior_GS


def _median(posterior_GS: Array) -> NDArray[np.int64]:
    """The shift [G] at which each posterior reaches one half."""
    return (np.cumsum(posterior_GS, axis=1) < 0.5).sum(axis=1) - posterior_GS.shape[1] // 2


def _caution(model: NoiseModel) -> Caution:
    few = model.basis == "reviewed" and model.reviewed < REVIEWS_TO_FIT
    return _FEW_REVIEWS if few else _CAUTION[model.basis]


def _decide(
    sample: Sample,
    model: NoiseModel,
    clips_G: NDArray[np.int64],
    reviewed: Mapping[int, int],
    traces: Traces,
    closed_G: Sequence[str | None],
) -> Findings:
    """The moves, and what speaks for them; `closed_G` says why labels are kept whatever is known of them."""
    posterior_GS = _ordered_posterior(sample, model, clips_G, reviewed)
    median_G = _median(posterior_GS)
    promised = prospects(posterior_GS)
    refusals = [model.classes[name].refusal for name in sample.names]
    refusals = [
        refusals[number] or why for number, why in zip(sample.classes_G.tolist(), closed_G, strict=True)
    ]
    open_G = np.array([refusal is None for refusal in refusals])
    wanted_G = cautious_moves(promised, open_G, _caution(model))
    better_G = promised.at(np.where(wanted_G == 0, median_G, wanted_G))[1]
    groups_G = clips_G * len(sample.names) + sample.classes_G
    moves_G = keep_apart(wanted_G, posterior_GS, sample.frames_G, groups_G)
    return Findings(
        moves_G=moves_G,
        leaning_G=median_G,
        posterior_GS=posterior_GS,
        better_G=better_G,
        crowded_G=moves_G != wanted_G,
        traces=traces,
        refusals=refusals,
    )


def _confidence(sample: Sample, model: NoiseModel, posterior_GS: Array, moves_G: NDArray[np.int64]) -> Array:
    """P(|error| <= 1 frame) [G] of the moves; the least over the hypotheses while nobody has checked any."""
    near_GS = np.abs(shifts(posterior_GS.shape[1]) - moves_G[:, None]) <= 1
    confidence_G = (posterior_GS * near_GS).sum(axis=1)
    if model.basis != "fitted":
        return confidence_G
    for each in model.hypotheses:
        alone = replace(model, hypotheses=(replace(each, weight=1.0),))
        for number, rows in sample.by_class():
            part, kind = sample.take(rows), model.classes[sample.names[number]]
            own_KS = normalised(joint(part, each, kind)) if kind.refusal is None else _prior(part, alone)
            own_KS = _either(normalised(own_KS**model.temper), part.open_G)
            confidence_G[rows] = np.minimum(confidence_G[rows], (own_KS * near_GS[rows]).sum(axis=1))
    return confidence_G


def _suggestions(sample: Sample, found: Findings, confidence_G: Array, curves_GS: Array) -> list[Suggestion]:
    away_GS = np.abs(shifts(found.posterior_GS.shape[1]) - found.moves_G[:, None])
    left_G = (found.posterior_GS * away_GS).sum(axis=1)
    columns = zip(
        (sample.frames_G + found.moves_G).tolist(),
        found.moves_G.tolist(),
        confidence_G.tolist(),
        found.posterior_GS.astype(np.float32),
        curves_GS.astype(np.float32),
        found.traces.matched_G.tolist(),
        explain(found),
        np.where(found.moves_G == 0, 0.0, found.better_G).tolist(),
        left_G.tolist(),
        [refusal is not None for refusal in found.refusals],
        found.traces.stability(found.moves_G).tolist(),
        found.traces.apart_G.tolist(),
        strict=True,
    )
    return [
        Suggestion(
            frame=frame,
            offset=float(move),
            confidence=confidence,
            posterior_S=posterior_S,
            scores_S=curve_S,
            matched_offset=_known(offset),
            reasons=reasons,
            better=better,
            expected_error=left,
            refused=refused,
            stability=_known(stability),
            disagreement=_known(apart),
        )
        for (
            frame,
            move,
            confidence,
            posterior_S,
            curve_S,
            offset,
            reasons,
            better,
            left,
            refused,
            stability,
            apart,
        ) in columns
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
