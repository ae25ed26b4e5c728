"""Questions about whole groups of labels that a noise model leaves to a person."""

from collections.abc import Mapping

from spotting.noise_model import Habit, NoiseModel
from storage.answers import Finding


def asked(model: NoiseModel, labels: Mapping[str, int]) -> list[Finding]:
    """Classes whose evidence is of another instant, annotators and videos that are off as a whole.

    `labels` counts those of every class.
    """
    of_classes = [
        Finding(of="class", name=name, labels=labels[name], frames=kind.off, words=f"{name}: {kind.refusal}")
        for name, kind in model.classes.items()
        if kind.off
    ]
    return of_classes + [_of_habit(habit) for habit in model.habits if habit.stands_out]


def _of_habit(habit: Habit) -> Finding:
    late = f"{abs(habit.late):.1f} frames {'later' if habit.late > 0 else 'earlier'}"
    words = (
        f"{habit.of} {habit.name}: its {habit.labels:,} labels are {late} than the others (give or take "
        f"{habit.error:.1f}). Is that a lag of theirs, or what they mean?"
    )
    return Finding(of=habit.of, name=habit.name, labels=habit.labels, frames=-habit.late, words=words)
