"""How long people take to settle a label, by class, from the times of their own decisions."""

from collections import defaultdict
from itertools import pairwise
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

    Empty as long as no class has. Decisions of batches, undos and pauses do not count.
    """
    rows = session.execute(
        sa.select(Decision.annotator, Decision.decided_at, Standing.label)
        .join(Standing, Standing.label_id == Decision.label_id)
        .where(Decision.dataset_id == dataset_id, Decision.batch_id.is_(None), Decision.verdict != "undo")
        .order_by(Decision.id.desc())
        .limit(LATEST)
    ).all()
    by_annotator: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for annotator, decided_at, label in reversed(rows):
        by_annotator[annotator].append((decided_at.timestamp(), label))
    taken: dict[str, list[float]] = defaultdict(list)
    for made in by_annotator.values():
        for (before, _), (at, label) in pairwise(made):
            if 0 < at - before <= PAUSE_S:
                taken[label].append(at - before)
    return {label: median(seconds) for label, seconds in taken.items() if len(seconds) >= FEWEST}
