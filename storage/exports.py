"""What goes out: the labels corrected by their decisions, and one audit row for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict
from storage.csv_lines import lines, moment, number, text
from storage.datasets import get_dataset
from storage.formats import spot
from storage.formats.labelfile import CarriedClip, Extra, FileClip, NewLabel
from storage.tables import CarriedEntry, Clip, Dataset, Decision, Label, Standing, SuggestionRow

BATCH = 500
"""Clips in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """What became of one label. Frames are ordinals; None: there is none.

    `offset` (real-valued, + is later) and `confidence` are the suggestion's: the one on the screen when the
    label was decided, else the newest. `decision` is the verdict that holds, else flag, skip or "".
    `final_frame` is what the export holds; None for a removed label.
    """

    video: str
    label: str
    original_frame: int
    shifted_frame: int
    suggested_frame: int | None
    final_frame: int | None
    offset: float | None
    confidence: float | None
    decision: str
    annotator: str
    decided_at: datetime | None
    run: int | None
    comment: str


def spot_json(session: Session, dataset_id: int, *, drop_removed: bool = False) -> Iterator[str]:
    """The dataset as Spot JSON text, piece by piece while the session is open.

    Same clips, events and unknown keys in the same order; `frame` is the frame that holds, `original_frame`
    the one imported (or what the file already said under that key). Raises `NotFound`, and `Conflict` when
    labels are marked removed, unless `drop_removed` leaves them out (the audit still lists them).
    """
    get_dataset(session, dataset_id)
    if not drop_removed:
        _refuse_removed(session, dataset_id)
    extra = session.scalars(sa.select(Dataset.extra).where(Dataset.id == dataset_id)).one()
    return spot.lines(corrected_clips(session, dataset_id), _carried(session, dataset_id), extra["layout"])


def _refuse_removed(session: Session, dataset_id: int) -> None:
    removed = session.execute(
        sa.select(Clip.name, Label.label, Label.frame)
        .join(Label, Label.clip_id == Clip.id)
        .join(Standing, Standing.label_id == Label.id)
        .where(Standing.dataset_id == dataset_id, Standing.verdict == "remove", Standing.proposed.is_(False))
        .order_by(Standing.place)
    ).all()
    if removed:
        first = "; ".join(f"clip {name}, {label} at frame {frame}" for name, label, frame in removed[:5])
        raise Conflict(
            f"{len(removed)} labels are marked removed ({first}{'; ...' if len(removed) > 5 else ''}): "
            "export without them by asking for it, or undo the removal"
        )


def _carried(session: Session, dataset_id: int) -> Iterator[CarriedClip]:
    rows = session.scalars(
        sa.select(CarriedEntry)
        .where(CarriedEntry.dataset_id == dataset_id)
        .order_by(CarriedEntry.position)
        .execution_options(yield_per=BATCH)
    )
    return (CarriedClip(position=row.position, raw=row.raw) for row in rows)


def corrected_clips(session: Session, dataset_id: int) -> Iterator[FileClip]:
    """The clips in file order: labels at the frame that holds, no removed ones, `original_frame` added."""
    batches = session.scalars(
        sa.select(Clip)
        .where(Clip.dataset_id == dataset_id)
        .order_by(Clip.position)
        .execution_options(yield_per=BATCH)
    ).partitions()
    for batch in batches:
        labels = _labels(session, [clip.id for clip in batch])
        for clip in batch:
            yield _file_clip(clip, labels.get(clip.id, ()))


def _labels(session: Session, clip_ids: Sequence[int]) -> dict[int, tuple[NewLabel, ...]]:
    rows = session.execute(
        sa.select(
            Label.clip_id,
            Label.label,
            Label.frame,
            Label.original_frame,
            Label.comment,
            Label.extra,
            Standing.frame,
            Standing.relabelled,
        )
        .join(Standing, Standing.label_id == Label.id)
        .where(Label.clip_id.in_(clip_ids), sa.func.coalesce(Standing.verdict, "") != "remove", _is_there())
        .order_by(Label.clip_id, Label.position)
    )
    grouped = groupby(rows, key=itemgetter(0))
    return {clip_id: tuple(_corrected(*row[1:]) for row in group) for clip_id, group in grouped}


def _corrected(
    label: str,
    tagged: int,
    original: int,
    comment: str | None,
    extra: Extra,
    decided: int | None,
    relabelled: str | None,
) -> NewLabel:
    was = {} if relabelled in (None, label) else {"original_label": label}
    return NewLabel(
        label=relabelled or label,
        frame=tagged if decided is None else decided,
        comment=comment,
        extra={"original_frame": original} | was | extra,
    )


def _is_there() -> sa.ColumnElement[bool]:
    """Somebody wrote the label, or added it where it was proposed."""
    return sa.or_(Label.proposed.is_(False), Standing.verdict.is_not(None))


def _file_clip(clip: Clip, labels: Sequence[NewLabel]) -> FileClip:
    return FileClip(
        name=clip.name,
        position=clip.position,
        num_frames=clip.num_frames,
        fps=clip.fps,
        width=clip.width,
        height=clip.height,
        extra=clip.extra,
        labels=tuple(labels),
    )


def audit_rows(session: Session, dataset_id: int) -> Iterator[AuditRow]:
    """One row per label in file order, while the session is open. Raises `NotFound`."""
    get_dataset(session, dataset_id)
    shown = sa.func.coalesce(Decision.suggestion_id, Standing.suggestion_id)
    rows = session.execute(
        sa.select(
            Clip.name.label("video"),
            Label.label,
            Label.original_frame,
            Label.frame.label("shifted_frame"),
            SuggestionRow.frame.label("suggested_frame"),
            _final_frame().label("final_frame"),
            SuggestionRow.offset,
            SuggestionRow.confidence,
            _decision_text().label("decision"),
            sa.func.coalesce(Standing.annotator, "").label("annotator"),
            Decision.decided_at,
            SuggestionRow.run_id.label("run"),
            sa.func.coalesce(Label.comment, "").label("comment"),
        )
        .select_from(Label)
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(Decision, Decision.id == Standing.decision_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == shown)
        .where(Clip.dataset_id == dataset_id, _is_there())
        .order_by(Clip.position, Label.position)
        .execution_options(yield_per=BATCH)
    )
    return (AuditRow(**row._mapping) for row in rows)


def _final_frame() -> sa.ColumnElement[int | None]:
    kept = sa.func.coalesce(Standing.frame, Label.frame)
    return sa.case((Standing.verdict == "remove", None), else_=kept)


def _decision_text() -> sa.ColumnElement[str]:
    undecided = sa.case((Standing.flagged.is_(True), "flag"), (Standing.skipped > 0, "skip"), else_="")
    return sa.func.coalesce(Standing.verdict, undecided)


def audit_csv(session: Session, dataset_id: int) -> Iterator[str]:
    """The audit as CSV text, header first, line by line while the session is open. Raises `NotFound`."""
    return lines(AuditRow.__slots__, map(_cells, audit_rows(session, dataset_id)))


def _cells(row: AuditRow) -> list[str]:
    return [
        text(row.video),
        text(row.label),
        str(row.original_frame),
        str(row.shifted_frame),
        number(row.suggested_frame, 0),
        number(row.final_frame, 0),
        number(row.offset, 2),
        number(row.confidence, 3),
        row.decision,
        text(row.annotator),
        moment(row.decided_at),
        number(row.run, 0),
        text(row.comment),
    ]
