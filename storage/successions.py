"""How often labels of one class are next after those of another."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import Clip, Label


def successions(session: Session, dataset_id: int) -> dict[tuple[str, str], int]:
    """Pairs of classes (one, the next in its clip) and how often they are seen, as tagged."""
    order = sa.over(
        sa.func.lead(Label.label),
        partition_by=Label.clip_id,
        order_by=(Label.original_frame, Label.position),
    ).label("next")
    pairs = (
        sa.select(Label.label, order)
        .join(Clip)
        .where(Clip.dataset_id == dataset_id, Label.proposed.is_(False))
        .subquery()
    )
    counted = sa.select(pairs.c.label, pairs.c.next, sa.func.count()).where(pairs.c.next.is_not(None))
    rows = session.execute(counted.group_by(pairs.c.label, pairs.c.next))
    return {(one, other): count for one, other, count in rows}
