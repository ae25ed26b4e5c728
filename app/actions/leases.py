"""Keeping the next labels for the person who reviews them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.workspace import Workspace
from storage import leases
from storage.records import LeaseRecord

Json = dict[str, Any]


def take(work: Workspace, label_ids: Sequence[int], annotator: str) -> Json:
    """Keep labels for an annotator.

    `held` are those that somebody else has, by whom and until when, `wanted` those of the annotator's that
    somebody asks for.
    """
    with work.database.writing() as session:
        held = leases.take(session, label_ids, annotator)
        wanted = leases.wanted(session, label_ids, annotator)
    return {"held": [_told(lease) for lease in held], "wanted": [_told(lease) for lease in wanted]}


def ask(work: Workspace, label_id: int, annotator: str) -> Json:
    """Ask for a label that somebody else has; `held` is None when nobody has it any more."""
    with work.database.writing() as session:
        held = leases.ask(session, label_id, annotator)
    return {"held": held and _told(held)}


def answer(work: Workspace, label_id: int, annotator: str, *, give: bool) -> None:
    """Give a label to the person who asked for it, or keep it."""
    with work.database.writing() as session:
        leases.answer(session, label_id, annotator, give=give)


def release(work: Workspace, annotator: str) -> None:
    """End all of an annotator's leases."""
    with work.database.writing() as session:
        leases.release(session, annotator)


def _told(lease: LeaseRecord) -> Json:
    return asdict(lease) | {"expires_at": lease.expires_at.isoformat()}
