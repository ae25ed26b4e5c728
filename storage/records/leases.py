"""Leases as stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """A label that one annotator has on the screen or comes to next."""

    label_id: int
    annotator: str
    expires_at: datetime
