"""Windows of T frames: where to place them, and a batch of them read from the clips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spotting.config import TrainConfig
from spotting.errors import BadLabels
from spotting.events import Frames, LabelledClip
from spotting.scaling import resize
from spotting.targets import LabelRows

Placement = tuple[int, int]
"""Clip and first frame of a window; the first frame may lie before the clip, the last past its end."""


@dataclass(frozen=True, slots=True, eq=False)
class WindowBatch:
    """B windows as read: each one's uint8 pictures [T, H, W, 3], which frames exist, and the labels inside.

    Windows of different clips may differ in width until they are cropped.
    """

    pictures: list[NDArray[np.uint8]]
    present_BT: Tensor
    rows: LabelRows


def class_numbers(clips: Sequence[LabelledClip], classes: Sequence[str]) -> list[NDArray[np.int64]]:
    """Per clip the class numbers of its events. Raises `BadLabels` for an event of an unknown class."""
    number = {label: index for index, label in enumerate(classes)}
    for clip in clips:
        for event in clip.events:
            if event.label not in number:
                raise BadLabels(f"clip {clip.name}: {event.label!r} is not one of the classes")
    return [np.array([number[event.label] for event in clip.events], np.int64) for clip in clips]


def place_windows(lengths: Sequence[int], config: TrainConfig, epoch: int) -> list[list[Placement]]:
    """The windows of one epoch in batches; a function of `lengths` (frames), `config` and `epoch` alone.

    "even": over all clips end to end in random order, window centres exactly as far apart as fills the epoch,
    from a random phase; every label is seen about equally often. "random": as the paper, a clip in
    proportion to its length, then any position. Windows stick out of a clip by at most `blank_frames`, if
    it is long enough.
    """
    rng = np.random.default_rng([config.seed, epoch])
    window, count = config.model.window, batches(lengths, config) * config.batch
    if config.sampling == "even":
        clips, centres = _even_centres(lengths, count, rng)
        starts = centres - window // 2
    else:
        weights = np.array(lengths, float)
        clips = rng.choice(len(lengths), size=count, p=weights / weights.sum())
        starts = rng.integers(-config.blank_frames, _last_start(lengths, config)[clips] + 1)
    starts = np.clip(starts, -config.blank_frames, _last_start(lengths, config)[clips])
    placed = list(zip(clips.tolist(), starts.tolist(), strict=True))
    shuffled = [placed[index] for index in rng.permutation(count)]
    return [shuffled[first : first + config.batch] for first in range(0, count, config.batch)]


def batches(lengths: Sequence[int], config: TrainConfig) -> int:
    """Steps per epoch."""
    frames = config.frames_per_epoch or sum(lengths)
    return max(1, round(frames / (config.model.window * config.batch)))


def _last_start(lengths: Sequence[int], config: TrainConfig) -> NDArray[np.int64]:
    ends = np.array(lengths) + config.blank_frames - config.model.window
    return np.maximum(ends, -config.blank_frames)


def _even_centres(
    lengths: Sequence[int], count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = rng.permutation(len(lengths))
    ends = np.cumsum(np.array(lengths)[order])
    positions = ((np.arange(count) + rng.random()) * ends[-1] / count).astype(np.int64)
    slots = np.searchsorted(ends, positions, side="right")
    return order[slots], positions - np.concatenate(([0], ends))[slots]


def read_batch(
    clips: Sequence[LabelledClip],
    numbers: Sequence[NDArray[np.int64]],
    placed: Sequence[Placement],
    config: TrainConfig,
) -> WindowBatch:
    """The pictures and labels of `placed` windows; `numbers` from `class_numbers`. Blank frames are zeros.

    No frame is read twice, however many of the windows show it.
    """
    model = config.model
    pictures: list[NDArray[np.uint8]] = [np.empty(0, np.uint8)] * len(placed)
    present_BT = np.zeros((len(placed), model.window), np.bool_)
    for clip in sorted({clip for clip, _ in placed}):
        windows = [index for index, (shown, _) in enumerate(placed) if shown == clip]
        starts = [placed[index][1] for index in windows]
        read = _read_windows(clips[clip].frames, starts, model.window, model.size, model.framing)
        for index, (shown_THW3, present_T) in zip(windows, read, strict=True):
            pictures[index], present_BT[index] = shown_THW3, present_T
    return WindowBatch(
        pictures, torch.from_numpy(present_BT), label_rows(clips, numbers, placed, model.window)
    )


def read_window(
    frames: Frames, start: int, window: int, size: int, framing: str
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Pictures [T, H, W, 3] of `window` frames from `start` on, zeros outside the clip; which exist [T]."""
    return _read_windows(frames, [start], window, size, framing)[0]


def _read_windows(
    frames: Frames, starts: Sequence[int], window: int, size: int, framing: str
) -> list[tuple[NDArray[np.uint8], NDArray[np.bool_]]]:
    """`read_window` from each of `starts`; a frame in several windows is read once."""
    bounds = (0, len(frames))
    spans = [(int(np.clip(start, *bounds)), int(np.clip(start + window, *bounds))) for start in starts]
    wanted_N = np.unique(np.concatenate([np.arange(*span) for span in spans]))
    pictures_NHW3 = fit_pictures(frames.read(wanted_N.tolist()), size, framing)
    shown = []
    for start, (first, last) in zip(starts, spans, strict=True):
        at = int(np.searchsorted(wanted_N, first))
        pictures = np.zeros((window, *pictures_NHW3.shape[1:]), np.uint8)
        present = np.zeros(window, np.bool_)
        pictures[first - start : last - start] = pictures_NHW3[at : at + last - first]
        present[first - start : last - start] = True
        shown.append((pictures, present))
    return shown


def fit_pictures(pictures_NHW3: NDArray[np.uint8], size: int, framing: str) -> NDArray[np.uint8]:
    """Pictures scaled for training: "whole" to `size` square, "crop" to `size` high and at least as wide."""
    height, width = pictures_NHW3.shape[1:3]
    wide = size if framing == "whole" else max(size, round(width * size / height))
    return resize(pictures_NHW3, size, wide)


def label_rows(
    clips: Sequence[LabelledClip],
    numbers: Sequence[NDArray[np.int64]],
    placed: Sequence[Placement],
    window: int,
) -> LabelRows:
    """The labels inside the `placed` windows."""
    found: list[NDArray[np.int64]] = [np.zeros((5, 0), np.int64)]
    for index, (clip, start) in enumerate(placed):
        frames = np.array([event.frame for event in clips[clip].events], np.int64) - start
        events = np.flatnonzero((frames >= 0) & (frames < window))
        constant = np.ones_like(events)
        found.append(
            np.stack((index * constant, frames[events], numbers[clip][events], clip * constant, events))
        )
    return LabelRows(*np.concatenate(found, axis=1))
