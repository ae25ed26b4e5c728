"""Leases as stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """A label that one annotator has on the screen or comes to next; `wanted_by` asked for it."""

    label_id: int
    annotator: str
    expires_at: datetime
    wanted_by: str | None
