"""Speed of training and reading: the loop beside its step on ready tensors, inference beside naive."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from app.bench.measured import Measured
from spotting import augment
from spotting.cache import CachedFrames
from spotting.config import TrainConfig
from spotting.criterion import AssignmentCriterion
from spotting.device import autocast, prepare
from spotting.errors import BadConfig
from spotting.events import Event, Frames, LabelledClip
from spotting.feed import PictureFeed, Plan
from spotting.infer import read_clip, window_starts
from spotting.presets import paper, small
from spotting.progress import Progress, silent
from spotting.targets import Targets
from spotting.train import Training, new_spotter
from spotting.windows import read_window

CLASSES = ("a", "b", "c", "d", "e", "f")
_PRESETS: dict[str, Callable[[], TrainConfig]] = {"small": small, "paper": paper}
_CLIPS = 2
_EVERY = 20
"""Frames from one label to the next."""


def configured(
    preset: str, objective: str | None, size: int | None, batch: int | None, *, compiled: bool
) -> TrainConfig:
    """A preset from scratch with what is given changed. Raises `BadConfig`."""
    if preset not in _PRESETS:
        raise BadConfig(f"preset is {preset!r}: must be one of {', '.join(_PRESETS)}")
    config = _PRESETS[preset]()
    model = replace(config.model, pretrained=False, size=size or config.model.size)
    given = {"objective": objective, "batch": batch}
    chosen = {name: value for name, value in given.items() if value is not None}
    return replace(config, model=model, compiled=compiled, **chosen)


@dataclass(frozen=True, slots=True)
class ReadyFeed:
    """The same batch in every step, on the device already: what the model does if nothing has to be fed."""

    pictures: Tensor
    targets: Targets

    def batch(self, step: int) -> tuple[Tensor, Targets]:
        """The batch."""
        return self.pictures, self.targets

    def close(self) -> None:
        """Nothing is open."""


def measure(
    folder: Path, config: TrainConfig, device: str, frames: int, steps: int, progress: Progress
) -> Iterator[Measured]:
    """Time `steps` steps of `config` on clips of `frames` noisy frames that are written to `folder`.

    Seconds are of the processor on a CPU, so that other work on the machine disturbs little, and of the clock
    elsewhere; of several rounds, taking turns, the least counts.
    """
    prepare()
    clips = [_clip(folder, number, frames, config) for number in range(_CLIPS)]
    plan = Plan(clips, CLASSES, config)
    spotter = new_spotter(config, CLASSES).to(device)
    fed = PictureFeed(plan, device)
    ready = ReadyFeed(*fed.batch(0))
    loops = {
        "the real loop": Training(spotter, fed, plan, folder=folder, device=device),
        "ready tensors": Training(spotter, ready, plan, folder=folder, device=device),
    }
    per_step = config.batch * config.model.window
    yield Measured("work of a step", _flops(loops["ready tensors"]) / per_step / 1e9, "GFLOP/frame")
    spent = dict.fromkeys((*loops, "the loader alone"), float("inf"))
    for number in range(steps):
        for name, training in loops.items():
            spent[name] = min(spent[name], _seconds(lambda t=training: t.advance(silent), device))
        spent["the loader alone"] = min(spent["the loader alone"], _load(fed, plan, number, device))
        progress(number + 1, steps + 1, "training steps")
    fed.close()
    for name, seconds in spent.items():
        yield Measured(f"training, {name}", per_step / seconds, _unit(device))
    share = spent["ready tensors"] / spent["the real loop"]
    yield Measured("the real loop, of that on ready tensors", 100 * share, "%", "≥ 95")
    if config.uses_queries and config.objective != "convolved":
        matcher = _matcher(loops["ready tensors"], ready, device)
        yield Measured("the matcher, of a step", 100 * matcher / spent["ready tensors"], "%", "< 3")
    yield from _inference(loops["ready tensors"], clips[0].frames, device)
    progress(1, 1, "")


def _clip(folder: Path, number: int, frames: int, config: TrainConfig) -> LabelledClip:
    """Noise at training size, a third wider than high where it is cropped, with evenly placed labels."""
    size = config.model.size
    wide = size if config.model.framing == "whole" else size * 16 // 9
    path = folder / f"{number}.npy"
    pictures = np.random.default_rng(number).integers(0, 256, (frames, size, wide, 3), np.uint8)
    np.save(path, pictures)
    events = tuple(Event(CLASSES[at % len(CLASSES)], at) for at in range(_EVERY // 2, frames, _EVERY))
    return LabelledClip(path.stem, path.stem, events, CachedFrames(path))


def _flops(training: Training) -> float:
    """Floating-point operations of a step, forwards and backwards."""
    with FlopCounterMode(display=False) as counter:
        training.advance(silent)
    return float(counter.get_total_flops())


def _load(fed: PictureFeed, plan: Plan, step: int, device: str) -> float:
    """Seconds of reading a step's windows and making them ready on the device."""

    def load() -> None:
        read = fed.read(step % plan.total)
        augment.apply(read.pictures.to(device), read.present_BT, read.draws)

    return _seconds(load, device)


def _matcher(training: Training, ready: ReadyFeed, device: str) -> float:
    config = training.config
    criterion = AssignmentCriterion(
        use_scores=config.objective == "dla", time_weight=config.time_weight, frame_weight=0.0
    )
    with torch.no_grad(), autocast(device, enabled=config.amp):
        outputs = training.spotter(ready.pictures)
    logits, times = outputs.query_logits_LBQC, outputs.times_LBQ
    assert logits is not None
    assert times is not None
    targets = ready.targets
    return min(
        _seconds(lambda: criterion.match(logits, times, targets, config.reach), device) for _ in range(5)
    )


def _inference(training: Training, frames: Frames, device: str) -> Iterator[Measured]:
    spotter = training.spotter
    ways: dict[str, Callable[[], object]] = {
        "every frame once": lambda: read_clip(spotter, frames, device, silent),
        "window by window": lambda: _naive(training, frames, device),
    }
    spent = dict.fromkeys(ways, float("inf"))
    for _ in range(2):
        for name, way in ways.items():
            spent[name] = min(spent[name], _seconds(way, device))
    for name, seconds in spent.items():
        yield Measured(f"inference, {name}", len(frames) / seconds, _unit(device))
    gain = spent["window by window"] / spent["every frame once"]
    yield Measured("inference, gain over window by window", gain, "times", "≥ 2")
    yield Measured("inference, the most it can gain", _most(training), "times")


@torch.no_grad()
def _most(training: Training) -> float:
    """Operations of every frame seen and read twice, over those of a frame seen once and read twice.

    Windows overlap by half: the backbone need not run twice, the transformer has to.
    """
    spotter = training.spotter
    pictures = torch.zeros(1, spotter.config.model.window, 3, *[spotter.config.model.size] * 2)
    with FlopCounterMode(display=False) as seen:
        features = spotter.features(pictures.to(training.device))
    with FlopCounterMode(display=False) as read:
        spotter.read(features)
    see, look = seen.get_total_flops(), read.get_total_flops()
    return 2 * (see + look) / (see + 2 * look)


@torch.no_grad()
def _naive(training: Training, frames: Frames, device: str) -> None:
    """Half-overlapping windows, each read and seen on its own, as the field's code does it."""
    spotter, config = training.spotter.eval(), training.config
    model = config.model
    for start in window_starts(len(frames), model.window, config.blank_frames).tolist():
        pictures, present = read_window(frames, start, model.window, model.size, model.framing)
        draws = augment.plain_draws([pictures.shape[2]], model.size)
        batch = augment.crop([pictures], draws, model.size).to(device)
        with autocast(device, enabled=config.amp):
            spotter(augment.apply(batch, torch.from_numpy(present)[None], draws))


def _seconds(work: Callable[[], object], device: str) -> float:
    clock = time.process_time if device == "cpu" else time.perf_counter
    _finish(device)
    begun = clock()
    work()
    _finish(device)
    return clock() - begun


def _finish(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device.startswith("mps"):
        torch.mps.synchronize()


def _unit(device: str) -> str:
    return "frames/CPU s" if device == "cpu" else "frames/s"
