"""Questions about whole groups of labels that a noise model leaves to a person."""

from collections.abc import Mapping

from spotting.noise_model import ClassModel, Habit, NoiseModel
from storage.answers import Finding

REVIEWS = 15
"""Reviews that tell whether a class gains; of fewer labels nothing but a clear drift is asked."""
_DRIFT = 0.5


def asked(model: NoiseModel, labels: Mapping[str, int]) -> list[Finding]:
    """Classes that keep their labels or lie off their evidence, annotators and videos off as a whole.

    `labels` counts those of every class. A finding of 0 frames names no shift: its labels are kept, or
    looked at.
    """
    of_classes = [_of_class(name, kind, labels[name]) for name, kind in model.classes.items()]
    found = [finding for finding in of_classes if finding is not None]
    return found + [_of_habit(habit) for habit in model.habits if habit.stands_out]


def _of_class(name: str, kind: ClassModel, labels: int) -> Finding | None:
    if kind.off:
        return Finding(of="class", name=name, labels=labels, frames=kind.off, words=f"{name}: {kind.refusal}")
    if labels < REVIEWS:
        return None
    if kind.refusal is not None:
        return Finding(of="class", name=name, labels=labels, frames=0.0, words=f"{name}: {kind.refusal}")
    if kind.bias or abs(kind.drift) <= _DRIFT:
        return None
    words = f"{name}: its evidence lies {_late(kind.drift)} than its labels. Is another instant meant?"
    return Finding(of="class", name=name, labels=labels, frames=kind.drift, words=words)


def _of_habit(habit: Habit) -> Finding:
    words = (
        f"{habit.of} {habit.name}: its {habit.labels:,} labels are {_late(habit.late)} than the others (give "
        f"or take {habit.error:.1f}). Is that a lag of theirs, or what they mean?"
    )
    return Finding(of=habit.of, name=habit.name, labels=habit.labels, frames=-habit.late, words=words)


def _late(frames: float) -> str:
    return f"{abs(frames):.1f} frames {'later' if frames > 0 else 'earlier'}"
