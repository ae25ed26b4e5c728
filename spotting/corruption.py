"""Label noise of every kind that a correction should cope with: precise labels in, wrong ones out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig
from spotting.events import Event, LabelledClip

Moves = NDArray[np.float64]


_ANNOTATORS = 4


@dataclass(frozen=True, slots=True)
class Corrupted:
    """Clips with wrong labels; the truth: per clip and label the precise event, None if it is spurious.

    `annotators`: who labelled each clip; None where that is not known.
    """

    clips: tuple[LabelledClip, ...]
    truth: tuple[tuple[Event | None, ...], ...]
    annotators: tuple[str | None, ...]


def corrupt(clips: Sequence[LabelledClip], kind: str, seed: int) -> Corrupted:
    """`clips` under the noise named `kind`, one of `KINDS` or "gaussian-S" with a standard deviation S.

    Frames are rounded to nearest and kept inside the clip. What annotators and videos have of their own goes
    by the clips' sources. The same arguments give the same labels. Raises `BadConfig` for an unknown kind.
    """
    rng = np.random.default_rng([seed, *kind.encode()])
    if kind == "sparse":
        return _miscounted(corrupt(clips, "gaussian-1", seed), rng)
    sources = {source: number for number, source in enumerate(dict.fromkeys(clip.source for clip in clips))}
    move = mover(kind, len(sources), rng)
    moved = [_moved(clip, move(_frames(clip), sources[clip.source])) for clip in clips]
    known = kind == "annotators"
    annotators = [f"annotator {sources[clip.source] % _ANNOTATORS}" if known else None for clip in clips]
    return Corrupted(tuple(moved), tuple(clip.events for clip in clips), tuple(annotators))


Mover = Callable[[Moves, int], Moves]
"""Where labels end up, real-valued frames [G], given the precise frames [G] and their source's number."""


def mover(kind: str, sources: int, rng: np.random.Generator) -> Mover:
    """The noise `kind` for clips of `sources` sources. Raises `BadConfig`."""
    name, _, size = kind.partition("-")
    if name == "gaussian":
        return lambda true_G, _: true_G + rng.normal(0, float(size), len(true_G))
    if kind not in _MOVERS:
        raise BadConfig(f"noise {kind!r}: must be gaussian-S or one of {', '.join(KINDS)}")
    return _MOVERS[kind](sources, rng)


def _none(sources: int, rng: np.random.Generator) -> Mover:
    return lambda true_G, source: true_G


def _outliers(sources: int, rng: np.random.Generator) -> Mover:
    """Gaussian of 1 frame, and 5 % anywhere within 12 frames."""

    def move(true_G: Moves, source: int) -> Moves:
        far_G = rng.random(len(true_G)) < 0.05
        return true_G + np.where(far_G, rng.uniform(-12, 12, len(true_G)), rng.normal(0, 1, len(true_G)))

    return move


def _heavy(sources: int, rng: np.random.Generator) -> Mover:
    """Student's t with 3 degrees of freedom, 1 frame wide."""
    return lambda true_G, source: true_G + rng.standard_t(3, len(true_G))


def _annotators(sources: int, rng: np.random.Generator) -> Mover:
    """Four annotators, each with a lag and a spread of its own, take sources in turn."""
    lags, spreads = (-2.0, 0.0, 2.0, 5.0), (0.5, 1.0, 2.0, 1.0)
    return lambda true_G, source: (
        true_G + rng.normal(lags[source % _ANNOTATORS], spreads[source % _ANNOTATORS], len(true_G))
    )


def _reaction(sources: int, rng: np.random.Generator) -> Mover:
    """A key pressed while the video plays: log-normal, median 6 frames late."""
    return lambda true_G, source: true_G + np.exp(rng.normal(np.log(6.0), 0.35, len(true_G)))


def _grid(step: int) -> Callable[[int, np.random.Generator], Mover]:
    """Rounded to the nearest multiple of `step` frames."""
    return lambda sources, rng: lambda true_G, source: np.rint(true_G / step) * step


def _video_offsets(sources: int, rng: np.random.Generator) -> Mover:
    """Gaussian of 1 frame, and an offset N(0, 2) of each video, which changes once in its course."""
    offsets_V2 = rng.normal(0, 2, (sources, 2))
    change_V = rng.uniform(60, 200, sources)

    def move(true_G: Moves, source: int) -> Moves:
        offset_G = offsets_V2[source][(true_G > change_V[source]).astype(int)]
        return true_G + offset_G + rng.normal(0, 1, len(true_G))

    return move


def _rate(sources: int, rng: np.random.Generator) -> Mover:
    """Gaussian of 1 frame; every fourth video's times counted at 25 pictures per second where it has 24."""
    return lambda true_G, source: true_G * (25 / 24 if source % 4 == 0 else 1) + rng.normal(0, 1, len(true_G))


def _constant(sources: int, rng: np.random.Generator) -> Mover:
    """Every label 2 frames late, give or take half a frame."""
    return lambda true_G, source: true_G + rng.normal(2, 0.5, len(true_G))


_MOVERS: dict[str, Callable[[int, np.random.Generator], Mover]] = {
    "none": _none,
    "outliers": _outliers,
    "heavy": _heavy,
    "annotators": _annotators,
    "reaction": _reaction,
    "seconds": _grid(25),
    "keyframes": _grid(12),
    "offsets": _video_offsets,
    "constant": _constant,
    "rate": _rate,
}
KINDS = (*_MOVERS, "sparse")


def _frames(clip: LabelledClip) -> Moves:
    return np.array([event.frame for event in clip.events], np.float64)


def _moved(clip: LabelledClip, frames_G: Moves) -> LabelledClip:
    inside = np.clip(np.rint(frames_G), 0, len(clip.frames) - 1).astype(int).tolist()
    return replace(
        clip, events=tuple(Event(e.label, frame) for e, frame in zip(clip.events, inside, strict=True))
    )


def _miscounted(noisy: Corrupted, rng: np.random.Generator) -> Corrupted:
    """A tenth of the labels missing, 5 % more of them spurious, 5 % of another class."""
    classes = sorted({event.label for clip in noisy.clips for event in clip.events})
    pairs = [_miscount(*both, classes, rng) for both in zip(noisy.clips, noisy.truth, strict=True)]
    return Corrupted(tuple(clip for clip, _ in pairs), tuple(truth for _, truth in pairs), noisy.annotators)


def _miscount(
    clip: LabelledClip,
    truth: Sequence[Event | None],
    classes: Sequence[str],
    rng: np.random.Generator,
) -> tuple[LabelledClip, tuple[Event | None, ...]]:
    rows: list[tuple[Event, Event | None]] = []
    for label, event in zip(clip.events, truth, strict=True):
        fate = rng.random()
        if fate < 0.1:
            continue
        others = [name for name in classes if name != label.label]
        rows.append((Event(str(rng.choice(others)), label.frame) if fate < 0.15 and others else label, event))
    for _ in range(rng.binomial(len(clip.events), 0.05)):
        rows.append((Event(str(rng.choice(classes)), int(rng.integers(len(clip.frames)))), None))
    rows.sort(key=lambda row: row[0].frame)
    return replace(clip, events=tuple(label for label, _ in rows)), tuple(event for _, event in rows)
