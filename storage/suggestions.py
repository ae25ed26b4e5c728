"""Suggestions: what a run proposes for each label. The newest one of a label is the one shown."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import NotFound
from spotting.events import Suggestion
from storage import audit_stream, standings
from storage.blobs import pack_curve, unpack_curve
from storage.records import SuggestionRecord
from storage.runs import check_shift, get_run
from storage.tables import Label, Standing, SuggestionRow

SURE = 0.95
"""Confidence from which a suggestion is likely to be accepted unseen."""


def put(
    session: Session, run_id: int, rows: Sequence[tuple[int, Suggestion]], *, provisional: bool, epoch: int
) -> None:
    """Add suggestions as (label id, suggestion), and show them from now on.

    `epoch` is the training epoch they come from. A provisional one never takes the place of a final one (it
    is not stored). Rows are never removed, since a decision may name them: put provisional ones a few times
    per run, not each epoch. Reviewers cannot save while a call's transaction lasts (about 3 s for 100,000
    rows): call it with a few thousand rows at a time, and `mix_audit` after the last ones. Raises `NotFound`
    for an unknown run, `Conflict` where the dataset's labels were shifted since it began.
    """
    check_shift(session, run_id)
    settled = _with_final(session, [label_id for label_id, _ in rows]) if provisional else set()
    before = session.scalar(sa.select(sa.func.max(SuggestionRow.id))) or 0
    values = [
        _values(run_id, label_id, suggestion, provisional, epoch)
        for label_id, suggestion in rows
        if label_id not in settled
    ]
    if values:
        session.connection().execute(sa.insert(SuggestionRow), values)
        standings.suggest(session, run_id, before)


def mix_audit(session: Session, run_id: int) -> None:
    """Give the labels of the blind audit their places among those that suggestions were put for."""
    audit_stream.spread(session, get_run(session, run_id).dataset_id)


def _with_final(session: Session, label_ids: Sequence[int]) -> set[int]:
    """Of these labels those whose shown suggestion is final."""
    return set(
        session.scalars(
            sa.select(Standing.label_id)
            .join(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
            .where(Standing.label_id.in_(label_ids), SuggestionRow.provisional.is_(False))
        )
    )


def _values(
    run_id: int, label_id: int, suggestion: Suggestion, provisional: bool, epoch: int
) -> dict[str, object]:
    return {
        "run_id": run_id,
        "label_id": label_id,
        "epoch": epoch,
        "provisional": provisional,
        "frame": int(suggestion.frame),
        "offset": float(suggestion.offset),
        "confidence": float(suggestion.confidence),
        "claimed": suggestion.claimed,
        "posterior": pack_curve(suggestion.posterior_S),
        "scores": pack_curve(suggestion.scores_S),
        "matched_offset": None if suggestion.matched_offset is None else float(suggestion.matched_offset),
        "reasons": list(suggestion.reasons),
        "better": float(suggestion.better),
        "expected_error": float(suggestion.expected_error),
        "removes": _removes(suggestion),
        "refused": suggestion.refused,
        "stability": suggestion.stability,
        "disagreement": suggestion.disagreement,
        "created_at": datetime.now(UTC),
    }


def _removes(suggestion: Suggestion) -> float:
    """The expected error, in frames, of what goes out if nobody reviews the label.

    A sure suggestion is accepted in bulk and leaves its own error; any other label goes out as it was tagged.
    """
    if suggestion.confidence >= SURE:
        return float(suggestion.expected_error)
    posterior_S = np.nan_to_num(suggestion.posterior_S)
    shifts_S = np.arange(len(posterior_S)) - len(posterior_S) // 2
    return float((posterior_S * np.abs(shifts_S)).sum())


def for_label(session: Session, label_id: int) -> SuggestionRecord | None:
    """The suggestion shown for a label, if there is one. Raises `NotFound` for an unknown label."""
    if session.get(Label, label_id) is None:
        raise NotFound(f"there is no label {label_id}")
    row = session.scalar(
        sa.select(SuggestionRow)
        .join(Standing, Standing.suggestion_id == SuggestionRow.id)
        .where(Standing.label_id == label_id)
    )
    return None if row is None else as_record(row)


def as_record(row: SuggestionRow) -> SuggestionRecord:
    """The row as a frozen value."""
    scores_S = unpack_curve(row.scores)
    return SuggestionRecord(
        id=row.id,
        run_id=row.run_id,
        label_id=row.label_id,
        epoch=row.epoch,
        provisional=row.provisional,
        frame=row.frame,
        offset=row.offset,
        confidence=row.confidence,
        posterior_S=unpack_curve(row.posterior),
        scores_S=scores_S,
        first_shift=-(len(scores_S) // 2),
        matched_offset=row.matched_offset,
        reasons=tuple(row.reasons),
        better=row.better,
        expected_error=row.expected_error,
        stability=row.stability,
        disagreement=row.disagreement,
        refused=row.refused,
        created_at=row.created_at,
    )


def final_of(session: Session, run_id: int) -> dict[int, tuple[int, float]]:
    """Frame and confidence of the run's final suggestions that are shown, by label id."""
    rows = session.execute(
        sa.select(Standing.label_id, SuggestionRow.frame, SuggestionRow.confidence)
        .join(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(SuggestionRow.run_id == run_id, SuggestionRow.provisional.is_(False))
    )
    return {label_id: (frame, confidence) for label_id, frame, confidence in rows}
