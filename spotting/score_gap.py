"""Score gaps (Fig. 7, Table 3): how far the best frame near a label stands out from the second best."""

import numpy as np
from numpy.typing import NDArray

from spotting.errors import BadConfig


def score_gaps(scores_GS: NDArray[np.floating], tolerance: int) -> NDArray[np.float64]:
    """Highest minus second highest class score within `tolerance` frames of each label, float64 [G].

    `scores_GS` are scores at shifts -(S // 2) ... S // 2 from the label, NaN outside the clip. NaN where
    fewer than two frames are inside. Sec. 4.5.2 takes labels with no other near: the caller's choice.
    Raises `BadConfig` unless 1 <= tolerance <= S // 2.
    """
    side = scores_GS.shape[1] // 2
    if not 1 <= tolerance <= side:
        raise BadConfig(f"tolerance is {tolerance}: scores reach {side} frames either side")
    near_GS = scores_GS[:, side - tolerance : side + tolerance + 1].astype(np.float64)
    ranked_GS = np.sort(np.where(np.isnan(near_GS), -np.inf, near_GS), axis=1)
    gaps_G = ranked_GS[:, -1] - ranked_GS[:, -2]
    return np.where(np.isfinite(gaps_G), gaps_G, np.nan)
