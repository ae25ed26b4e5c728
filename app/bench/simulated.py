"""Evidence made up instead of trained: what the posterior does by itself, in minutes, without a spotter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import expit

from app.bench.footage import EventSet
from app.bench.labels import Labels, gather
from spotting.corruption import Corrupted
from spotting.events import LabelledClip
from spotting.frame_scores import around

_BASE, _PEAK, _NOISE, _MEMORY = -4.5, 4.5, 0.5, 0.6


@dataclass(frozen=True, slots=True)
class Sight:
    """How well a made-up spotter sees: peak width and own error (sd), frames; share of events it misses."""

    width: float
    error: float
    blind: float


SIGHTS: dict[EventSet, Sight] = {
    "distinct": Sight(width=0.8, error=0.3, blind=0.03),
    "ambiguous": Sight(width=3.0, error=1.5, blind=0.15),
}


def simulated(
    precise: Sequence[LabelledClip], asked: Corrupted, sight: Sight, radius: int, seed: int
) -> Labels:
    """The labels of `asked` with evidence over ± `radius` frames, as if of a spotter that never saw them.

    The evidence is a peak at every precise event, off by the spotter's own error, on correlated noise.
    """
    rng = np.random.default_rng([seed, 17])
    found = []
    for number, (clip, noisy) in enumerate(zip(precise, asked.clips, strict=True)):
        names = sorted({event.label for event in (*clip.events, *noisy.events)})
        curves = {name: _curve(clip, name, sight, rng) for name in names}
        for place, label in enumerate(noisy.events):
            found.append((number, place, around(curves[label.label], label.frame, radius)))
    return gather(asked, found)


def _curve(clip: LabelledClip, name: str, sight: Sight, rng: np.random.Generator) -> NDArray[np.float64]:
    """Scores [N] of class `name` at every frame of the clip."""
    at_N = np.arange(len(clip.frames))
    spread = _NOISE * np.sqrt(1 - _MEMORY**2)
    logit_N = np.asarray(lfilter([1.0], [1.0, -_MEMORY], rng.normal(0, spread, len(at_N)))) + _BASE
    for event in clip.events:
        centre = event.frame + rng.normal(0, sight.error)
        if event.label == name and rng.random() >= sight.blind:
            logit_N = logit_N + _PEAK * np.exp(-0.5 * ((at_N - centre) / sight.width) ** 2)
    return expit(logit_N)
