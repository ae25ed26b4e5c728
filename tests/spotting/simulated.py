"""Simulated evidence whose truth is known, for the tests of what is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spotting.posterior import Realignment, suggest

LENGTH, RADIUS = 200, 10


@dataclass
class Simulated:
    """Labels of two classes, four to a clip, with evidence and the truth."""

    scores: NDArray[np.float64]
    true: NDArray[np.int64]
    frames: NDArray[np.int64]
    classes: list[str]
    clips: NDArray[np.int64]

    def suggest(
        self,
        reviews: int = 0,
        *,
        rows: Sequence[int] | None = None,
        blind: Sequence[int] | None = None,
        sigma: float | None = None,
        annotators: Sequence[str | None] | None = None,
        sources: Sequence[str] | None = None,
        answers: dict[str, float] | None = None,
    ) -> Realignment:
        """Suggestions after `reviews` labels drawn at random, or those of `rows`, were reviewed."""
        drawn = np.random.default_rng(5).permutation(len(self.true))[:reviews].tolist()
        return suggest(
            self.scores,
            self.frames,
            self.classes,
            np.full(len(self.true), LENGTH),
            clip_ids=self.clips,
            reviewed={row: int(self.true[row]) for row in (drawn if rows is None else rows)},
            blind=blind,
            sigma=sigma,
            annotators=annotators,
            sources=sources,
            answers=answers,
        )

    def relabelled(self, late: NDArray[np.int64]) -> "Simulated":
        """The same events, every label `late` frames later."""
        frames = np.clip(self.frames + late, 0, LENGTH - 1)
        at = np.arange(2 * RADIUS + 1) + (frames - self.frames)[:, None]
        inside = (at >= 0) & (at <= 2 * RADIUS)
        moved = np.take_along_axis(self.scores, np.clip(at, 0, 2 * RADIUS), axis=1)
        scores = np.where(inside, moved, np.nan)
        return Simulated(scores, self.true, frames, self.classes, self.clips)


def simulate(
    sigma: float,
    *,
    count: int = 1000,
    width: float = 0.8,
    jitter: float = 0.35,
    strength: float = 6.0,
    late: float = 0.0,
    bias: int = 0,
    edge: bool = False,
    seed: int = 0,
) -> Simulated:
    """Evidence peaks of `width` at the truth + `late`, off by `jitter`; 3 % of the events are not visible."""
    rng = np.random.default_rng(seed)
    places = np.tile([1, 50, 110, LENGTH - 2] if edge else [30, 70, 110, 160], count // 4)
    true = places + (rng.integers(0, 2, count) if edge else rng.integers(-9, 10, count))
    true = np.clip(true, 0, LENGTH - 1)
    frames = np.clip(true + bias + np.rint(rng.normal(0, sigma, count)).astype(int), 0, LENGTH - 1)
    centre = true - frames + late + rng.normal(0, jitter, count)
    shifts = np.arange(-RADIUS, RADIUS + 1)
    peak = np.exp(-0.5 * ((shifts - centre[:, None]) / width) ** 2)
    peak *= strength * (rng.random(count) > 0.03)[:, None]
    white = rng.normal(0, 0.5, peak.shape)
    noise = white + 0.5 * (np.roll(white, 1, axis=1) + np.roll(white, -1, axis=1))
    scores = 1 / (1 + np.exp(-(peak - 6 + noise)))
    at = frames[:, None] + shifts
    scores[(at < 0) | (at >= LENGTH)] = np.nan
    classes = np.where(rng.random(count) < 0.5, "hit", "bounce").tolist()
    return Simulated(scores, true, frames, classes, np.arange(count) // 4)


def moved(found: Realignment) -> NDArray[np.int64]:
    """The suggested frames."""
    return np.array([suggestion.frame for suggestion in found.suggestions])


def confidence(found: Realignment) -> NDArray[np.float64]:
    """P(|error| <= 1), as claimed."""
    return np.array([suggestion.confidence for suggestion in found.suggestions])
