"""Predictions without a label, labels without a prediction: which of the two is wrong, and how sure that is.

Out of fold, a spotter's prediction without a label is a missing label or a false alarm, and nothing in the
labels says which. What the labels do say is how often predictions as sure as this one go without a label.
That share is missing + (1 - missing) * false: sure predictions, which are seldom false, tell how much is
missing, and that tells of the others how often they are false. In the manner of learning from positive and
unlabelled examples (Elkan and Noto, 2008), with priors in place of their estimate, so that few labels give
modest confidence.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom

from spotting.doubts import ClipLabels, Doubt, Kind
from spotting.events import Event, Prediction

LIKELY = 0.5
"""How sure it must be that a label is missing or of another class for somebody to be asked."""
QUIET = 0.25
"""A label whose class scores less than this share of the class's usual score nearby has no evidence."""
FEWEST = 10
_PER_BIN = 25
_FALSE_SHARES, _MISSING_SHARES = np.linspace(0.0025, 0.9975, 200), np.linspace(0.001, 0.199, 100)
_MISSING, _FALSE = (1.0, 9.0), (0.2, 0.5)
_SPURIOUS_AMONG_QUIET = (2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Settled:
    """What people decided about doubts of one kind before: `right` of them were, of `asked`."""

    right: int = 0
    asked: int = 0


@dataclass(slots=True)
class _Class:
    """One class: peaks (clip, frame, score, place of its label or None), labels (clip, place, best score)."""

    peaks: list[tuple[int, int, float, int | None]] = field(default_factory=list)
    labels: list[tuple[int, int, float]] = field(default_factory=list)


def surprises(
    clips: Sequence[ClipLabels],
    predictions: Sequence[Sequence[Prediction]],
    near: int,
    settled: dict[Kind, Settled] | None = None,
) -> list[Doubt]:
    """Labels that are probably missing, spurious or of another class, with P(so) as the weight.

    `predictions` of each clip are from spotters that did not see it, no two of a class within `near` frames;
    a label and a prediction of its class within `near` frames stand by one another. Classes of fewer than 10
    labels are left out. A prediction next to a label without evidence is one of another class, sooner than
    a false alarm there by chance. `settled` is what people said of earlier doubts.
    """
    classes = _paired(clips, predictions, near)
    classes = {name: of for name, of in classes.items() if len(of.labels) >= FEWEST}
    quiet = {(clip, place): name for name, of in classes.items() for clip, place in _quiet(of)}
    sure = spurious_confidence((settled or {}).get("spurious", Settled()))
    chance = (len(quiet) + 1) / (sum(len(of.labels) for of in classes.values()) + 2)
    found: list[Doubt] = []
    swapped: set[tuple[int, int]] = set()
    for name, (clip, frame, score, likely) in _unlabelled(classes):
        by = [
            (abs(clips[clip].events[place].frame - frame), place)
            for at, place in quiet
            if at == clip
            and quiet[at, place] != name
            and abs(clips[clip].events[place].frame - frame) <= near
        ]
        if by:
            place, both = min(by)[1], likely / (likely + (1 - likely) * chance)
            if both >= LIKELY:
                swapped.add((clip, place))
                found.append(_swapped(clips[clip], clip, place, Prediction(name, frame, score), both))
        elif likely >= LIKELY:
            reason = f"{name} scores {score:.2f} here, no label within {near} frames ({likely:.0%} sure)"
            found.append(Doubt("missing", clip, None, reason, proposed=Event(name, frame), weight=likely))
    for (clip, place), name in quiet.items():
        if (clip, place) not in swapped:
            reason = f"{name} scores far below its usual within {near} frames of it ({sure:.0%} sure)"
            found.append(Doubt("spurious", clip, place, reason, weight=sure))
    return found


def _swapped(clip: ClipLabels, number: int, place: int, by: Prediction, likely: float) -> Doubt:
    label = clip.events[place].label
    reason = (
        f"{by.label} scores {by.score:.2f} at frame {by.frame}, and {label} hardly at all ({likely:.0%} sure)"
    )
    return Doubt("swapped", number, place, reason, proposed=Event(by.label, by.frame), weight=likely)


def _paired(
    clips: Sequence[ClipLabels], predictions: Sequence[Sequence[Prediction]], near: int
) -> dict[str, _Class]:
    """Every class with its peaks, each given the nearest free label, the highest first."""
    classes: dict[str, _Class] = defaultdict(_Class)
    for number, (clip, predicted) in enumerate(zip(clips, predictions, strict=True)):
        places: dict[str, list[int]] = defaultdict(list)
        for place, event in enumerate(clip.events):
            places[event.label].append(place)
        best = dict.fromkeys(range(len(clip.events)), 0.0)
        free = set(best)
        for peak in sorted(predicted, key=lambda each: -each.score):
            away = [
                (distance, place)
                for place in places[peak.label]
                if (distance := abs(clip.events[place].frame - peak.frame)) <= near
            ]
            for _, place in away:
                best[place] = max(best[place], peak.score)
            taken = min(((distance, place) for distance, place in away if place in free), default=(0, None))[
                1
            ]
            free.discard(taken)  # pyright: ignore[reportArgumentType]
            if taken is not None or not away:
                classes[peak.label].peaks.append((number, peak.frame, peak.score, taken))
        for place, event in enumerate(clip.events):
            classes[event.label].labels.append((number, place, best[place]))
    return classes


def _quiet(of: _Class) -> Iterator[tuple[int, int]]:
    """Clip and place of the labels whose class scores hardly at all near them."""
    usual = float(np.median([score for _, _, score in of.labels]))
    yield from ((clip, place) for clip, place, score in of.labels if score < QUIET * usual)


def _unlabelled(classes: dict[str, _Class]) -> Iterator[tuple[str, tuple[int, int, float, float]]]:
    """Class, clip, frame, score and P(an event) of the peaks without a label."""
    peaks = [(name, *peak) for name, of in classes.items() for peak in of.peaks]
    bins = list(_bins(classes))
    likely = missing_confidence([len(rows) for rows in bins], [_lone(rows) for rows in bins])
    sure = {key: float(share) for rows, share in zip(bins, likely, strict=True) for key in rows}
    for name, clip, frame, score, taken in peaks:
        share = sure.get((name, clip, frame, taken), 0.0)
        if taken is None:
            yield name, (clip, frame, score, share)


Key = tuple[str, int, int, int | None]


def _bins(classes: dict[str, _Class]) -> Iterator[list[Key]]:
    """The peaks of every class, the highest first, 25 at a time; a rest joins those before it."""
    for name, of in classes.items():
        ordered: list[Key] = [
            (name, clip, frame, taken)
            for clip, frame, _, taken in sorted(of.peaks, key=lambda peak: -peak[2])
        ]
        count = max(1, len(ordered) // _PER_BIN)
        for at in range(count):
            end = len(ordered) if at == count - 1 else (at + 1) * _PER_BIN
            if ordered[at * _PER_BIN : end]:
                yield ordered[at * _PER_BIN : end]


def _lone(rows: Sequence[Key]) -> int:
    return sum(taken is None for *_, taken in rows)


def missing_confidence(count_B: Sequence[int], lone_B: Sequence[int]) -> NDArray[np.float64]:
    """P(event | no label) [B] of predictions in B groups of like score, `lone_B` of `count_B` unlabelled.

    One share of events is missing in all groups, a fifth at most (prior Beta(1, 9)): a spotter whose
    predictions of any score often lack a label is not believed. Each group has false alarms of its own (prior
    Beta(0.2, 0.5): at most scores hardly any, at some most).
    """
    missing_M, false_F = _MISSING_SHARES[:, None], _FALSE_SHARES[None, :]
    lone_MF = missing_M * (1 - false_F) + false_F
    prior_F = beta.pdf(false_F, *_FALSE)
    log_M = beta.logpdf(_MISSING_SHARES, *_MISSING)
    event_BM = []
    for count, lone in zip(count_B, lone_B, strict=True):
        weight_MF = prior_F * binom.pmf(lone, count, lone_MF)
        told_M = weight_MF.sum(axis=1)
        event_BM.append(
            (weight_MF * missing_M * (1 - false_F) / lone_MF).sum(axis=1) / np.maximum(told_M, 1e-300)
        )
        log_M = log_M + np.log(np.maximum(told_M, 1e-300))
    share_M = np.exp(log_M - log_M.max())
    return np.array(event_BM).reshape(-1, len(_MISSING_SHARES)) @ (share_M / share_M.sum())


def spurious_confidence(settled: Settled) -> float:
    """P(no event | a label without evidence): the spotter may be blind to it; labels cannot say.

    One half until people have settled some (prior Beta(2, 2)).
    """
    right, wrong = _SPURIOUS_AMONG_QUIET
    return (right + settled.right) / (right + wrong + settled.asked)
