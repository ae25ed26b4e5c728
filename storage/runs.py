"""Runs: their settings, their members' jobs, and what every epoch of a member told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from spotting.epochs import Epoch
from spotting.errors import Conflict, NotFound
from storage import standings
from storage.blobs import pack, unpack
from storage.records import EpochRecord, JobState, RunRecord
from storage.tables import Clip, Dataset, Decision, EpochRow, Job, Label, Run, SuggestionRow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpochMatches:
    """The matches of one epoch of one member: int64, float32 and float32, [G] each; offsets in frames."""

    label_ids_G: NDArray[np.int64]
    offsets_G: NDArray[np.float32]
    scores_G: NDArray[np.float32]


def create_run(session: Session, dataset_id: int, config: dict[str, Any], folds: int) -> int:
    """Add a run and return its id; enqueue its members next. Raises `NotFound` for an unknown dataset."""
    if session.get(Dataset, dataset_id) is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    run = Run(
        dataset_id=dataset_id,
        config=config,
        folds=folds,
        findings={},
        shift=_shift(session, dataset_id),
        created_at=datetime.now(UTC),
    )
    session.add(run)
    session.flush()
    return run.id


def get_run(session: Session, run_id: int) -> RunRecord:
    """One run with its state. Raises `NotFound`."""
    return _record(session, _row(session, run_id))


def check_shift(session: Session, run_id: int) -> None:
    """Raise `Conflict` when the dataset's labels were shifted since the run began; `NotFound` for no run."""
    run = _row(session, run_id)
    now = _shift(session, run.dataset_id)
    if run.shift != now:
        raise Conflict(
            f"run {run_id} learned from labels shifted by {run.shift:+d} frames, "
            f"which are shifted by {now:+d} now: start a new run"
        )


def _shift(session: Session, dataset_id: int) -> int:
    return session.scalar(sa.select(sa.func.max(Clip.shift)).where(Clip.dataset_id == dataset_id)) or 0


def delete_run(session: Session, run_id: int) -> None:
    """Remove a run with its jobs, epochs and suggestions; labels show their newest suggestion that is left.

    Raises `NotFound`, and `Conflict` while it is queued or running, or when decisions name its suggestions.
    """
    run = get_run(session, run_id)
    if run.state in ("queued", "running"):
        raise Conflict(f"run {run_id} is {run.state}: stop it first")
    named = session.scalar(
        sa.select(sa.func.count())
        .select_from(Decision)
        .join(SuggestionRow, SuggestionRow.id == Decision.suggestion_id)
        .where(SuggestionRow.run_id == run_id)
    )
    if named:
        raise Conflict(f"{named} decisions were made with suggestions of run {run_id}: the audit names it")
    session.execute(sa.delete(Run).where(Run.id == run_id))
    standings.suggest_anew(session, run.dataset_id, _shift(session, run.dataset_id))


def list_runs(session: Session, dataset_id: int) -> list[RunRecord]:
    """The runs of a dataset, newest first."""
    rows = session.scalars(sa.select(Run).where(Run.dataset_id == dataset_id).order_by(Run.id.desc()))
    return [_record(session, row) for row in rows]


def _row(session: Session, run_id: int) -> Run:
    row = session.get(Run, run_id)
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    return row


def _record(session: Session, row: Run) -> RunRecord:
    jobs = session.execute(sa.select(Job.state, Job.error).where(Job.run_id == row.id).order_by(Job.id)).all()
    return RunRecord(
        id=row.id,
        dataset_id=row.dataset_id,
        config=row.config,
        folds=row.folds,
        shift=row.shift,
        state=fold_states([job.state for job in jobs]),
        error=next((job.error for job in jobs if job.state == "failed"), None),
        notes=tuple(row.findings.get("notes", ())),
        found_sigma=row.findings.get("sigma"),
        created_at=row.created_at,
    )


def put_notes(session: Session, run_id: int, notes: Sequence[str], sigma: float) -> None:
    """Let `notes` be what a run's suggestions rest on, `sigma` the label error, frames. Raises `NotFound`."""
    row = _row(session, run_id)
    row.findings = row.findings | {"notes": list(notes), "sigma": sigma}


def fold_states(states: Sequence[JobState]) -> JobState:
    """A run's state from its jobs': one failed job fails it; it runs from the first claim to the last end."""
    present = set(states)
    for state in ("failed", "running", "stopped"):
        if state in present:
            return state
    if present == {"done"}:
        return "done"
    return "running" if "done" in present else "queued"


def add_epoch(session: Session, run_id: int, member: int, epoch: Epoch, label_ids: Sequence[int]) -> None:
    """Store what an epoch told; `label_ids` are those of `epoch.matches`, in their order.

    An epoch that is there already (it ran again after a resume) is replaced. Raises `NotFound` for an unknown
    run and `ValueError` when the ids do not pair with the matches.
    """
    run = _row(session, run_id)
    ids_G = np.asarray(label_ids, dtype=np.int64)
    offsets_G = np.array([match.offset for match in epoch.matches], dtype=np.float32)
    if len(ids_G) != len(offsets_G):
        raise ValueError(f"{len(ids_G)} label ids for {len(offsets_G)} matches")
    session.execute(
        sa.delete(EpochRow).where(
            EpochRow.run_id == run_id, EpochRow.member == member, EpochRow.epoch == epoch.epoch
        )
    )
    row = EpochRow(
        run_id=run_id,
        member=member,
        epoch=epoch.epoch,
        metrics=_metrics(epoch),
        matched_tagged=_mean(np.abs(offsets_G)),
        matched_true=_mean(np.abs(_from_truth(session, run.dataset_id, ids_G, offsets_G))),
        label_ids=pack(ids_G, "i8"),
        offsets=pack(offsets_G, "f4"),
        scores=pack([match.score for match in epoch.matches], "f4"),
    )
    session.add(row)
    session.flush()


def _metrics(epoch: Epoch) -> dict[str, Any]:
    return {
        "loss": epoch.loss,
        "parts": epoch.parts,
        "learning_rate": epoch.learning_rate,
        "frames_per_second": epoch.frames_per_second,
        "seconds": epoch.seconds,
    }


def _mean(values: NDArray[np.floating]) -> float | None:
    return float(values.mean()) if len(values) else None


def _from_truth(
    session: Session, dataset_id: int, ids_G: NDArray[np.int64], offsets_G: NDArray[np.float32]
) -> NDArray[np.float64]:
    """matched - true, in frames, for those of the labels whose truth is known."""
    if not session.get_one(Dataset, dataset_id).has_truth:
        return np.empty(0)
    rows = session.execute(
        sa.select(Label.id, Label.true_frame - Label.frame)
        .join(Clip)
        .where(Clip.dataset_id == dataset_id, Label.true_frame.is_not(None))
    ).all()
    errors = dict(rows)
    known = np.array([label_id in errors for label_id in ids_G.tolist()], dtype=bool)
    true_G = np.array([errors[label_id] for label_id in ids_G[known].tolist()], dtype=np.float64)
    return offsets_G[known] - true_G


def epochs(session: Session, run_id: int, after: int = 0) -> list[EpochRecord]:
    """The epochs of a run written after the one with id `after` (0: all), in the order they were written."""
    rows = session.scalars(
        sa.select(EpochRow).where(EpochRow.run_id == run_id, EpochRow.id > after).order_by(EpochRow.id)
    )
    return [row.record(EpochRecord) for row in rows]


def matches(session: Session, epoch_id: int) -> EpochMatches:
    """The matches of one stored epoch. Raises `NotFound`."""
    row = session.get(EpochRow, epoch_id)
    if row is None:
        raise NotFound(f"there is no epoch {epoch_id}")
    return EpochMatches(
        label_ids_G=unpack(row.label_ids, "i8").astype(np.int64),
        offsets_G=unpack(row.offsets, "f4").astype(np.float32),
        scores_G=unpack(row.scores, "f4").astype(np.float32),
    )


def late_matches(session: Session, run_id: int, last: int) -> list[list[EpochMatches]]:
    """The matches of the `last` epochs of every member of a run, member by member, epoch by epoch."""
    newest = (
        sa.select(EpochRow.member, sa.func.max(EpochRow.epoch).label("epoch"))
        .where(EpochRow.run_id == run_id)
        .group_by(EpochRow.member)
        .subquery()
    )
    rows = session.execute(
        sa.select(EpochRow.member, EpochRow.id)
        .join(newest, newest.c.member == EpochRow.member)
        .where(EpochRow.run_id == run_id, EpochRow.epoch > newest.c.epoch - last)
        .order_by(EpochRow.member, EpochRow.epoch)
    ).all()
    return [
        [matches(session, epoch_id) for _, epoch_id in epochs]
        for _, epochs in groupby(rows, key=lambda row: row.member)
    ]
