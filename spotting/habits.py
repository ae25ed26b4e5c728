"""Habits of annotators and of videos: whose labels are late beside the rest, and whose scatter more.

Empirical Bayes over all labels together: how far habits differ is fitted first, then each is shrunk by
as much (one annotator's reaction lag, one video's constant shift).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, noise_probabilities
from spotting.noise_model import ClassModel, Habit, HabitOf, Hypothesis, seen
from spotting.sample import Sample

_LATE = np.arange(-8.0, 8.01, 0.5)
_SCALES = 2.0 ** np.arange(-1.5, 1.6, 0.5)
_LATE_SPREADS = (0.0, 0.5, 1.0, 2.0, 4.0)
_SCALE_SPREADS = (0.0, 0.3, 0.7)
_PROOF = 3.0
_TEMPER = 0.5
_ROWS = 20_000
_FEWEST_PER_VIDEO = 3
_FEWEST_REVIEWS, _LOWER_90, _LAG = 10, 1.28, 0.5
Groups = NDArray[np.int64]


def find_habits(
    sample: Sample,
    hypothesis: Hypothesis,
    kinds: Sequence[ClassModel],
    annotators: Sequence[str | None] | None,
    videos: Sequence[str] | None,
) -> tuple[Sample, tuple[Habit, ...]]:
    """`sample` with what its annotators and videos are known for, and that knowledge by name.

    A label does not vote on its own video's shift. Labels whose annotator is None have no habit.
    """
    found: list[Habit] = []
    late_G, scale_G = np.zeros(len(sample.frames_G)), np.ones(len(sample.frames_G))
    names, group_G = _numbered(annotators or ())
    if len(names) > 1:
        grid = _Grid(_SCALES)
        log_AH = np.zeros((len(names), len(grid.late_H)))
        for rows, log_KH in _log_likelihoods(sample, hypothesis, kinds, grid):
            np.add.at(log_AH, group_G[rows][group_G[rows] >= 0], log_KH[group_G[rows] >= 0])
        late_A, error_A, scale_A = grid.means(log_AH, grid.fitted_prior(log_AH))
        known_G = group_G >= 0
        scale_A /= np.exp(np.log(scale_A)[group_G[known_G]].mean())
        means = late_A, error_A, scale_A
        late_G = np.where(known_G, _quarters(late_A)[group_G], 0.0)
        scale_G = np.where(known_G, np.round(scale_A, 2)[group_G], 1.0)
        sample = sample.with_habits(late_G, scale_G)
        found += _named("annotator", names, group_G, means)
    names, group_G = _numbered(videos or ())
    if len(names) > 1 and len(group_G) >= _FEWEST_PER_VIDEO * len(names):
        grid = _Grid(np.ones(1))
        log_GH = np.zeros((len(group_G), len(grid.late_H)))
        for rows, log_KH in _log_likelihoods(sample, hypothesis, kinds, grid):
            log_GH[rows] = log_KH
        log_AH = np.zeros((len(names), len(grid.late_H)))
        np.add.at(log_AH, group_G, log_GH)
        prior_H = grid.fitted_prior(log_AH)
        late_G = late_G + _quarters(grid.means(log_AH[group_G] - log_GH, prior_H)[0])
        sample = sample.with_habits(late_G, scale_G)
        found += _named("video", names, group_G, grid.means(log_AH, prior_H))
    return sample, tuple(found)


def are_lags(sample: Sample) -> bool | None:
    """Whether labels reviewed blind were off as their annotator or video is: a lag, and not what they mean.

    By the slope of their errors on what habits say, 1.28 standard errors above or below one half; None where
    nobody can tell the two apart.
    """
    known_K = sample.true_G >= 0
    late_K = sample.habits_H2[sample.habit_G[known_K], 0]
    error_K = (sample.frames_G - sample.true_G)[known_K].astype(np.float64)
    if known_K.sum() < _FEWEST_REVIEWS or np.ptp(late_K) == 0:
        return None
    late_K, error_K = late_K - late_K.mean(), error_K - np.median(error_K)
    slope = float(late_K @ error_K / (late_K @ late_K))
    rest_K = error_K - slope * late_K
    error = float(np.sqrt((rest_K @ rest_K) / (len(rest_K) - 2) / (late_K @ late_K)))
    return None if abs(slope - _LAG) < _LOWER_90 * error else slope > _LAG


def _numbered(groups: Sequence[str | None]) -> tuple[list[str], Groups]:
    """The names, and each label's number among them; -1 for None."""
    names = sorted({name for name in groups if name is not None})
    number = {name: place for place, name in enumerate(names)}
    return names, np.array([-1 if name is None else number[name] for name in groups], dtype=np.int64)


def _quarters(late: Array) -> Array:
    return np.round(4 * late) / 4


def _named(of: HabitOf, names: list[str], group_G: Groups, means: tuple[Array, Array, Array]) -> list[Habit]:
    counts = np.bincount(group_G[group_G >= 0], minlength=len(names)).tolist()
    columns = [values.tolist() for values in means]
    return [Habit(of, *row) for row in zip(names, counts, *columns, strict=True)]


class _Grid:
    """Every lateness with every scale, [H] each, and what likelihoods on it say."""

    def __init__(self, scales: Array) -> None:
        self.late_H, self.scale_H = np.repeat(_LATE, len(scales)), np.tile(scales, len(_LATE))
        self.spreads = _SCALE_SPREADS if len(scales) > 1 else _SCALE_SPREADS[:1]

    def fitted_prior(self, log_AH: Array) -> Array:
        """Log prior [H] of habits that makes all groups together likeliest; none unless clearly better."""
        tried = [self._prior(late, scale) for late in _LATE_SPREADS for scale in self.spreads]
        told = [float(np.logaddexp.reduce(log_AH + prior_H, axis=1).sum()) for prior_H in tried]
        best = int(np.argmax(told))
        return tried[best] if told[best] > told[0] + _PROOF else tried[0]

    def _prior(self, late_spread: float, scale_spread: float) -> Array:
        log_H = np.zeros(len(self.late_H))
        for values_H, spread in ((self.late_H, late_spread), (np.log(self.scale_H), scale_spread)):
            if spread:
                log_H = log_H - 0.5 * (values_H / spread) ** 2
            else:
                log_H = np.where(np.abs(values_H) < 1e-9, log_H, -np.inf)
        return log_H - np.logaddexp.reduce(log_H)

    def means(self, log_XH: Array, log_prior_H: Array) -> tuple[Array, Array, Array]:
        """Mean lateness [X], its sd, and geometric mean scale."""
        weight_XH = log_XH + log_prior_H
        weight_XH = np.exp(weight_XH - np.logaddexp.reduce(weight_XH, axis=1, keepdims=True))
        late_X = weight_XH @ self.late_H
        spread_X = np.sqrt(np.maximum(weight_XH @ self.late_H**2 - late_X**2, 0.0))
        return late_X, spread_X, np.exp(weight_XH @ np.log(self.scale_H))


def _log_likelihoods(
    sample: Sample, hypothesis: Hypothesis, kinds: Sequence[ClassModel], grid: _Grid
) -> Iterator[tuple[NDArray[np.int64], Array]]:
    """Rows, and their log P(labelled where it is | habit) [K, H], tempered.

    0 at a clip's ends, which hide how late a label is.
    """
    ends_G = (sample.frames_G == 0) | (sample.frames_G == sample.lengths_G - 1)
    for number, of_class in sample.by_class():
        for habit in np.unique(sample.habit_G[of_class]).tolist():
            alike = of_class[sample.habit_G[of_class] == habit]
            noise_SH = _noise(sample, hypothesis, habit, kinds[number].bias, grid)
            for begin in range(0, len(alike), _ROWS):
                rows = alike[begin : begin + _ROWS]
                likely_KH = _events(sample.take(rows), hypothesis, kinds[number]) @ noise_SH
                log_KH = _TEMPER * np.log(np.maximum(likely_KH, 1e-12))
                yield rows, np.where(ends_G[rows, None], 0.0, log_KH)


def _events(sample: Sample, hypothesis: Hypothesis, kind: ClassModel) -> Array:
    """P(event at this shift | video) [K, S]; where reviewed, that shift."""
    event_KS = seen(sample, hypothesis, kind)
    rows, at_R = sample.reviewed_inside()
    event_KS[rows] = 0.0
    event_KS[rows, at_R] = 1.0
    return event_KS


def _noise(sample: Sample, hypothesis: Hypothesis, habit: int, bias: float, grid: _Grid) -> Array:
    """P(label at its frame | event at this shift) [S, H] for habits beside the one known already."""
    count = sample.log_GS.shape[1]
    late, scale = sample.habits_H2[habit].tolist()
    rows = [
        noise_probabilities(hypothesis.sigma * scale * more, hypothesis.outliers, bias + late + later, count)
        for later, more in zip(grid.late_H.tolist(), grid.scale_H.tolist(), strict=True)
    ]
    return np.stack(rows)[:, np.arange(count)[::-1] + count // 2].T
