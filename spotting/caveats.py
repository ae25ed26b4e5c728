"""What may be wrong with a whole dataset or video, and is not for single labels to mend."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import theilslopes

from spotting.density import Array, centres
from spotting.noise_fit import REVIEWS_TO_TELL
from spotting.sample import Sample

_END, _MOST_AT_ENDS = 2, 0.01
_FEWEST, _MOST = 12, 500
_FALSE_ALARMS = 0.01
_RUN = 1.5
_SEEN = -2.0
_LEAST_PART = 3


def narrow(posterior_GS: Array, sigma: float) -> str | None:
    """A note if more than 1 % of what labels may be off by lies within 2 frames of the evidence's ends.

    `posterior_GS` [G, S], `sigma` the labels' error (sd, frames).
    """
    share = float((posterior_GS[:, :_END].sum() + posterior_GS[:, -_END:].sum()) / len(posterior_GS))
    if share <= _MOST_AT_ENDS:
        return None
    return (
        f"evidence was read up to {posterior_GS.shape[1] // 2} frames from each label, and {share:.0%} of "
        "what it allows lies at the very ends: labels may be farther off than that. Train with a larger "
        f"expected label error ({sigma:.0f} frames or more)"
    )


def runaways(sample: Sample, videos: Sequence[str]) -> dict[str, str]:
    """The videos along which evidence drifts away from labels, as at another frame rate, and how, in words.

    Theil and Sen's slope of where the evidence is on the label's frame, over labels whose event is seen; its
    interval leaves out 0 by chance for one dataset in a hundred, it comes to 1.5 frames along the video, and
    no single jump (two recordings in one) explains it as well. `videos` has the source of every label.
    """
    names, video_G = np.unique(np.asarray(videos, dtype=np.str_), return_inverse=True)
    seen_G = np.nanmax(sample.log_GS, axis=1) > _SEEN
    order_G = np.argsort(video_G, kind="stable").astype(np.int64)
    found: dict[str, str] = {}
    for number, rows in enumerate(np.split(order_G, np.searchsorted(video_G[order_G], range(1, len(names))))):
        rows = rows[seen_G[rows]]
        if len(rows) < _FEWEST:
            continue
        rows = rows[:: -(-len(rows) // _MOST)]
        slope = _slope(sample, rows, 1 - _FALSE_ALARMS / len(names))
        run = slope * float(np.ptp(sample.frames_G[rows]))
        if abs(run) >= _RUN:
            found[str(names[number])] = (
                f"its events run away from its labels, by {abs(run):.1f} frames "
                f"{'later' if run > 0 else 'earlier'} towards its end (1 in {abs(1 / slope):,.0f}): labels "
                "kept. Is the frame rate right? Import it again at the right one, or review 10 of them"
            )
    return found


def closed(found: Mapping[str, str], videos: Sequence[str], reviewed: Collection[int]) -> list[str | None]:
    """Why each label is kept for its video's sake: it runs away, and under 10 of its labels are reviewed."""
    counts = Counter(videos[row] for row in reviewed)
    return [
        f"video {video}: {found[video]}" if video in found and counts[video] < REVIEWS_TO_TELL else None
        for video in videos
    ]


def _slope(sample: Sample, rows: NDArray[np.int64], sure: float) -> float:
    """Frames that evidence drifts per frame; 0 if that may be chance, or a jump."""
    frames_K, moves_K = sample.frames_G[rows], centres(sample.log_GS[rows])
    classes_K = sample.classes_G[rows]
    for number in np.unique(classes_K).tolist():
        moves_K[classes_K == number] -= np.median(moves_K[classes_K == number])
    slope, level, lowest, highest = np.asarray(theilslopes(moves_K, frames_K, alpha=sure)).tolist()
    if lowest <= 0 <= highest:
        return 0.0
    left = float(np.abs(moves_K - level - slope * frames_K).sum())
    return slope if left < _left_by_a_jump(moves_K[np.argsort(frames_K, kind="stable")]) else 0.0


def _left_by_a_jump(moves_K: Array) -> float:
    """The sum of absolute moves that the best single jump leaves; `moves_K` in order of frames."""
    parts = (np.split(moves_K, [place]) for place in range(_LEAST_PART, len(moves_K) - _LEAST_PART + 1))
    return min(sum(float(np.abs(part - np.median(part)).sum()) for part in pair) for pair in parts)
