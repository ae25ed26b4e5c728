"""One cell of the noisy-labels benchmark: a spotter trained on noisy labels and tested on precise ones."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from app.bench.footage import EventSet, Footage
from spotting.config import TrainConfig
from spotting.epochs import Epoch
from spotting.events import Event, LabelledClip, Prediction
from spotting.infer import predict
from spotting.merge import Suppression
from spotting.metrics import mean_average_precision, score_gaps
from spotting.noise import jitter
from spotting.progress import Progress
from spotting.train import fit

Method = Literal["c1", "c2", "c3", "convolved", "gru"]
METHODS: tuple[Method, ...] = ("c1", "c3", "convolved", "c2", "gru")
GAP_TOLERANCE = 4
_SUPPRESSIONS: tuple[Suppression, ...] = ("soft", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What is trained on: the label noise (sd, frames), the method, the paper's lambda_time, the seed."""

    events: EventSet
    method: Method
    sigma: float
    time_weight: float
    seed: int

    @property
    def key(self) -> str:
        """The cell's file name."""
        return f"{self.events}-{self.method}-sigma{self.sigma:g}-lambda{self.time_weight:g}-seed{self.seed}"


def measure(
    cell: Cell, shown: Footage, config: TrainConfig, work: Path, device: str, progress: Progress
) -> dict[str, Any]:
    """Train on noisy labels of `shown.train` in the folder `work`, and find the events of `shown.test`.

    mAP on the precise labels of the test clips with and without soft-NMS; mean |matched - precise| by epoch,
    from epoch 0: that of the labels; the mean gap between the two best scores around an event. JSON values.
    """
    noisy = with_noise(shown.train, cell.sigma, cell.seed)
    trace = Trace(work / "trace.json", noisy, shown.train)
    spotter = fit(
        noisy,
        shown.classes,
        replace(config, mirrored=shown.mirrored),
        folder=work / "training",
        device=device,
        progress=progress,
        on_epoch=trace.add,
    )
    truth = [clip.events for clip in shown.test]
    found = {
        name: [predict(spotter, clip.frames, device=device, suppression=name) for clip in shown.test]
        for name in _SUPPRESSIONS
    }
    gaps = score_gaps(found["none"], truth, GAP_TOLERANCE)
    return {
        "map": {name: _by_tolerance(predictions, truth) for name, predictions in found.items()},
        "offsets": trace.offsets(),
        "shift": trace.shift(),
        "gap": float(gaps.mean()) if len(gaps) else None,
        "labels": sum(len(clip.events) for clip in noisy),
        "cpu_seconds": trace.cpu_seconds,
    }


def with_noise(clips: Sequence[LabelledClip], sigma: float, seed: int) -> list[LabelledClip]:
    """The clips with rounded Gaussian noise of `sigma` frames on every label, its events in their places."""
    rng = np.random.default_rng([seed, round(1000 * sigma)])
    return [_jittered(clip, sigma, rng) for clip in clips]


def _jittered(clip: LabelledClip, sigma: float, rng: np.random.Generator) -> LabelledClip:
    frames_G = np.array([event.frame for event in clip.events], np.int64)
    moved = jitter(frames_G, sigma, len(clip.frames), rng).tolist()
    events = tuple(Event(event.label, frame) for event, frame in zip(clip.events, moved, strict=True))
    return replace(clip, events=events)


def _by_tolerance(
    predictions: Sequence[Sequence[Prediction]], truth: Sequence[Sequence[Event]]
) -> dict[str, float]:
    return {str(tolerance): value for tolerance, value in mean_average_precision(predictions, truth).items()}


class Trace:
    """How far matched times are from the precise frames, epoch by epoch; kept in a file."""

    def __init__(self, path: Path, noisy: Sequence[LabelledClip], precise: Sequence[LabelledClip]) -> None:
        self._path = path
        self._error = [
            [label.frame - event.frame for label, event in zip(a.events, b.events, strict=True)]
            for a, b in zip(noisy, precise, strict=True)
        ]
        self._begun = time.process_time()
        self._rows: dict[str, Any] = {"epochs": {}, "cpu_seconds": 0.0}
        if path.is_file():
            self._rows = json.loads(path.read_text(encoding="utf-8"))

    def add(self, epoch: Epoch) -> None:
        """Note the matches of an epoch."""
        errors = np.array([self._error[m.clip][m.event] + m.offset for m in epoch.matches])
        now = time.process_time()
        self._rows["cpu_seconds"] += now - self._begun
        self._begun = now
        self._rows["epochs"][str(epoch.epoch)] = [float(np.abs(errors).mean()), float(errors.mean())]
        self._path.write_text(json.dumps(self._rows), encoding="utf-8")

    def offsets(self) -> list[float]:
        """Mean |matched - precise| in frames after 0, 1, 2 ... epochs."""
        labels = [abs(error) for errors in self._error for error in errors]
        return [float(np.mean(labels)), *(mean for mean, _ in self._in_order())]

    def shift(self) -> float:
        """Mean matched - precise in frames, of the last epoch."""
        return self._in_order()[-1][1]

    @property
    def cpu_seconds(self) -> float:
        """Seconds of processor time that the training took, of all interruptions together."""
        return self._rows["cpu_seconds"]

    def _in_order(self) -> list[tuple[float, float]]:
        epochs: dict[str, list[float]] = self._rows["epochs"]
        return [(mean, signed) for _, (mean, signed) in sorted(epochs.items(), key=lambda row: int(row[0]))]
