"""What a round learns from: the events of a dataset as a run and people moved them."""

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.blobs import unpack_curve
from storage.exports import is_there
from storage.moves import last_of_run
from storage.tables import Clip, Label, Standing, SuggestionRow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """One event to learn: its class as people left it, tagged (or proposed) at `frame` and moved from there.

    `move`, in frames, is what people settled on, else the run's suggestion. `posterior_S` [2R + 1]: P(event
    at shift -R .. R from `frame`) by the run; None: somebody settled it.
    """

    label_id: int
    clip_id: int
    label: str
    frame: int
    move: int
    posterior_S: NDArray[np.float32] | None


def lessons(session: Session, dataset_id: int, run_id: int) -> list[Lesson]:
    """The events after run `run_id`, clip by clip in file order: labels not removed, events people added."""
    last = last_of_run(run_id)
    rows = session.execute(
        sa.select(
            Label.id,
            Label.clip_id,
            sa.func.coalesce(Standing.relabelled, Label.label),
            Label.frame,
            sa.func.coalesce(Standing.frame, SuggestionRow.frame, Standing.moved, Label.frame),
            sa.case((Standing.frame.is_(None), SuggestionRow.posterior)),
        )
        .select_from(Standing)
        .join(Label, Label.id == Standing.label_id)
        .join(Clip, Clip.id == Label.clip_id)
        .outerjoin(last, last.c.label_id == Standing.label_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == last.c.id)
        .where(
            Standing.dataset_id == dataset_id, is_there(), sa.func.coalesce(Standing.verdict, "") != "remove"
        )
        .order_by(Clip.position, Label.position)
    )
    return [
        Lesson(
            label_id=label_id,
            clip_id=clip_id,
            label=label,
            frame=frame,
            move=holds - frame,
            posterior_S=None if posterior is None else unpack_curve(posterior),
        )
        for label_id, clip_id, label, frame, holds, posterior in rows
    ]


def error_left(session: Session, dataset_id: int, run_id: int) -> float:
    """How far, in frames, the run expects its frames of unsettled labels to be off on average; 0: none."""
    last = last_of_run(run_id)
    mean = session.scalar(
        sa.select(sa.func.avg(SuggestionRow.expected_error))
        .join(last, last.c.id == SuggestionRow.id)
        .join(Standing, Standing.label_id == SuggestionRow.label_id)
        .where(Standing.dataset_id == dataset_id, Standing.verdict.is_(None))
    )
    return 0.0 if mean is None else float(mean)
