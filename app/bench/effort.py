"""How long the benchmarks' presets train on schematic clips."""

from dataclasses import replace

from spotting.config import TrainConfig
from spotting.presets import small


def seconds() -> TrainConfig:
    """Enough to see that everything runs, and too little to learn anything."""
    base = small()
    model = replace(base.model, size=32, window=32, queries=32, width=32, feedforward=64)
    return replace(base, model=model, epochs=2, batch=4, shift=2)


def minute() -> TrainConfig:
    """400 steps: about half a minute of one idle core.

    Matching is free after a fifth of them, so that matched times have moved before the training ends.
    """
    base = small()
    model = replace(base.model, size=32, width=64, feedforward=128)
    return replace(base, model=model, epochs=10, frames_per_epoch=10_240, batch=4, shift=2, reach_warmup=0.2)


def hundred_passes() -> TrainConfig:
    """1,600 steps, 100 passes over 16 clips: as often as the paper's trainings see Tennis (suppl. B).

    Fewer passes do not show its findings: a static spotter learns its labels by heart only then.
    """
    return replace(minute(), epochs=40)
