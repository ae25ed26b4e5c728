"""What one epoch of training tells, and the schedules of learning rate and reach. No torch."""

import math
from dataclasses import dataclass

from spotting.events import Match


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch as it was seen in training.

    `epoch` counts from 1; `parts` are the terms of `loss`, both means per step; `matches` hold the last match
    in this epoch of every training label that a window showed (`clip` indexes the clips given to `fit`).
    """

    epoch: int
    loss: float
    parts: dict[str, float]
    learning_rate: float
    frames_per_second: float
    seconds: float
    matches: tuple[Match, ...]


def learning_rate_factor(step: int, warmup: int, total: int) -> float:
    """Factor on the learning rate at `step` (from 0) of `total`: linear for `warmup` steps, then cosine to 0.

    The two follow one another; multiplied, as in the field's code, they let the rate climb back at the end.
    """
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, total - warmup)))


def reach_at(done: float, reach: float, start: float, warmup: float) -> float:
    """Reach in frames when the share `done` in [0, 1] of the training is over.

    1/R goes linearly from 1/`start` to 1/`reach` over the share `warmup`: matching stays near the labels
    until the scores mean something, so that no neighbouring frame is locked in early.
    """
    if done >= warmup:
        return reach
    share = done / warmup
    return 1 / ((1 - share) / start + share / reach)
