"""What stands behind one label: how its match moved over the epochs, and how far its class is usually off."""

import math
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.blobs import unpack
from storage.tables import Clip, EpochRow, Label, Standing

LATEST = 30
"""Epochs of a trace: the last ones."""
STEADY = 20
"""Epochs by which a trace is called steady or not."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Mean matched offset (frames, + is later) of one label per epoch, oldest first, over a run's members.

    `near` of the last `of` epochs lie within one frame of the last. Some members trained on the clip: this is
    the training's own trace, not evidence.
    """

    run_id: int
    epochs: tuple[int, ...]
    offsets: tuple[float, ...]
    near: int
    of: int


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and standard deviation, in frames, of decided - tagged over `count` labels."""

    mean: float
    sd: float
    count: int


def trace(session: Session, label_id: int, run_id: int) -> Trace | None:
    """How a run's matches of a label moved, None where there are none."""
    last = session.scalar(sa.select(sa.func.max(EpochRow.epoch)).where(EpochRow.run_id == run_id))
    rows = session.execute(
        sa.select(EpochRow.epoch, EpochRow.label_ids, EpochRow.offsets).where(
            EpochRow.run_id == run_id, EpochRow.epoch > (last or 0) - LATEST
        )
    )
    by_epoch: dict[int, list[float]] = defaultdict(list)
    for epoch, label_ids, offsets in rows:
        at = np.flatnonzero(unpack(label_ids, "i8") == label_id)
        by_epoch[epoch] += unpack(offsets, "f4")[at].tolist()
    means = {epoch: fmean(by_epoch[epoch]) for epoch in sorted(by_epoch) if by_epoch[epoch]}
    if not means:
        return None
    late = list(means.values())[-STEADY:]
    near = sum(abs(offset - late[-1]) <= 1 for offset in late)
    return Trace(run_id, tuple(means), tuple(means.values()), near, len(late))


def belongs(session: Session, label_id: int) -> dict[str, str]:
    """The class, the video and, where one is known, the annotator that a label is of, as told at import."""
    query = sa.select(Label.label, Clip.source, Label.annotator).join(Clip, Clip.id == Label.clip_id)
    label, source, annotator = session.execute(query.where(Label.id == label_id)).one()
    return {"class": label, "video": source} | ({"annotator": annotator} if annotator else {})


def norm(session: Session, dataset_id: int, label: str, annotator: str | None = None) -> Norm | None:
    """How far the labels of a class turned out to be off, among all that were settled or those of one person.

    Removed labels have no frame and do not count. None where nothing is settled.
    """
    shift = Standing.frame - Label.frame
    query = (
        sa.select(sa.func.count(), sa.func.avg(shift), sa.func.avg(shift * shift))
        .join(Label, Label.id == Standing.label_id)
        .where(Standing.dataset_id == dataset_id, Standing.label == label, Standing.frame.is_not(None))
    )
    if annotator is not None:
        query = query.where(Standing.annotator == annotator)
    count, mean, square = session.execute(query).one()
    if not count:
        return None
    return Norm(float(mean), math.sqrt(max(0.0, float(square) - float(mean) ** 2)), count)
