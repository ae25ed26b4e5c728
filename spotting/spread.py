"""Bias and spread of offsets: whether labels are late as one, or each by another amount."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig

Array = NDArray[np.float64]
RESAMPLES = 500
LOW, HIGH = 0.1587, 0.8413  # the middle 68 %, one standard deviation either way of a normal
FARTHEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Offsets of a group, frames. `bias` is their mean, `spread` half the width of their middle 68 %.

    The bounds are 95 % intervals, clips drawn with replacement; None with fewer than two clips. `p_value` is
    that of a bias as large where there is none (normal, by the resampled standard error).
    """

    count: int
    clips: int
    bias: float
    spread: float
    bias_bounds: tuple[float, float] | None
    spread_bounds: tuple[float, float] | None
    p_value: float


def spread(
    offsets_G: NDArray[np.integer],
    clips_G: NDArray[np.integer],
    labels_G: NDArray[np.integer] | None = None,
    seed: int = 0,
) -> Spread:
    """Bias and spread of whole-frame offsets [G] of labels in the clips `clips_G` [G].

    `labels_G` says how many labels each of them stands for; one where it is not given. A whole frame k stands
    for [k - 0.5, k + 0.5], so that the spread is no whole number. Labels of a clip are not independent: the
    bootstrap draws clips (or blocks of clips, where `clips_G` numbers those). Offsets beyond 60 frames count
    as 60. Raises `BadConfig` for no labels.
    """
    if not len(offsets_G):
        raise BadConfig("no offsets: a group without labels has no bias")
    labels_G = np.ones(len(offsets_G), dtype=np.int64) if labels_G is None else labels_G
    count = int(labels_G.sum())
    counts_CK = _counts(offsets_G, clips_G, labels_G)
    whole_K = counts_CK.sum(axis=0, keepdims=True)
    bias, middle = float(_means(whole_K)[0]), float(_half_widths(whole_K)[0])
    clips = len(counts_CK)
    if clips < 2:
        return Spread(
            count=count,
            clips=clips,
            bias=bias,
            spread=middle,
            bias_bounds=None,
            spread_bounds=None,
            p_value=1.0,
        )
    drawn_BK = _draws(clips, seed) @ counts_CK
    biases_B = _means(drawn_BK)
    return Spread(
        count=count,
        clips=clips,
        bias=bias,
        spread=middle,
        bias_bounds=_bounds(biases_B),
        spread_bounds=_bounds(_half_widths(drawn_BK)),
        p_value=_p_value(bias, float(biases_B.std())),
    )


def _draws(clips: int, seed: int) -> Array:
    """How often each clip is drawn in each resample [B, C]; as floats, which multiply ten times faster."""
    drawn_BC = np.random.default_rng(seed).integers(0, clips, (RESAMPLES, clips))
    places = drawn_BC + clips * np.arange(RESAMPLES)[:, None]
    return np.bincount(places.ravel(), minlength=RESAMPLES * clips).reshape(RESAMPLES, clips).astype(float)


def _counts(
    offsets_G: NDArray[np.integer], clips_G: NDArray[np.integer], labels_G: NDArray[np.integer]
) -> Array:
    """Labels per clip and offset from -FARTHEST to FARTHEST [C, K]."""
    _, clip_G = np.unique(clips_G, return_inverse=True)
    column_G = np.clip(offsets_G, -FARTHEST, FARTHEST) + FARTHEST
    counts_CK = np.zeros((int(clip_G.max()) + 1, 2 * FARTHEST + 1), dtype=np.float64)
    np.add.at(counts_CK, (clip_G, column_G), labels_G)
    return counts_CK


def _means(counts_BK: Array) -> Array:
    shifts_K = np.arange(-FARTHEST, FARTHEST + 1)
    return counts_BK @ shifts_K / np.maximum(counts_BK.sum(axis=1), 1)


def _half_widths(counts_BK: Array) -> Array:
    """Half the width of the middle 68 % of each histogram, linear within its bins [B]."""
    return (_quantiles(counts_BK, HIGH) - _quantiles(counts_BK, LOW)) / 2


def _quantiles(counts_BK: Array, share: float) -> Array:
    reached_BK = np.cumsum(counts_BK, axis=1)
    wanted_B = share * reached_BK[:, -1]
    bin_B = (reached_BK < wanted_B[:, None]).sum(axis=1)
    rows = np.arange(len(counts_BK))
    inside_B = counts_BK[rows, bin_B]
    before_B = reached_BK[rows, bin_B] - inside_B
    return bin_B - FARTHEST - 0.5 + (wanted_B - before_B) / np.maximum(inside_B, 1)


def _bounds(values_B: Array) -> tuple[float, float]:
    low, high = np.quantile(values_B, (0.025, 0.975))
    return float(low), float(high)


def _p_value(bias: float, error: float) -> float:
    if error == 0:
        return 1.0 if bias == 0 else 0.0
    return math.erfc(abs(bias) / error / math.sqrt(2))
