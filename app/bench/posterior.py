"""How long suggestions take for a large dataset, on simulated evidence: no training, no video."""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.bench.measured import Measured
from spotting.metrics import calibration_error
from spotting.noise import jitter
from spotting.posterior import suggest
from spotting.progress import Progress

_RADIUS, _PER_CLIP, _CLIPS_PER_VIDEO, _LENGTH = 10, 10, 40, 500
_CLASSES, _ANNOTATORS, _REVIEWS = 6, 5, 60
_SIGMA, _MODEL_ERROR, _WIDTH, _STRENGTH, _BACKGROUND, _NOISE = 2.0, 0.35, 0.8, 6.0, -6.0, 0.5


def measure(labels: int, progress: Progress) -> Iterator[Measured]:
    """Time the noise fit and the posteriors of `labels` labels, and check that they are worth it."""
    rng = np.random.default_rng(0)
    number_G = np.arange(labels)
    true_G = 25 + (number_G % _PER_CLIP) * 48 + rng.integers(-9, 10, labels)
    frames_G = jitter(true_G, _SIGMA, _LENGTH, rng)
    scores_GS = _scores((true_G - frames_G).astype(np.float64), rng)
    progress(0.1, 1.0, f"suggesting frames for {labels:,} labels")
    begun, processor = time.perf_counter(), time.process_time()
    found = suggest(
        scores_GS,
        frames_G,
        [f"class {number}" for number in rng.integers(0, _CLASSES, labels).tolist()],
        np.full(labels, _LENGTH),
        clip_ids=number_G // _PER_CLIP,
        reviewed={row: int(true_G[row]) for row in rng.permutation(labels)[:_REVIEWS].tolist()},
        annotators=[f"annotator {number}" for number in rng.integers(0, _ANNOTATORS, labels).tolist()],
        sources=[f"video {number}" for number in (number_G // (_PER_CLIP * _CLIPS_PER_VIDEO)).tolist()],
    )
    told = f"{labels:,} labels"
    yield Measured(f"suggestions for {told}", time.perf_counter() - begun, "s", "seconds, not minutes")
    yield Measured("processor time of it", time.process_time() - processor, "s")
    off_G = np.abs([suggestion.frame for suggestion in found.suggestions] - true_G)
    sure_G = np.array([suggestion.confidence for suggestion in found.suggestions])
    yield Measured("mean error before", float(np.abs(frames_G - true_G).mean()), "frames")
    yield Measured("mean error after", float(off_G.mean()), "frames", "below 0.45")
    yield Measured("calibration error", calibration_error(sure_G, off_G <= 1), "", "at most 0.03")


def _scores(late_G: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Score curves [G, S] that peak at the event, with the model's own error and noise."""
    shifts_S = np.arange(-_RADIUS, _RADIUS + 1)
    centre_G1 = (late_G + rng.normal(0, _MODEL_ERROR, len(late_G)))[:, None]
    peak_GS = _STRENGTH * np.exp(-0.5 * ((shifts_S - centre_G1) / _WIDTH) ** 2)
    logits_GS = _BACKGROUND + peak_GS + rng.normal(0, _NOISE, peak_GS.shape)
    return 1 / (1 + np.exp(-logits_GS))
