"""Simulated label noise: a label file with every frame moved by a known amount, events in their order."""

from dataclasses import dataclass, replace

import numpy as np

from spotting.errors import BadLabels
from spotting.noise import jitter
from storage.formats.labelfile import FileClip, LabelFile, NewLabel


@dataclass(frozen=True, slots=True)
class Moved:
    """How many labels were moved, and how far on average (frames, absolute)."""

    labels: int
    mean: float


def with_noise(file: LabelFile, *, sigma: float, seed: int) -> tuple[LabelFile, Moved]:
    """The file with rounded Gaussian noise of `sigma` frames on every label, kept inside its clip.

    The same seed gives the same noise; a clip's noise depends on its place in the file and nothing else.
    Raises `BadLabels` where a clip does not say how many frames it has.
    """
    clips = tuple(_jittered(clip, sigma, np.random.default_rng([seed, clip.position])) for clip in file.clips)
    before = [label.frame for clip in file.clips for label in clip.labels]
    after = [label.frame for clip in clips for label in clip.labels]
    mean = float(np.abs(np.subtract(after, before)).mean()) if before else 0.0
    return replace(file, clips=clips), Moved(len(before), mean)


def _jittered(clip: FileClip, sigma: float, rng: np.random.Generator) -> FileClip:
    if clip.num_frames is None:
        raise BadLabels(f"clip {clip.name}: num_frames is missing, so noise might leave the clip")
    frames_G = np.array([label.frame for label in clip.labels], dtype=np.int64)
    noisy = jitter(frames_G, sigma, clip.num_frames, rng).tolist()
    return replace(clip, labels=tuple(_moved(*pair) for pair in zip(clip.labels, noisy, strict=True)))


def _moved(label: NewLabel, frame: int) -> NewLabel:
    return replace(
        label, frame=frame, extra={key: value for key, value in label.extra.items() if key != "time"}
    )
