"""What a trained spotter says about clips: evidence around labels, and predictions (Sec. 3.4)."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spotting.criterion import build_criterion
from spotting.device import prepare
from spotting.events import Evidence, Frames, LabelledClip, Match, Prediction, nearest_frame
from spotting.features import span_features
from spotting.frame_scores import (
    around,
    average_windows,
    centroids,
    frame_scores,
    hard_nms,
    smooth_scores,
    soft_nms,
    weigh_windows,
)
from spotting.merge import Sightings, Suppression, edge_weight, merge, peaks, spread, suppress
from spotting.position import to_frames
from spotting.progress import Progress, silent
from spotting.spotter import Outputs, Spotter
from spotting.targets import LabelRows, make_targets
from spotting.windows import class_numbers, label_rows

_WINDOWS = 16
LOWEST = 0.01

ReadOut = Literal["averaged", "merged"]


def evidence(
    spotter: Spotter,
    clips: Sequence[LabelledClip],
    classes: Sequence[str],
    *,
    radius: int,
    device: str,
    progress: Progress,
) -> list[Evidence]:
    """Evidence for every label of `clips`, clip by clip in the order of their events.

    `scores_S` are the spotter's scores of the label's class at the frames -radius .. radius around it,
    put together from windows that overlap by half (`weigh_windows`); NaN outside the clip. `disagreement` is
    that of the windows' centroids near the label. `matched` is what the objective's matching gives the label
    in the window that it is most central in. Give clips that the spotter was not trained on. `progress` is
    told frames. Raises `BadLabels` for an unknown class.
    """
    prepare()
    numbers = class_numbers(clips, classes)
    total, done = sum(len(clip.frames) for clip in clips), 0
    found: list[Evidence] = []
    for index, clip in enumerate(clips):
        note = f"clip {index + 1}/{len(clips)}"
        starts_W, outputs = read_clip(
            spotter,
            clip.frames,
            device,
            lambda read, _, done=done, note=note: progress(done + read, total, note),
        )
        scores_WTC = _window_scores(outputs, smooth=True)
        scores_NC = weigh_windows(scores_WTC, starts_W, len(clip.frames))
        rows = _labels_in_windows(spotter, clip, numbers[index], starts_W)
        matches = _central_matches(spotter, rows, outputs, index, len(starts_W))
        apart = _disagreements(scores_WTC, rows)
        for event, label in enumerate(numbers[index]):
            curve_S = around(scores_NC[:, label], clip.events[event].frame, radius)
            found.append(Evidence(index, event, curve_S, matches.get(event), apart[event]))
        done += len(clip.frames)
    return found


def predict(
    spotter: Spotter,
    frames: Frames,
    *,
    device: str,
    suppression: Suppression = "soft",
    read_out: ReadOut = "averaged",
    progress: Progress = silent,
) -> list[Prediction]:
    """Events with scores above 0.01, by frame, after "soft", "hard" or no suppression.

    `read_out`: "averaged" is the paper's, Eq. 9 and the mean over windows; "merged" puts the windows together
    in continuous time and rounds at the end.
    """
    prepare()
    starts_W, outputs = read_clip(spotter, frames, device, progress)
    read = read_averaged if read_out == "averaged" else read_merged
    return read(spotter.classes, starts_W, outputs, len(frames), suppression)


def read_averaged(
    classes: Sequence[str],
    starts_W: NDArray[np.int64],
    outputs: Outputs,
    length: int,
    suppression: Suppression,
) -> list[Prediction]:
    """Predictions from a clip's windows by Eq. 9 and the mean over windows (Sec. 3.4, suppl. B)."""
    scores_NC = average_windows(_window_scores(outputs, smooth=False), starts_W, length)
    if suppression != "none":
        scores_NC = (soft_nms if suppression == "soft" else hard_nms)(scores_NC)
    return [
        Prediction(classes[int(label)], int(frame), float(scores_NC[frame, label]))
        for frame, label in np.argwhere(scores_NC > LOWEST)
    ]


def read_merged(
    classes: Sequence[str],
    starts_W: NDArray[np.int64],
    outputs: Outputs,
    length: int,
    suppression: Suppression,
) -> list[Prediction]:
    """Predictions from a clip's windows, merged in continuous time and rounded to frames at the end."""
    found: list[Prediction] = []
    for column, label in enumerate(classes):
        seen, window = _sightings(outputs, starts_W, column)
        moments = suppress(merge(seen, starts_W, window), suppression)
        found += [
            Prediction(label, int(np.clip(nearest_frame(moment.time), 0, length - 1)), moment.score)
            for moment in moments
            if moment.score > LOWEST
        ]
    return sorted(found, key=lambda prediction: prediction.frame)


def _sightings(outputs: Outputs, starts_W: NDArray[np.int64], column: int) -> tuple[Sightings, int]:
    """What windows predict of a class above the lowest score, queries or peaks of the curve; and T."""
    if outputs.query_logits_LBQC is None or outputs.times_LBQ is None:
        scores_WTC = _window_scores(outputs, smooth=False)
        window = scores_WTC.shape[1]
        per_window = [peaks(scores_TC, column) for scores_TC in scores_WTC]
    else:
        times_WQ = outputs.times_LBQ[-1]
        window = times_WQ.shape[1]
        scores_WQ = outputs.query_logits_LBQC[-1, :, :, column].sigmoid().numpy()
        per_window = list(zip(to_frames(times_WQ, window).numpy(), scores_WQ, strict=True))
    frame_K, score_K = (np.concatenate(part).astype(np.float64) for part in zip(*per_window, strict=True))
    window_K = np.repeat(np.arange(len(per_window)), [len(times) for times, _ in per_window])
    seen = score_K > LOWEST
    return Sightings((frame_K + starts_W[window_K])[seen], score_K[seen], window_K[seen]), window


@torch.no_grad()
def read_clip(
    spotter: Spotter, frames: Frames, device: str, progress: Callable[[float, float], None]
) -> tuple[NDArray[np.int64], Outputs]:
    """First frames of half-overlapping windows over the clip, and the outputs of all of them, on the CPU.

    The backbone runs once per frame; windows are cut from its features. `progress` is told frames.
    """
    window = spotter.config.model.window
    starts_W = window_starts(len(frames), window, spotter.config.blank_frames)
    limits = int(starts_W[0]), int(starts_W[-1]) + window
    features_ND = span_features(spotter, frames, limits, device, progress)
    windows_WTD = torch.stack([features_ND[start : start + window] for start in starts_W - starts_W[0]])
    read = [spotter.read(part) for part in windows_WTD.split(_WINDOWS)]
    return starts_W, Outputs(
        _join([part.frame_logits_BTC for part in read], 0),
        _join([part.query_logits_LBQC for part in read], 1),
        _join([part.times_LBQ for part in read], 1),
    )


def window_starts(length: int, window: int, blank: int) -> NDArray[np.int64]:
    """First frames of half-overlapping windows on `length` frames, sticking out by `blank` where it fits."""
    last = max(-blank, length + blank - window)
    return np.unique(np.minimum(np.arange(-blank, last + window // 2, window // 2), last))


def _join(parts: list[Tensor | None], dim: int) -> Tensor | None:
    there = [part.cpu() for part in parts if part is not None]
    return torch.cat(there, dim=dim) if there else None


def _window_scores(outputs: Outputs, *, smooth: bool) -> NDArray[np.float32]:
    """Scores per window and frame [W, T, C]: of the queries if there are any, else of the frame head."""
    if outputs.query_logits_LBQC is None or outputs.times_LBQ is None:
        assert outputs.frame_logits_BTC is not None
        return outputs.frame_logits_BTC.sigmoid().numpy()
    scores_WQC = outputs.query_logits_LBQC[-1].sigmoid().numpy()
    times_WQ = outputs.times_LBQ[-1]
    window = times_WQ.shape[1]
    if smooth:
        frames_WQ = to_frames(times_WQ, window).numpy()
        return np.stack([smooth_scores(*pair, window) for pair in zip(scores_WQC, frames_WQ, strict=True)])
    return np.stack([frame_scores(*pair, window) for pair in zip(scores_WQC, times_WQ.numpy(), strict=True)])


def _labels_in_windows(
    spotter: Spotter, clip: LabelledClip, numbers: NDArray[np.int64], starts_W: NDArray[np.int64]
) -> LabelRows:
    placed = [(0, int(start)) for start in starts_W]
    return label_rows([clip], [numbers], placed, spotter.config.model.window)


def _disagreements(scores_WTC: NDArray[np.float32], rows: LabelRows) -> dict[int, float]:
    """Per event (by number) how far apart the windows that hold its label put it, frames."""
    offset_K, _ = centroids(scores_WTC, rows.window_K, rows.frame_K, rows.class_K)
    weight_K = edge_weight(rows.frame_K.astype(np.float64), scores_WTC.shape[1])
    held = {int(event): rows.event_K == event for event in np.unique(rows.event_K)}
    return {event: spread(offset_K[these], weight_K[these]) for event, these in held.items()}


def _central_matches(
    spotter: Spotter, rows: LabelRows, outputs: Outputs, index: int, windows: int
) -> dict[int, Match]:
    """The match of each event (by number), from the window whose middle is nearest to it."""
    config, classes = spotter.config, len(spotter.classes)
    targets = make_targets(rows, windows, config.model.window, classes)
    losses = build_criterion(config, torch.zeros(classes))(outputs, targets, config.reach)
    far_K = np.abs(rows.frame_K - (config.model.window - 1) / 2)
    return {
        int(rows.event_K[label]): Match(
            index, int(rows.event_K[label]), float(losses.offset_K[label]), float(losses.score_K[label])
        )
        for label in np.argsort(-far_K, kind="stable")
        if np.isfinite(losses.offset_K[label])
    }
