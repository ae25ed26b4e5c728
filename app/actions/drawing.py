"""Drawing more labels into the blind audit, where those it has cannot certify anything."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.workspace import Workspace
from storage import audit_stream, batches, datasets
from storage.batches import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Labels that the audit lacks, beside those drawn and not settled yet, and how many are `left` to draw.

    `back`: so many of those drawn later than at import can be taken out again. `lacking` is how many the
    certificate is likely to need if all of them are right; 0: it needs no more, or there are no suggestions
    that it could be about.
    """

    lacking: int
    left: int
    back: int


def lacking(work: Workspace, dataset_id: int, accept: Mapping[str, Any]) -> More:
    """What the stream lacks for the certificate `accept` (`audits.preview`)."""
    with work.database.reading() as session:
        stream = audit_stream.progress(session, dataset_id)
        left = audit_stream.drawable(session, dataset_id)
        back = audit_stream.withdrawable(session, dataset_id)
        sure = batches.acceptable(session, dataset_id, accept["threshold"] or 0.0, Group())
    share = min(sure / left, 1.0) if left else 1.0
    if not accept["needed"] or not share:
        return More(lacking=0, left=left, back=back)
    wanted = math.ceil(accept["needed"] / share) - (stream.total - stream.settled)
    return More(lacking=max(0, wanted), left=left, back=back)


def words(more: Mapping[str, Any]) -> str | None:
    """What there is to draw, for a person; None where the audit lacks nothing."""
    lacking, left = more["lacking"], more["left"]
    if not lacking:
        return None
    short = f"the blind audit is too small to certify anything: it lacks {lacking:,} labels"
    if left < lacking:
        return f"{short}, and only {left:,} are left that nobody has looked at"
    return f"{short}; {left:,} that nobody has looked at are left to draw from"


def draw(work: Workspace, dataset_id: int, labels: int) -> int:
    """Draw `labels` more at random into the blind audit; how many (fewer where fewer are left).

    From then on nobody is shown a suggestion for them. Raises `NotFound`, `BadConfig` for less than one,
    `Conflict` where none is left.
    """
    with work.database.writing() as session:
        datasets.get_dataset(session, dataset_id)
        return audit_stream.extend(session, dataset_id, labels)


def take_back(work: Workspace, dataset_id: int) -> int:
    """Take what was drawn later than at import, and not decided, out of the audit; how many. `NotFound`."""
    with work.database.writing() as session:
        datasets.get_dataset(session, dataset_id)
        return audit_stream.withdraw(session, dataset_id)
