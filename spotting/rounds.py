"""What a round learns from: labels where the models before it put them, and how sure those were."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spotting.events import LabelledClip
from spotting.noise import sigma_for_offset

_LEAST_SIGMA = 0.3
"""The least label error (sd, frames) that a round assumes."""


def sigma_left(error: float) -> float:
    """The label error (sd, frames) that a round assumes, of labels whose posteriors expect a mean |`error`|.

    "convolved" reads it at the ends of windows only: inside, each label's posterior stands in its place.
    """
    return max(sigma_for_offset(error), _LEAST_SIGMA)


def realigned(
    clip: LabelledClip, moves_L: Sequence[int], posteriors: Sequence[NDArray[np.float32] | None], sides: int
) -> LabelledClip:
    """`clip` with its L labels moved by whole frames, and with where their events may be around them.

    `posteriors` are P(event at shift -R .. R from the label as it came) [`sides` = 2R + 1]; None for a label
    that a person settled: certain. Learned from is their square root, normalised: taken as they are, the
    labels come out less likely out of fold.
    """
    events = tuple(
        replace(event, frame=event.frame + move) for event, move in zip(clip.events, moves_L, strict=True)
    )
    chances = [
        _chances(posterior_S, move, sides) for posterior_S, move in zip(posteriors, moves_L, strict=True)
    ]
    return replace(clip, events=events, chances_LS=np.array(chances, np.float32).reshape(len(events), sides))


def _chances(posterior_S: NDArray[np.float32] | None, move: int, sides: int) -> NDArray[np.float32]:
    """A posterior around the label, as seen from where that was moved."""
    if posterior_S is None:
        return np.eye(1, sides, sides // 2, dtype=np.float32)[0]
    at_S = np.arange(sides) + move
    seen_S = posterior_S[np.clip(at_S, 0, sides - 1)]
    seen_S = np.sqrt(np.where((at_S >= 0) & (at_S < sides), seen_S, np.float32(0)))
    return seen_S / seen_S.sum()
