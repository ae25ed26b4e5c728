"""Labels of a batch of windows as the criteria take them: soft class vectors per frame."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class LabelRows:
    """K labels in a batch: window in the batch, frame in the window, class; and which clip and event."""

    window_K: NDArray[np.int64]
    frame_K: NDArray[np.int64]
    class_K: NDArray[np.int64]
    clip_K: NDArray[np.int64]
    event_K: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where the events of N labels may be: `chance_NS`, P at shift -R .. R from frame, by window and class.

    `weight_N`: the share of the label that MixUp leaves.
    """

    window_N: Tensor
    frame_N: Tensor
    class_N: Tensor
    weight_N: Tensor
    chance_NS: Tensor

    def to(self, device: str) -> "Located":
        """The same on `device`."""
        return Located(**{name: getattr(self, name).to(device) for name in self.__slots__})


def locate(
    rows: LabelRows, chances: Sequence[NDArray[np.float32]], batch: int, mix_B: NDArray[np.float32] | None
) -> Located | None:
    """The labels of a batch with their clips' `chances` (`LabelledClip.chances_LS`); None for no labels."""
    if not len(rows.clip_K):
        return None
    places = zip(rows.clip_K.tolist(), rows.event_K.tolist(), strict=True)
    own = Located(
        window_N=torch.from_numpy(rows.window_K),
        frame_N=torch.from_numpy(rows.frame_K),
        class_N=torch.from_numpy(rows.class_K),
        weight_N=torch.ones(len(rows.clip_K)),
        chance_NS=torch.from_numpy(np.stack([chances[clip][event] for clip, event in places])),
    )
    if mix_B is None:
        return own
    share_B = torch.from_numpy(mix_B)
    before_N = (own.window_N - 1) % batch
    mixed = replace(own, window_N=before_N, weight_N=1 - share_B[before_N])
    own = replace(own, weight_N=share_B[own.window_N])
    return Located(
        **{name: torch.cat((getattr(own, name), getattr(mixed, name))) for name in Located.__slots__}
    )


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Ground truth of B windows.

    `labels_BTC`: soft multi-hot labels in [0, 1] per frame. A ground-truth row of the matcher is a frame
    with any non-zero label: labels on one frame, and MixUp's two windows, merge into one soft vector.
    `frames_BG`: the rows' frames, `classes_BGC` their vectors, zero where `counts_B` rows are used up.
    `rows`: the labels behind them, `row_K` the row of each. `located`: where their events may be, if known.
    """

    labels_BTC: Tensor
    classes_BGC: Tensor
    frames_BG: Tensor
    counts_B: NDArray[np.int64]
    rows: LabelRows
    row_K: NDArray[np.int64]
    located: Located | None = None

    @property
    def total(self) -> int:
        """N_g of the batch, at least 1."""
        return max(1, int(self.counts_B.sum()))

    def to(self, device: str) -> "Targets":
        """The same on `device`."""
        tensors = (self.labels_BTC, self.classes_BGC, self.frames_BG)
        labels_BTC, classes_BGC, frames_BG = (tensor.to(device, non_blocking=True) for tensor in tensors)
        located = self.located and self.located.to(device)
        return Targets(labels_BTC, classes_BGC, frames_BG, self.counts_B, self.rows, self.row_K, located)


def make_targets(
    rows: LabelRows,
    batch: int,
    window: int,
    classes: int,
    *,
    dilation: int = 0,
    mix_B: NDArray[np.float32] | None = None,
) -> Targets:
    """Targets of `batch` windows of `window` frames.

    `dilation` repeats each label on that many frames before and after. `mix_B` in [0, 1] is the share of a
    window's own labels after MixUp with the next window of the batch (the last with the first).
    """
    labels_BTC = np.zeros((batch, window, classes), np.float32)
    for shift in range(-dilation, dilation + 1):
        frame_K = rows.frame_K + shift
        inside = (frame_K >= 0) & (frame_K < window)
        labels_BTC[rows.window_K[inside], frame_K[inside], rows.class_K[inside]] = 1
    if mix_B is not None:
        share = mix_B[:, None, None]
        labels_BTC = (share * labels_BTC + (1 - share) * np.roll(labels_BTC, -1, axis=0)).astype(np.float32)
    frames, counts_B = _rows(labels_BTC)
    classes_BGC = np.take_along_axis(labels_BTC, frames[:, :, None], axis=1)
    classes_BGC[np.arange(frames.shape[1]) >= counts_B[:, None]] = 0
    hits_KG = frames[rows.window_K] == rows.frame_K[:, None]
    inside_KG = np.arange(frames.shape[1]) < counts_B[rows.window_K][:, None]
    return Targets(
        torch.from_numpy(labels_BTC),
        torch.from_numpy(classes_BGC),
        torch.from_numpy(frames),
        counts_B,
        rows,
        (hits_KG & inside_KG).argmax(axis=1),
    )


def _rows(labels_BTC: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frames [B, G] with a label, in order and padded with frames without one, and their count per window."""
    labelled_BT = labels_BTC.any(axis=2)
    counts_B = labelled_BT.sum(axis=1)
    order = np.argsort(~labelled_BT, axis=1, kind="stable")
    return np.ascontiguousarray(order[:, : max(1, counts_B.max())]), counts_B
