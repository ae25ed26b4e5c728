"""All that the database knows of a dataset, as tables: what an export of everything holds."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.blobs import unpack_curve
from storage.datasets import get_dataset
from storage.exports import holds_at
from storage.formats.outgoing import json_text
from storage.formats.sheet import Kind, Sheet
from storage.tables import (
    Batch,
    CarriedEntry,
    Clip,
    Dataset,
    Decision,
    DefinitionRow,
    DoubtRow,
    EpochRow,
    Label,
    Moment,
    Run,
    Shift,
    Standing,
    SuggestionRow,
    Table,
    Video,
)

AT_ONCE = 2000
"""Rows read from the database at a time."""
KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
    (sa.Boolean, "truth"),
    (sa.Integer, "whole"),
    (sa.Float, "real"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "reals"),
    (sa.String, "text"),
)


def sheets(session: Session, dataset_id: int) -> tuple[Sheet, ...]:
    """The tables of a dataset, whose rows are read while the session is open. Raises `NotFound`.

    Labels and clips come with what belongs to them; all else as it is stored, with ids that lead from one
    table to the next (`label_id`, `run_id`, `suggestion_id` ...).
    """
    get_dataset(session, dataset_id)
    own = {
        "decisions": Decision,
        "batches": Batch,
        "shifts": Shift,
        "runs": Run,
        "definitions": DefinitionRow,
    }
    own |= {"doubts": DoubtRow, "carried": CarriedEntry}
    selects = {
        "dataset": _all(Dataset).where(Dataset.id == dataset_id),
        "clips": _clips().where(Clip.dataset_id == dataset_id),
        "labels": _labels().where(Clip.dataset_id == dataset_id),
        **{name: _all(table).where(table.dataset_id == dataset_id) for name, table in own.items()},
        "suggestions": _all(SuggestionRow).join(Run).where(Run.dataset_id == dataset_id),
        "epochs": _epochs().join(Run).where(Run.dataset_id == dataset_id),
    }
    return tuple(_sheet(session, name, select) for name, select in selects.items())


def _all(table: type[Table]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*table.__table__.columns).order_by(*table.__table__.primary_key)


def _clips() -> sa.Select[*tuple[Any, ...]]:
    video = [getattr(Video, name).label(f"video_{name}") for name in ("path", "kind", "fps", "identity")]
    return sa.select(*Clip.__table__.columns, *video).join(Video).order_by(Clip.position)


def _epochs() -> sa.Select[*tuple[Any, ...]]:
    known = (EpochRow.id, EpochRow.run_id, EpochRow.member, EpochRow.epoch, EpochRow.metrics)
    return sa.select(*known, EpochRow.matched_tagged, EpochRow.matched_true).order_by(EpochRow.id)


def _labels() -> sa.Select[*tuple[Any, ...]]:
    """One row per label, decided or not, removed ones too; `final_frame` is None for those."""
    kept = holds_at()
    return (
        sa.select(
            Label.id,
            Label.clip_id,
            Clip.name.label("clip"),
            Label.position,
            Label.label.label("original_label"),
            sa.func.coalesce(Standing.relabelled, Label.label).label("label"),
            Label.original_frame.label("original_frame"),
            Label.frame.label("tagged_frame"),
            sa.case((Standing.verdict == "remove", None), else_=kept).label("final_frame"),
            Label.true_frame,
            Label.comment,
            Label.annotator,
            Label.extra,
            Label.proposed,
            Standing.verdict,
            Standing.annotator.label("decided_by"),
            Standing.decision_id,
            Standing.suggestion_id,
            Standing.flagged,
            Standing.audit,
        )
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .order_by(Clip.position, Label.position)
    )


def _sheet(session: Session, name: str, select: sa.Select[*tuple[Any, ...]]) -> Sheet:
    columns: dict[str, Kind] = {column.name: _kind(column.type) for column in select.selected_columns}

    def rows() -> Iterator[Sequence[Any]]:
        for row in session.execute(select.execution_options(yield_per=AT_ONCE)):
            yield [_plain(kind, value) for kind, value in zip(columns.values(), row, strict=True)]

    return Sheet(name, columns, rows)


def _plain(kind: Kind, value: Any) -> Any:
    """The value as a sheet has it."""
    turned: dict[Kind, Callable[[Any], Any]] = {"json": json_text, "reals": unpack_curve}
    return value if value is None or kind not in turned else turned[kind](value)


def _kind(type_: sa.types.TypeEngine[Any]) -> Kind:
    if isinstance(type_, Moment):
        return "moment"
    return next(kind for known, kind in KINDS if isinstance(type_, known))
