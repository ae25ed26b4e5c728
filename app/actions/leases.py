"""Keeping the next labels for the person who reviews them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.workspace import Workspace
from storage import leases

Json = dict[str, Any]


def take(work: Workspace, label_ids: Sequence[int], annotator: str) -> Json:
    """Keep labels for an annotator; `held` are those that somebody else has, by whom and until when."""
    with work.database.writing() as session:
        others = leases.take(session, label_ids, annotator)
    return {"held": [asdict(lease) | {"expires_at": lease.expires_at.isoformat()} for lease in others]}


def release(work: Workspace, annotator: str) -> None:
    """End all of an annotator's leases."""
    with work.database.writing() as session:
        leases.release(session, annotator)
