"""How a run cross-fits: into how many folds, how often, what is held out together, and which round it is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.grouping import GROUPINGS, leak
from spotting.config import TrainConfig, from_dict, to_dict
from spotting.crossfit import assign_folds
from spotting.errors import BadConfig
from storage.records import RunRecord

LOOKS = 6
MAX_FOLDS, MAX_REPEATS, MAX_ROUNDS = 20, 10, 2
_PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Effort:
    """How many folds, and how often all clips are divided into them anew."""

    folds: int
    repeats: int


EFFORTS = {"quick": Effort(2, 1), "standard": Effort(5, 1), "thorough": Effort(5, 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run has beside the engine's settings.

    `stated_sigma`: the labels' error (sd, frames) where the person knows it; `label_sigma`: what is assumed
    of it, which says how far around a label to look; `reach_stated`: the person chose the reach. `repeats`:
    how often the clips are divided into folds and trained on, each time anew. `grouping`: what is held out
    together, one of `GROUPINGS`, by `pattern` if that is "name"; `groups`: how many such there are, and
    `split` how many source videos are in several.
    `round`: 0 trains on the labels as they came, 1 and 2 on what the run `base` made of
    them.
    """

    stated_sigma: float | None = None
    label_sigma: float = 2.0
    reach_stated: bool = False
    repeats: int = 1
    grouping: str = "source"
    pattern: str = ""
    groups: int = 0
    split: int = 0
    round: int = 0
    base: int | None = None


@dataclass(frozen=True, slots=True)
class MemberNumber:
    """One member of a run: the training that leaves out one fold of one division of the clips."""

    number: int
    fold: int
    repeat: int


def to_config(config: TrainConfig, plan: Plan) -> dict[str, Any]:
    """A run's settings as they are stored; `train_config` and `plan_of` take them back."""
    return to_dict(config) | {_PLAN: asdict(plan)}


def train_config(run: RunRecord) -> TrainConfig:
    """The engine's settings of a run."""
    return from_dict({key: value for key, value in run.config.items() if key != _PLAN})


def plan_of(run: RunRecord) -> Plan:
    """How the run cross-fits."""
    return Plan(**run.config.get(_PLAN, {}))


def member_numbers(run: RunRecord) -> list[MemberNumber]:
    """The run's members, one per fold and repeat, in the order in which they are queued."""
    return [
        MemberNumber(repeat * run.folds + fold, fold, repeat)
        for repeat in range(plan_of(run).repeats)
        for fold in range(run.folds)
    ]


def folds_of_clips(
    run: RunRecord, groups: Sequence[str], annotators: Sequence[str | None], repeat: int
) -> list[int]:
    """The fold of every clip, given the group and the annotator of each; each repeat divides them anew."""
    return assign_folds(groups, run.folds, train_config(run).seed + repeat, annotators)


def effort_of(name: str, folds: int | None = None, repeats: int | None = None) -> Effort:
    """Folds and repeats as asked, else those of the effort called `name`. Raises `BadConfig`."""
    if name not in EFFORTS:
        raise BadConfig(f"effort is {name!r}: must be one of {', '.join(EFFORTS)}")
    usual = EFFORTS[name]
    folds = usual.folds if folds is None else folds
    repeats = usual.repeats if repeats is None else repeats
    if not 2 <= folds <= MAX_FOLDS:
        raise BadConfig(f"folds is {folds}: must lie between 2 and {MAX_FOLDS}")
    if not 1 <= repeats <= MAX_REPEATS:
        raise BadConfig(f"repeats is {repeats}: must lie between 1 and {MAX_REPEATS}")
    return Effort(folds, repeats)


def usable_folds(folds: int, groups: int) -> int:
    """As many folds as asked, or as there are groups if that is less: then each is left out in turn."""
    if groups < 2:
        raise BadConfig(
            "all clips are in one group, so none can be held out: import more, hold out by another field, or "
            "import again with a source pattern that tells them apart"
        )
    return min(folds, groups)


def late_epochs(epochs: int) -> tuple[int, ...]:
    """The epochs whose spotters speak together in the end: the last three of a sparse count."""
    step = max(1, epochs // 15)
    return tuple(epoch for epoch in (epochs - 2 * step, epochs - step, epochs) if epoch > 0)


def looked_at(epochs: int) -> tuple[int, ...]:
    """The epochs after which a member looks at what it does not train on: six or so, and the late ones."""
    every = max(1, epochs // LOOKS)
    return tuple(sorted({*range(every, epochs + 1, every), *late_epochs(epochs)}))


def held_out(run: RunRecord) -> str:
    """How the run cross-fits, in words."""
    plan = plan_of(run)
    told = f"{plan.groups} groups by {GROUPINGS[plan.grouping]}"
    told += f" ({plan.pattern})" if plan.pattern else ""
    told += f", in {run.folds} folds"
    told += f", {plan.repeats} times" if plan.repeats > 1 else ""
    told += f"; {leak(plan.split)}" if plan.split else ""
    return told if plan.base is None else f"{told}; round {plan.round}, after run {plan.base}"
