"""Labels and their evidence as the noise model sees them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, log_intensity
from spotting.errors import BadConfig

NO_HABIT = np.array([[0.0, 1.0]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Labels as the fit sees them, G of them.

    `log_GS`: log intensity relative to a typical peak of the class, NaN outside the clip. `true_G`: the frame
    of labels reviewed blind, -1 elsewhere. `classes_G` indexes `names`. `habit_G` indexes `habits_H2`: how
    late the labels of an annotator or video are beside the rest (frames), and their error relative to sigma.
    `open_G`: how late they may be, in whole frames, for all that anybody knows (`as_meant`).
    """

    log_GS: Array
    classes_G: NDArray[np.int64]
    frames_G: NDArray[np.int64]
    lengths_G: NDArray[np.int64]
    true_G: NDArray[np.int64]
    names: Sequence[str]
    habit_G: NDArray[np.int64]
    habits_H2: Array
    open_G: NDArray[np.int64]

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Sample":
        """The labels at `rows`."""
        return replace(
            self,
            log_GS=self.log_GS[rows],
            classes_G=self.classes_G[rows],
            frames_G=self.frames_G[rows],
            lengths_G=self.lengths_G[rows],
            true_G=self.true_G[rows],
            habit_G=self.habit_G[rows],
            open_G=self.open_G[rows],
        )

    def reviewed_inside(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows [R] of labels reviewed blind, and where in their windows the event is [R].

        Without those whose event lies outside the window, of which evidence says nothing.
        """
        at_G = self.true_G - self.frames_G + self.log_GS.shape[1] // 2
        rows = np.flatnonzero((self.true_G >= 0) & (at_G >= 0) & (at_G < self.log_GS.shape[1]))
        return rows, at_G[rows]

    def without(self, aside_G: NDArray[np.bool_]) -> "Sample":
        """The same labels, those `aside_G` with flat evidence and no review: they say nothing."""
        flat_GS = np.where(aside_G[:, None] & np.isfinite(self.log_GS), 0.0, self.log_GS)
        return replace(self, log_GS=flat_GS, true_G=np.where(aside_G, -1, self.true_G))

    def with_habits(self, late_G: Array, scale_G: Array) -> "Sample":
        """The same labels, each `late_G` frames late beside the rest and `scale_G` times as far off."""
        habits_H2, habit_G = np.unique(np.stack([late_G, scale_G], axis=1), axis=0, return_inverse=True)
        return replace(self, habit_G=habit_G.reshape(-1).astype(np.int64), habits_H2=habits_H2)

    def as_meant(self, known: bool) -> "Sample":
        """The labels of each annotator and video taken to be right on average: their evidence moves instead.

        By whole frames; where a curve ends, it goes on with its lowest value. Unless this is `known`, it
        stays open whether they are late instead.
        """
        late_G = np.rint(self.habits_H2[self.habit_G, 0]).astype(np.int64)
        count = self.log_GS.shape[1]
        from_GS = np.arange(count) - late_G[:, None]
        moved_GS = np.take_along_axis(self.log_GS, np.clip(from_GS, 0, count - 1), axis=1)
        lowest_G1 = np.nanmin(self.log_GS, axis=1, keepdims=True)
        known_GS = (from_GS >= 0) & (from_GS < count) & np.isfinite(moved_GS)
        moved_GS = np.where(known_GS, moved_GS, lowest_G1)
        scales_H2 = self.habits_H2 * [0.0, 1.0]
        moved_GS = np.where(np.isnan(self.log_GS), np.nan, moved_GS)
        open_G = np.zeros_like(late_G) if known else late_G
        return replace(self, log_GS=moved_GS, habits_H2=scales_H2, open_G=open_G)

    def by_class(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Class number and rows of every class that occurs."""
        for number in np.unique(self.classes_G).tolist():
            yield number, np.nonzero(self.classes_G == number)[0]


def make_sample(
    scores_MGS: NDArray[np.floating],
    frames_G: NDArray[np.integer],
    classes: Sequence[str],
    lengths_G: NDArray[np.integer],
    reviewed: Mapping[int, int],
    blind: Collection[int] | None,
) -> Sample:
    """The sample of G labels with score curves [M, G, S] of M models.

    Scores outside the clip are dropped; scores missing inside it count as the label's lowest. Raises
    `BadConfig` when the inputs do not fit together.
    """
    _check(scores_MGS, frames_G, classes, lengths_G, reviewed)
    unseen = [index for index in blind or () if index not in reviewed]
    if unseen:
        raise BadConfig(f"label {unseen[0]} was reviewed blind, but no frame was settled on")
    names = sorted(set(classes))
    number_of = {name: number for number, name in enumerate(names)}
    classes_G = np.array([number_of[name] for name in classes], dtype=np.int64)
    true_G = np.full(len(classes), -1, dtype=np.int64)
    for index in reviewed if blind is None else blind:
        true_G[index] = reviewed[index]
    return Sample(
        log_GS=_relative(_inside(log_intensity(scores_MGS), frames_G, lengths_G), classes_G),
        classes_G=classes_G,
        frames_G=frames_G.astype(np.int64),
        lengths_G=lengths_G.astype(np.int64),
        true_G=true_G,
        names=names,
        habit_G=np.zeros(len(classes), dtype=np.int64),
        habits_H2=NO_HABIT,
        open_G=np.zeros(len(classes), dtype=np.int64),
    )


def _check(
    scores_MGS: NDArray[np.floating],
    frames_G: NDArray[np.integer],
    classes: Sequence[str],
    lengths_G: NDArray[np.integer],
    reviewed: Mapping[int, int],
) -> None:
    if scores_MGS.ndim != 3 or scores_MGS.shape[2] % 2 == 0:
        raise BadConfig(f"scores have shape {scores_MGS.shape}: must be labels by an odd number of shifts")
    sizes = {scores_MGS.shape[1], len(frames_G), len(classes), len(lengths_G)}
    if len(sizes) > 1:
        raise BadConfig(f"scores, frames, classes and clip lengths are of different lengths: {sorted(sizes)}")
    outside = np.flatnonzero((frames_G < 0) | (frames_G >= lengths_G))
    if len(outside):
        first = int(outside[0])
        raise BadConfig(f"label {first}: frame {frames_G[first]} is past the end ({lengths_G[first]} frames)")
    unknown = [index for index in reviewed if not 0 <= index < len(classes)]
    if unknown:
        raise BadConfig(f"reviewed label {unknown[0]}: there are {len(classes)} labels")


def _inside(log_GS: Array, frames_G: NDArray[np.integer], lengths_G: NDArray[np.integer]) -> Array:
    radius = log_GS.shape[1] // 2
    at_GS = frames_G[:, None] + np.arange(-radius, radius + 1)
    inside_GS = (at_GS >= 0) & (at_GS < lengths_G[:, None])
    known_GS = inside_GS & np.isfinite(log_GS)
    lowest_G1 = np.where(known_GS, log_GS, np.inf).min(axis=1, keepdims=True)
    lowest_G1 = np.where(np.isfinite(lowest_G1), lowest_G1, 0.0)
    return np.where(inside_GS, np.where(known_GS, log_GS, lowest_G1), np.nan)


def _relative(log_GS: Array, classes_G: NDArray[np.int64]) -> Array:
    """Log intensities relative to the median peak of the class."""
    peaks_G = np.nanmax(log_GS, axis=1) if len(log_GS) else np.zeros(0)
    typical_G = np.zeros(len(log_GS))
    for number in np.unique(classes_G).tolist():
        typical_G[classes_G == number] = np.median(peaks_G[classes_G == number])
    return log_GS - typical_G[:, None]
