"""What may be wrong with a whole dataset or video, and no single label shows: said, not mended."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import theilslopes

from spotting.density import Array, centres
from spotting.sample import Sample

_END, _MOST_AT_ENDS = 2, 0.01
_FEWEST, _MOST = 12, 500
_FALSE_ALARMS = 0.01
_RUN = 1.5
_SEEN = -2.0


def caveats(sample: Sample, posterior_GS: Array, sigma: float, videos: Sequence[str] | None) -> list[str]:
    """Notes about evidence that was read too near the labels, and about videos whose labels run away.

    `posterior_GS` [G, S], `sigma` the labels' error (sd, frames), `videos` the source of every label.
    """
    found = [*_runaways(sample, videos)] if videos is not None else []
    narrow = _narrow(posterior_GS, sigma)
    return found if narrow is None else [narrow, *found]


def _narrow(posterior_GS: Array, sigma: float) -> str | None:
    """A note if more than 1 % of what labels may be off by lies within 2 frames of the evidence's ends."""
    share = float((posterior_GS[:, :_END].sum() + posterior_GS[:, -_END:].sum()) / len(posterior_GS))
    if share <= _MOST_AT_ENDS:
        return None
    return (
        f"evidence was read up to {posterior_GS.shape[1] // 2} frames from each label, and {share:.0%} of "
        "what it allows lies at the very ends: labels may be farther off than that. Train with a larger "
        f"expected label error ({sigma:.0f} frames or more)"
    )


def _runaways(sample: Sample, videos: Sequence[str]) -> Iterator[str]:
    """A note for every video along which evidence drifts away from labels, as at another frame rate.

    Theil and Sen's slope of where the evidence is on the label's frame, over labels whose event is seen; its
    interval leaves out 0 by chance for one dataset in a hundred, and it comes to 1.5 frames along the video.
    """
    names, video_G = np.unique(np.asarray(videos, dtype=np.str_), return_inverse=True)
    seen_G = np.nanmax(sample.log_GS, axis=1) > _SEEN
    order_G = np.argsort(video_G, kind="stable").astype(np.int64)
    for number, rows in enumerate(np.split(order_G, np.searchsorted(video_G[order_G], range(1, len(names))))):
        rows = rows[seen_G[rows]]
        if len(rows) < _FEWEST:
            continue
        rows = rows[:: -(-len(rows) // _MOST)]
        slope = _slope(sample, rows, 1 - _FALSE_ALARMS / len(names))
        run = slope * float(np.ptp(sample.frames_G[rows]))
        if abs(run) >= _RUN:
            yield (
                f"video {names[number]}: its events run away from its labels, by {abs(run):.1f} frames "
                f"{'later' if run > 0 else 'earlier'} towards its end (1 in {abs(1 / slope):,.0f}). Was it "
                "labelled at another frame rate? Then import it again at the right one"
            )


def _slope(sample: Sample, rows: NDArray[np.int64], sure: float) -> float:
    """Frames that evidence drifts per frame; 0 if that may be chance."""
    moves_K = centres(sample.log_GS[rows])
    classes_K = sample.classes_G[rows]
    for number in np.unique(classes_K).tolist():
        moves_K[classes_K == number] -= np.median(moves_K[classes_K == number])
    found = np.asarray(theilslopes(moves_K, sample.frames_G[rows], alpha=sure))
    slope, _, lowest, highest = found.tolist()
    return slope if lowest > 0 or highest < 0 else 0.0
