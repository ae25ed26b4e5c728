"""How right suggestions as sure as one turned out to be, where people decided without seeing them."""

from typing import Any

import numpy as np

from app.actions.audits import WITHIN
from spotting.certificate import exact_interval
from storage.audit_stream import Audited

Json = dict[str, Any]
BANDS = (0.0, 0.5, 0.75, 0.9, np.inf)
"""Confidences that the review calls by the same words."""
FEWEST = 50
"""Checked suggestions from which their share is told."""


def track_record(found: Audited, confidence: float) -> Json | None:
    """{"right", "of", "low", "high", "alike"}: suggestions within a frame of what was decided blind.

    `alike`: only those of the same band of confidence, of which there are 50 or more; else all. `low` and
    `high` are the share's 95 % interval. None as long as fewer than 50 were checked.
    """
    checked_A = np.isfinite(found.confidence_A)
    bands_A = np.digitize(found.confidence_A, BANDS)
    alike_A = checked_A & (bands_A == np.digitize(confidence, BANDS))
    alike = int(alike_A.sum()) >= FEWEST
    counted_A = alike_A if alike else checked_A
    of = int(counted_A.sum())
    if of < FEWEST:
        return None
    right = int((np.abs(found.suggested_A - found.decided_A)[counted_A] <= WITHIN).sum())
    low, high = exact_interval(right, of)
    return {"right": right, "of": of, "low": low, "high": high, "alike": alike}
