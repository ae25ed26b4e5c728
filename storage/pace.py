"""How long people take to settle a label, by class, from the times of their own decisions."""

import math
from collections import defaultdict
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import Decision, Standing

LATEST = 5000
FEWEST = 20
PAUSE_S = 60.0
"""A longer gap between two decisions is a pause, not a hard label."""


def seconds_by_class(session: Session, dataset_id: int) -> dict[str, float]:
    """Median seconds from one decision to the next, per class with 20 or more of them among the latest.

    The seconds that the label was on the screen, where they are known. Empty as long as no class has.
    Decisions of batches, undos and pauses do not count.
    """
    rows = session.execute(
        sa.select(Decision.annotator, Decision.decided_at, Decision.seconds, Standing.label)
        .join(Standing, Standing.label_id == Decision.label_id)
        .where(Decision.dataset_id == dataset_id, Decision.batch_id.is_(None), Decision.verdict != "undo")
        .order_by(Decision.id.desc())
        .limit(LATEST)
    ).all()
    taken: dict[str, list[float]] = defaultdict(list)
    before: dict[str, float] = {}
    for annotator, decided_at, seconds, label in reversed(rows):
        at = decided_at.timestamp()
        spent = at - before.get(annotator, math.inf) if seconds is None else seconds
        before[annotator] = at
        if 0 < spent <= PAUSE_S:
            taken[label].append(spent)
    return {label: median(seconds) for label, seconds in taken.items() if len(seconds) >= FEWEST}
