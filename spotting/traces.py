"""What epochs, windows and repeated trainings said about each label, beside its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array, centres, log_intensity

_NEAR, _SAME = 1.0, 0.75
_ROBUST = 1.4826
_MEMORISED = 0.7
_FEWEST = 20
_KEPT, _KEPT_VARIANCE = 0.95, 0.759


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LateEpochs:
    """What late epochs in training made of G labels, all int64 [G].

    `usual_G`: the usual match, in whole frames from the label; `agree_G` of the `seen_G` epochs that matched
    it agree, and they are of `trainings_G` trainings.
    """

    usual_G: NDArray[np.int64]
    agree_G: NDArray[np.int64]
    seen_G: NDArray[np.int64]
    trainings_G: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traces:
    """Traces of G labels, in frames from the label; NaN where there is none.

    `matched_G`: what the matcher made of it in the clip held out; `trained_MEG`: in each of M trainings, late
    epoch by late epoch. `apart_G`: how far windows and repeated trainings are apart (sd).
    """

    matched_G: Array
    trained_MEG: Array
    apart_G: Array

    @property
    def _trained_EG(self) -> Array:
        """The late epochs of all trainings, one after the other."""
        return self.trained_MEG.reshape(-1, self.trained_MEG.shape[-1])

    def stability(self, moves_G: NDArray[np.int64]) -> Array:
        """Share of the late epochs that agree with the move within a frame [G]."""
        seen_G = np.isfinite(self._trained_EG).sum(axis=0)
        agree_G = (np.abs(self._trained_EG - moves_G) <= _NEAR).sum(axis=0)
        return np.where(seen_G > 0, agree_G / np.maximum(seen_G, 1), np.nan)

    def late_epochs(self) -> LateEpochs:
        """What the late epochs usually match each label with, and how many of how many agree."""
        trained_EG = self._trained_EG
        seen_G = np.isfinite(trained_EG).sum(axis=0)
        ordered_EG = np.sort(trained_EG, axis=0)
        middle_G = np.maximum(seen_G - 1, 0) // 2
        median_G = (
            np.take_along_axis(ordered_EG, middle_G[None], axis=0)[0]
            if len(ordered_EG)
            else np.full(len(seen_G), np.nan)
        )
        usual_G = np.rint(np.nan_to_num(median_G)).astype(np.int64)
        return LateEpochs(
            usual_G=usual_G,
            agree_G=(np.abs(trained_EG - usual_G) <= _SAME).sum(axis=0),
            seen_G=seen_G,
            trainings_G=np.isfinite(self.trained_MEG).any(axis=1).sum(axis=0),
        )

    def without_training(self) -> "Traces":
        """The same without what training made of the labels: it says nothing once they are known by heart."""
        return replace(self, trained_MEG=self.trained_MEG[:0])

    def memorised(self) -> float | None:
        """How far training's matches scatter beside those of clips held out; None unless under 0.7.

        A model that knows its labels by heart matches them where they are.
        """
        seen_G = np.isfinite(self._trained_EG).any(axis=0) & np.isfinite(self.matched_G)
        if seen_G.sum() < _FEWEST:
            return None
        inside, outside = (
            _scatter(np.nanmean(self._trained_EG[:, seen_G], axis=0)),
            _scatter(self.matched_G[seen_G]),
        )
        ratio = inside / outside if outside > 0 else 1.0
        return ratio if ratio < _MEMORISED else None


def make_traces(
    members_MGS: NDArray[np.floating],
    matched: Sequence[float | None] | None,
    trained_MEG: NDArray[np.floating] | None,
    disagreement_G: NDArray[np.floating] | None,
) -> Traces:
    """Traces of the G labels that trainings looked at [M, G, S], and that trainings (others) learned from."""
    labels = members_MGS.shape[1]
    given = [np.nan if offset is None else offset for offset in matched or [None] * labels]
    windows_G = np.full(labels, np.nan) if disagreement_G is None else np.asarray(disagreement_G, np.float64)
    return Traces(
        matched_G=np.array(given, dtype=np.float64),
        trained_MEG=np.full((0, 0, labels), np.nan)
        if trained_MEG is None
        else np.asarray(trained_MEG, np.float64),
        apart_G=together(windows_G, between(members_MGS)),
    )


def together(*spreads_G: NDArray[np.floating]) -> Array:
    """The root mean square of the spreads that are known of each label [G]; NaN where none is."""
    spreads_KG = np.stack(spreads_G)
    count_G = np.isfinite(spreads_KG).sum(axis=0)
    square_G = np.nansum(spreads_KG**2, axis=0) / np.maximum(count_G, 1)
    return np.where(count_G > 0, np.sqrt(square_G), np.nan)


def between(members_MGS: NDArray[np.floating]) -> Array:
    """How far the centres of repeated trainings are apart (sd, frames) [G]; NaN for a single one."""
    if len(members_MGS) < 2:
        return np.full(members_MGS.shape[1], np.nan)
    return np.std([centres(log_intensity(member_GS[None])) for member_GS in members_MGS], axis=0, ddof=1)


def model_error(members_MGS: NDArray[np.floating]) -> float:
    """The model error (sd, frames) that the centres of repeated trainings' evidence tell.

    Half the variance of the difference of two (the three-cornered hat; Sjoberg, 2021), all pairs together,
    over the 95 % of differences that are least, made up for what a Gaussian loses by that: an event that a
    model saw elsewhere is a lapse, not an error of its usual size. A lower bound: errors that the models
    share are not in it, and the more of their training clips they share, the more errors.
    """
    centre_MG = np.stack([centres(log_intensity(member_GS[None])) for member_GS in members_MGS])
    apart_PG = np.stack([first - second for first, second in combinations(centre_MG, 2)])
    apart_PG -= np.median(apart_PG, axis=1, keepdims=True)
    kept = np.abs(apart_PG) <= np.quantile(np.abs(apart_PG), _KEPT)
    return float(np.sqrt((apart_PG[kept] ** 2).mean() / (2 * _KEPT_VARIANCE)))


def _scatter(values: Array) -> float:
    return float(_ROBUST * np.median(np.abs(values - np.median(values))))
