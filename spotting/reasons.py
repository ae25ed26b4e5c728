"""Why a label is moved or kept, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.density import Array
from spotting.noise_fit import REVIEWS_TO_FIT
from spotting.noise_model import Basis, Habit, NoiseModel
from spotting.traces import Traces

_SECOND_PEAK = 0.35
_UNCLEAR = 0.3
_AGREES, _DIFFERS = 0.75, 2.5
_LARGE_SHIFT = 0.5
_FEWEST_EPOCHS = 5
_FAR_APART = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """What was found for G labels: moves in frames, posteriors [G, S], P(better than the label) [G].

    `leaning_G` is where the posterior's median is, moved there or not; `crowded_G` marks labels moved aside
    for a neighbour; `traces` say what epochs and windows made of them; `refusals` are the classes'.
    """

    moves_G: NDArray[np.int64]
    leaning_G: NDArray[np.int64]
    posterior_GS: Array
    better_G: Array
    crowded_G: NDArray[np.bool_]
    traces: Traces
    refusals: Sequence[str | None]


def explain(found: Findings) -> list[tuple[str, ...]]:
    """The reasons of every label, the deciding one first."""
    rows = zip(
        found.moves_G.tolist(),
        found.leaning_G.tolist(),
        _second_peaks(found.posterior_GS),
        found.better_G.tolist(),
        (found.posterior_GS.max(axis=1) < _UNCLEAR).tolist(),
        found.crowded_G.tolist(),
        found.refusals,
        strict=True,
    )
    asides = _asides(found)
    return [(_main_reason(*row), *aside) for row, aside in zip(rows, asides, strict=True)]


def _asides(found: Findings) -> list[tuple[str, ...]]:
    """What epochs, the matcher and windows add to each label's main reason."""
    late = found.traces.late_epochs()
    rows = zip(
        late.usual_G.tolist(),
        late.agree_G.tolist(),
        late.seen_G.tolist(),
        late.trainings_G.tolist(),
        found.traces.matched_G.tolist(),
        found.traces.apart_G.tolist(),
        found.moves_G.tolist(),
        strict=True,
    )
    return [
        (*_epochs_reason(usual, agree, seen, of), *_match_reason(matched, move), *_apart_reason(apart))
        for usual, agree, seen, of, matched, apart, move in rows
    ]


def _epochs_reason(usual: int, agree: int, seen: int, trainings: int) -> tuple[str, ...]:
    if seen < _FEWEST_EPOCHS:
        return ()
    where = f"moved it {usual:+d}" if usual else "left it in place"
    if trainings == 1:
        return (f"in training, {agree} of the last {seen} epochs {where}",)
    return (f"in training, {agree} of {seen} late epochs of {trainings} trainings {where}",)


def _apart_reason(apart: float) -> tuple[str, ...]:
    return (f"windows, late epochs and models are {apart:.1f} frames apart",) if apart >= _FAR_APART else ()


def _main_reason(
    move: int,
    leaning: int,
    second: int | None,
    better: float,
    unclear: bool,
    crowded: bool,
    refusal: str | None,
) -> str:
    if refusal is not None:
        return refusal
    if crowded:
        return f"{shift_in_words(move)}: kept apart from a neighbouring label of its class"
    if unclear and move == 0:
        return "no clear evidence: label kept"
    if move == 0 and leaning != 0:
        lean = shift_in_words(leaning)
        return f"the evidence leans {lean}, not clearly enough ({better:.0%} better): label kept"
    if second is not None:
        return f"two peaks: {shift_in_words(move)}, and {shift_in_words(second)}"
    if move == 0:
        return "the evidence agrees with the label"
    return f"peak {shift_in_words(move)}, clear of the next best"


def shift_in_words(shift: int) -> str:
    """ "2 frames later", "1 frame earlier", "at the label"."""
    if shift == 0:
        return "at the label"
    return f"{abs(shift)} frame{'s' if abs(shift) > 1 else ''} {'later' if shift > 0 else 'earlier'}"


def _match_reason(matched: float, move: int) -> tuple[str, ...]:
    if matched != matched:
        return ()
    where = f"{round(matched, 1) + 0.0:+.1f}"
    if abs(matched - move) <= _AGREES:
        return (f"the matcher agrees ({where})",)
    return (f"the matcher differs ({where})",) if abs(matched - move) >= _DIFFERS else ()


def _second_peaks(posterior_GS: Array) -> list[int | None]:
    """Shift of every posterior's second peak, 0.35 of the best or more and 2 frames off it; None without."""
    count = posterior_GS.shape[1]
    best_G = posterior_GS.argmax(axis=1)
    padded_GS = np.pad(posterior_GS, ((0, 0), (1, 1)))
    peak_GS = (posterior_GS > padded_GS[:, :-2]) & (posterior_GS >= padded_GS[:, 2:])
    peak_GS &= np.abs(np.arange(count) - best_G[:, None]) >= 2
    height_GS = np.where(peak_GS, posterior_GS, 0.0)
    second_G = height_GS.argmax(axis=1)
    rows = np.arange(len(posterior_GS))
    high_G = height_GS[rows, second_G] > _SECOND_PEAK * posterior_GS[rows, best_G]
    pairs = zip((second_G - count // 2).tolist(), high_G.tolist(), strict=True)
    return [shift if high else None for shift, high in pairs]


def describe(model: NoiseModel, memorised: float | None = None) -> tuple[str, ...]:
    """What the noise model rests on and found, for the person who must trust it.

    `memorised` is `Traces.memorised`.
    """
    notes = [_basis_note(model.basis, model)]
    if model.measured is None and model.reviewed < REVIEWS_TO_FIT:
        notes.append(
            "one training judged each label, so the model's own error is fitted with the rest, not measured: "
            "more repeats would tell it, or 50 reviewed labels"
        )
    if memorised is not None:
        notes.append(
            f"in training, labels are matched {memorised:.0%} as far off as in clips held out: the models "
            "know them by heart, so the matches of training say little, and confidences are lowered until 10 "
            "labels are reviewed. Fewer epochs or more clips would help"
        )
    for name, kind in model.classes.items():
        if kind.refusal is not None:
            notes.append(f"{name}: {kind.refusal}")
        if abs(kind.bias) > 0.0:
            notes.append(f"{name}: reviewed labels are {_late(kind.bias)} on average; corrected")
        elif abs(kind.drift) > _LARGE_SHIFT:
            notes.append(
                f"{name}: its evidence lies {_late(kind.drift)} than its labels on average. Unverified, so "
                "the class is not moved: is another instant meant than the one that stands out?"
            )
    notes += [_habit_note(habit) for habit in model.habits if habit.stands_out]
    if any(each.blurred for each in model.hypotheses):
        notes.append("the evidence says where labels are, not events: their noise was taken out of it")
    return tuple(notes)


def _habit_note(habit: Habit) -> str:
    return (
        f"{habit.of} {habit.name}: its {habit.labels} labels are {_late(habit.late)} than the others. What "
        "they mean, or a lag: reviews of them or one answer settle it"
    )


def _basis_note(basis: Basis, model: NoiseModel) -> str:
    found = f"label error about {model.sigma:.1f} frames (sd), model error about {model.error:.1f}"
    if basis == "reviewed":
        return f"{found}; from {model.reviewed} reviewed labels"
    known = {
        "disagreement": "from how far repeated trainings differ, which misses errors that they share",
        "stated": "the label error was stated",
        "fitted": "fitted to the labels alone, so moves are cautious: review 10 labels or state their error",
    }[basis]
    if model.believed is not None and basis != "stated":
        known += (
            "; the stated label error is used" if model.believed else "; labels belie the stated label error"
        )
    return f"{found}; {known}. Unverified: a shift that all labels share shows only once some are reviewed"


def _late(frames: float) -> str:
    return f"{abs(frames):.1f} frames {'later' if frames > 0 else 'earlier'}"
