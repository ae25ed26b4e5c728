"""Background work as stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.formats.labelfile import Extra

JobState = Literal["queued", "running", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A piece of background work. `done` of `total` is in the job's own unit (0 of 0: not known yet).

    `attempt` grows each time the job goes back to the queue; who holds an older one has lost the job.
    """

    id: int
    kind: str
    params: Extra
    state: JobState
    done: float
    total: float
    note: str
    worker: str | None
    heartbeat: datetime | None
    stop_requested_at: datetime | None
    attempt: int
    error: str | None
    result: Extra | None
    run_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
