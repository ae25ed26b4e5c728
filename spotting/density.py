"""Score curves as densities: how likely each frame around a label is to be the event's, given the video."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
_LEAST, _MOST = 1e-7, 1 - 1e-6
_BANDWIDTH = 3.0
_CENTRE_STEPS = 8
_UNBLUR_STEPS = 8
_TINY = 1e-300


def log_intensity(scores_MGS: NDArray[np.floating]) -> Array:
    """Log intensity per frame [G, S] of the score curves of M models: the mean of log(-log(1 - score)).

    For the convolved objective, whose score is 1 - exp(-intensity), this undoes the score exactly; for small
    scores of the other objectives it is their logarithm. NaN (outside the clip) stays NaN.
    """
    scores_MGS = np.clip(np.asarray(scores_MGS, dtype=np.float64), _LEAST, _MOST)
    return np.log(-np.log1p(-scores_MGS)).mean(axis=0)


def combined_scores(scores_MGS: NDArray[np.floating]) -> NDArray[np.float32]:
    """The scores [G, S] whose log intensity is the mean over M models' (`log_intensity`)."""
    return intensity_scores(log_intensity(scores_MGS))


def intensity_scores(log_X: Array) -> NDArray[np.float32]:
    """The scores [X], in [0, 1], of log intensities: 1 - exp(-intensity)."""
    return -np.expm1(-np.exp(log_X)).astype(np.float32)


def shifts(count: int) -> Array:
    """The shifts -R .. R, frames, of a curve over `count` = 2R + 1 frames."""
    radius = count // 2
    return np.arange(-radius, radius + 1, dtype=np.float64)


def centres(log_GS: Array, sharpness: float = 2.0) -> Array:
    """Where the evidence nearest the label is centred [G], in frames from the label, real-valued.

    Mean shift over intensity^sharpness with a Gaussian of 3 frames, starting at the label: it leans towards
    the label less than a centroid over the whole window, and jumps less than the peak.
    """
    shifts_S = shifts(log_GS.shape[1])
    power_GS = np.nan_to_num(np.exp(sharpness * (log_GS - np.nanmax(log_GS, axis=1, keepdims=True))))
    centre_G = np.zeros(len(log_GS))
    for _ in range(_CENTRE_STEPS):
        near_GS = power_GS * np.exp(-0.5 * ((shifts_S - centre_G[:, None]) / _BANDWIDTH) ** 2)
        centre_G = near_GS @ shifts_S / np.maximum(near_GS.sum(axis=1), _TINY)
    return centre_G


def rounded_gaussian(moves_N: Array, sigma: float, mean: float = 0.0) -> Array:
    """P(round(N(mean, sigma²)) = move) for moves in whole frames."""
    return ndtr((moves_N + 0.5 - mean) / sigma) - ndtr((moves_N - 0.5 - mean) / sigma)


def blur(count: int, width: float, drift: float) -> Array:
    """P(event at shift `to` | evidence at shift `from`) [from, to]: evidence `drift` late, error `width`."""
    near_N = rounded_gaussian(shifts(2 * count - 1), width, -drift)
    return near_N[np.arange(count)[None, :] - np.arange(count)[:, None] + count - 1]


def unblurred(log_GS: Array, sigma: float) -> Array:
    """Log intensities of events, given those of their labels, which noise of `sigma` frames has displaced.

    Richardson (1972) and Lucy (1974): a few steps of EM for a displaced Poisson process. For classifiers that
    were trained to score where labels are. NaN (outside the clip) stays NaN.
    """
    inside_GS = np.isfinite(log_GS)
    labels_GS = np.where(inside_GS, np.exp(np.where(inside_GS, log_GS, 0.0)), 0.0)
    noise_SS = blur(log_GS.shape[1], sigma, 0.0)
    reached_GS = np.maximum(inside_GS @ noise_SS, _TINY)
    events_GS = labels_GS.copy()
    for _ in range(_UNBLUR_STEPS):
        expected_GS = np.maximum(events_GS @ noise_SS / reached_GS, _TINY)
        events_GS *= (labels_GS / expected_GS) @ noise_SS / reached_GS
    return np.where(inside_GS, np.log(np.maximum(events_GS, _TINY)), np.nan)


def powers(log_GS: Array, sharpness: float, floor: float) -> Array:
    """intensity^sharpness, plus a floor for "nothing to be seen here" inside the clip; 0 outside it."""
    power_GS = np.exp(sharpness * log_GS) + np.exp(sharpness * floor)
    return np.nan_to_num(power_GS, copy=False)


def event_density(
    log_GS: Array, sharpness: float, floor: float, blur_SS: Array, lapses: float = 0.0
) -> Array:
    """P(event at this shift | video) [G, S]; rows sum to one over the frames inside the clip.

    The evidence's powers, blurred by the model's own error, such that flat evidence
    stays flat up to the ends; with a share `lapses` of events that the model saw anywhere else, however sure
    it was. `log_GS` is relative to a typical peak of its class.
    """
    blurred_GS = powers(log_GS, sharpness, floor) @ blur_SS
    blurred_GS /= np.maximum(blur_SS.sum(axis=0), _TINY)
    even_GS = np.full_like(blurred_GS, lapses / log_GS.shape[1])
    cut_G = np.flatnonzero(np.isnan(log_GS[:, 0]) | np.isnan(log_GS[:, -1]))
    inside_KS = np.isfinite(log_GS[cut_G]).astype(np.float64)
    blurred_GS[cut_G] *= inside_KS * blur_SS.sum(axis=0) / np.maximum(inside_KS @ blur_SS, _TINY)
    even_GS[cut_G] = lapses * inside_KS / np.maximum(inside_KS.sum(axis=1, keepdims=True), 1.0)
    blurred_GS *= (1 - lapses) / np.maximum(blurred_GS.sum(axis=1, keepdims=True), _TINY)
    return blurred_GS + even_GS


def noise_probabilities(sigma: float, outliers: float, bias: float, count: int) -> Array:
    """P(label - event = move) for moves -2R .. 2R: rounded Gaussian, a share `outliers` uniform in ±R.

    Sums to one over ±R, as the event is looked for there only: flat evidence then speaks for no sigma.
    """
    moves_N = shifts(2 * count - 1)
    inside_N = np.abs(moves_N) <= count // 2
    gaussian_N = rounded_gaussian(moves_N, sigma, bias)
    gaussian_N /= max(gaussian_N[inside_N].sum(), _TINY)
    return (1 - outliers) * gaussian_N + outliers * inside_N / count


def label_likelihood(
    frames_G: NDArray[np.int64],
    lengths_G: NDArray[np.int64],
    noise_HN: Array,
    habit_G: NDArray[np.int64],
) -> Array:
    """P(labelled where it is | event at this shift) [G, S], given the `noise_probabilities` of H habits.

    A label on a clip's first or last frame may have been pushed there by the end, so it takes the whole
    tail: no pull towards the middle of the clip.
    """
    count = (noise_HN.shape[1] + 1) // 2
    moves_S = np.arange(count)[::-1] + count // 2
    likelihood_GS = np.take(noise_HN[:, moves_S], habit_G, axis=0)
    first_G, last_G = frames_G == 0, frames_G == lengths_G - 1
    likelihood_GS[first_G] = np.cumsum(noise_HN, axis=1)[:, moves_S][habit_G[first_G]]
    likelihood_GS[last_G] = np.cumsum(noise_HN[:, ::-1], axis=1)[:, ::-1][:, moves_S][habit_G[last_G]]
    return likelihood_GS
