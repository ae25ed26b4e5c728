"""From predictions to class scores per frame, and on to events: Eq. 9, averaging, NMS, centroids."""

import numpy as np
from numpy.typing import NDArray

from spotting.density import intensity_scores, log_intensity
from spotting.events import nearest_frame
from spotting.merge import edge_weight

NEARBY = 6
"""How many frames around a label the centroid read-out looks at."""


def frame_scores(
    scores_QC: NDArray[np.float32], times_Q: NDArray[np.float32], window: int
) -> NDArray[np.float32]:
    """Scores per frame [T, C] of one window's queries: each at its nearest frame, the highest wins (Eq. 9).

    `times_Q` are normalised, t = (frame + 0.5) / T; a time before the first or past the last frame counts
    as that frame. Halves round up, as in floor(t T).
    """
    frame_Q = np.clip(nearest_frame(times_Q * window - 0.5), 0, window - 1)
    scores_TC = np.zeros((window, scores_QC.shape[1]), np.float32)
    np.maximum.at(scores_TC, frame_Q, scores_QC)
    return scores_TC


def smooth_scores(
    scores_QC: NDArray[np.float32], frames_Q: NDArray[np.float32], window: int, width: float = 0.7
) -> NDArray[np.float32]:
    """Scores per frame [T, C] in which every query counts with a Gaussian of its real-valued distance.

    1 - prod_q (1 - c_q k(u - frame_q)): the chance that any query means frame u, without Eq. 9's rounding,
    which leaves holes where no query's time falls.
    """
    distance_TQ = np.arange(window)[:, None] - frames_Q[None]
    near_TQ = np.exp(-0.5 * (distance_TQ / width) ** 2)
    return (1 - np.prod(1 - near_TQ[:, :, None] * scores_QC[None], axis=1)).astype(np.float32)


def average_windows(
    scores_WTC: NDArray[np.float32], starts_W: NDArray[np.int64], length: int
) -> NDArray[np.float32]:
    """Mean score per frame [length, C] over the windows that cover it (suppl. B)."""
    windows, window, classes = scores_WTC.shape
    total = np.zeros((length, classes), np.float32)
    count = np.zeros((length, 1), np.float32)
    for scores_TC, start in zip(scores_WTC, starts_W, strict=True):
        first, last = max(0, start), min(length, start + window)
        total[first:last] += scores_TC[first - start : last - start]
        count[first:last] += 1
    return (total / np.maximum(count, 1)).astype(np.float32)


def weigh_windows(
    scores_WTC: NDArray[np.float32], starts_W: NDArray[np.int64], length: int
) -> NDArray[np.float32]:
    """Evidence per frame [length, C]: the score at the windows' mean log intensity, by `edge_weight`.

    Not in the paper. A window knows least at its ends, where context and labels may lie outside, so windows
    that hold a frame in their middle speak for it. Every frame must be in a window.
    """
    _, window, classes = scores_WTC.shape
    weight_T1 = edge_weight(np.arange(window, dtype=np.float64), window)[:, None]
    log_NC, weight_N1 = np.zeros((length, classes)), np.zeros((length, 1))
    for scores_TC, start in zip(scores_WTC, starts_W.tolist(), strict=True):
        first, last = max(0, start), min(length, start + window)
        inside = slice(first - start, last - start)
        log_NC[first:last] += weight_T1[inside] * log_intensity(scores_TC[None, inside])
        weight_N1[first:last] += weight_T1[inside]
    return intensity_scores(log_NC / weight_N1)


def around(scores_N: NDArray[np.floating], frame: int, radius: int) -> NDArray[np.float32]:
    """Scores of a clip's frames at frame - radius .. frame + radius [S], NaN outside the clip."""
    padded = np.pad(scores_N.astype(np.float32), radius, constant_values=np.nan)
    return padded[frame : frame + 2 * radius + 1]


def centroids(
    scores_BTC: NDArray[np.float32],
    window_K: NDArray[np.int64],
    frame_K: NDArray[np.int64],
    class_K: NDArray[np.int64],
    nearby: int = NEARBY,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Offset (frames) of the centre of the squared scores of its class near each label, and their maximum.

    The simplest read-out of a curve, for the training trace; ties and noise average out.
    """
    length = scores_BTC.shape[1]
    shift_S = np.arange(-nearby, nearby + 1)
    at_KS = frame_K[:, None] + shift_S
    inside_KS = (at_KS >= 0) & (at_KS < length)
    score_KS = scores_BTC[window_K[:, None], np.clip(at_KS, 0, length - 1), class_K[:, None]] * inside_KS
    weight_KS = score_KS**2 + 1e-12
    offset_K = (weight_KS * shift_S * inside_KS).sum(axis=1) / (weight_KS * inside_KS).sum(axis=1)
    return offset_K.astype(np.float32), score_KS.max(axis=1, initial=0).astype(np.float32)


def soft_nms(scores_TC: NDArray[np.float32], window: int = 3, lowest: float = 0.01) -> NDArray[np.float32]:
    """Scores [T, C] after the field's soft suppression, class by class.

    Repeatedly the highest remaining frame is kept, and every remaining one at distance d <= `window` is
    multiplied by (d / window)^2; frames that end below `lowest` are zero. Of equal scores the earliest
    frame comes first.
    """
    kept_TC = np.zeros_like(scores_TC)
    for column in range(scores_TC.shape[1]):
        left_T = scores_TC[:, column].astype(np.float64)
        while left_T.max(initial=0) >= lowest:
            best = int(left_T.argmax())
            kept_TC[best, column] = left_T[best]
            left_T[best] = 0
            _dampen(left_T, best, window)
    return kept_TC


def _dampen(scores_T: NDArray[np.float64], centre: int, window: int) -> None:
    first, last = max(0, centre - window), min(len(scores_T), centre + window + 1)
    distance = np.abs(np.arange(first, last) - centre)
    scores_T[first:last] *= (distance / window) ** 2


def hard_nms(scores_TC: NDArray[np.float32], window: int = 1, lowest: float = 0.01) -> NDArray[np.float32]:
    """Scores [T, C] without those within `window` frames of a kept, at least as high score of the class."""
    kept_TC = np.zeros_like(scores_TC)
    for column in range(scores_TC.shape[1]):
        left_T = scores_TC[:, column].copy()
        while left_T.max(initial=0) >= lowest:
            best = int(left_T.argmax())
            kept_TC[best, column] = left_T[best]
            left_T[max(0, best - window) : best + window + 1] = 0
    return kept_TC
