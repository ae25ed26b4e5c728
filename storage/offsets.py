"""How far suggestions and decisions move labels, counted; how far all of them are from a known truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.moves import last_of_run
from storage.tables import Clip, Label, Standing, SuggestionRow

Stage = Literal["suggested", "decided", "corrected"]
By = Literal["class", "annotator", "video"]
BLOCKS = 2000
"""Blocks that clips are dealt into in turn: as good for a bootstrap, and never more than so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which labels are counted: of a class, decided by an annotator, of a source video, of the blind audit.

    `run_id`: with the last suggestions of that run instead of those shown.
    """

    label: str | None = None
    annotator: str | None = None
    source: str | None = None
    audit: bool = False
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """Moves of a group in `clips` clips: `labels_G` labels in a block of clips moved by so many whole frames.

    int64 [G]: `blocks_G` (a clip each in datasets of at most `BLOCKS` clips), `offsets_G`, + is later.
    """

    blocks_G: NDArray[np.int64]
    offsets_G: NDArray[np.int64]
    labels_G: NDArray[np.int64]
    clips: int


def counts(
    session: Session, dataset_id: int, *, stage: Stage, by: By | None, part: Part
) -> Iterator[tuple[str, int, int]]:
    """(group, offset in whole frames, labels) of every move that happened, counted by the database.

    `suggested` moves go from tag to suggestion, `decided` from tag to decision, `corrected` from suggestion
    to decision; + is later. Groups are classes, annotators ("": undecided) or source videos; one, "all",
    without `by`. Grouped by class, only an index is read.
    """
    query, group, moved = _grouped(dataset_id, stage, by, part)
    query = query.add_columns(group, moved, sa.func.count())
    rows = session.execute(query.group_by(moved) if by is None else query.group_by(group, moved))
    return ((name, offset, labels) for name, offset, labels in rows)


def by_block(
    session: Session, dataset_id: int, *, stage: Stage, by: By | None, part: Part
) -> dict[str, Blocks]:
    """The same moves by group and block of clips (`BLOCKS`), counted by the database."""
    query, group, moved = _grouped(dataset_id, stage, by, part)
    block = Standing.clip_id % sa.literal_column(str(BLOCKS))
    keys = (block, moved) if by is None else (group, block, moved)
    clips = query.add_columns(group, sa.func.count(Standing.clip_id.distinct()))
    clips_of = dict(session.execute(clips if by is None else clips.group_by(group)).all())
    found: dict[str, list[tuple[int, int, int]]] = {}
    for name, *counted in session.execute(
        query.add_columns(group, block, moved, sa.func.count()).group_by(*keys)
    ):
        found.setdefault(name, []).append(tuple(counted))
    return {name: _blocks(rows, clips_of[name]) for name, rows in found.items()}


def _blocks(rows: Sequence[tuple[int, int, int]], clips: int) -> Blocks:
    blocks_G, offsets_G, labels_G = np.array(rows, dtype=np.int64).T
    return Blocks(blocks_G=blocks_G, offsets_G=offsets_G, labels_G=labels_G, clips=clips)


def _grouped(
    dataset_id: int, stage: Stage, by: By | None, part: Part
) -> tuple[sa.Select[Any], sa.ColumnElement[str], sa.ColumnElement[Any]]:
    """The rows to count, the group of each and the move that it made."""
    group = {
        "class": Standing.label,
        "annotator": sa.func.coalesce(Standing.annotator, sa.literal_column("''")),
        "video": Clip.source,
        None: sa.literal_column("'all'"),
    }[by]
    query, moved = _moved(stage, part.run_id)
    if by == "video" or part.source is not None:
        query = query.join(Clip, Clip.id == Standing.clip_id)
    for column, wanted in (
        (Standing.label, part.label),
        (Standing.annotator, part.annotator),
        (Clip.source, part.source),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if part.audit:
        query = query.where(Standing.audit.is_not(None))
    return query.where(Standing.dataset_id == dataset_id, moved.is_not(None)), group, moved


def _moved(stage: Stage, run_id: int | None) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    """The rows to count, and the move that each one made."""
    query = sa.select().select_from(Standing)
    if run_id is None or stage == "decided":
        corrected = Standing.correction - Standing.offset
        moves = {"suggested": Standing.offset, "decided": Standing.correction, "corrected": corrected}
        return query, moves[stage]
    last = last_of_run(run_id)
    query = query.join(last, last.c.label_id == Standing.label_id)
    query = query.join(SuggestionRow, SuggestionRow.id == last.c.id)
    query = query.join(Label, Label.id == Standing.label_id)
    if stage == "suggested":
        return query, SuggestionRow.frame - Label.frame
    return query, Standing.frame - SuggestionRow.frame


def mean_error(session: Session, dataset_id: int) -> float | None:
    """The mean distance, in frames, of the tags to the truth; None where no truth is known."""
    return session.scalar(
        sa.select(sa.func.avg(sa.func.abs(Label.frame - Label.true_frame)))
        .join(Clip, Clip.id == Label.clip_id)
        .where(Clip.dataset_id == dataset_id, Label.true_frame.is_not(None))
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """Signed errors in frames against the known truth, one row per label that has one, in file order.

    float64 [L]: of the tag, of the suggested frame (NaN: none) and of the frame that holds now (the
    decision's, else the tag; NaN: removed). `labels` are the classes.
    """

    labels: tuple[str, ...]
    tagged_L: NDArray[np.float64]
    suggested_L: NDArray[np.float64]
    final_L: NDArray[np.float64]


def residuals(session: Session, dataset_id: int) -> Residuals | None:
    """Errors of tag, suggestion and present frame, or None where no truth is known."""
    rows = session.execute(
        sa.select(
            Label.label, Label.true_frame, Label.frame, SuggestionRow.frame, Standing.frame, Standing.verdict
        )
        .join(Clip, Clip.id == Label.clip_id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
        .where(Clip.dataset_id == dataset_id, Label.true_frame.is_not(None))
        .order_by(Standing.place)
    ).all()
    if not rows:
        return None
    finals = [
        None if verdict == "remove" else tag if now is None else now for *_, tag, _, now, verdict in rows
    ]
    true_L = _floats([row[1] for row in rows])
    return Residuals(
        labels=tuple(row[0] for row in rows),
        tagged_L=_floats([row[2] for row in rows]) - true_L,
        suggested_L=_floats([row[3] for row in rows]) - true_L,
        final_L=_floats(finals) - true_L,
    )


def _floats(values: list[float | None] | list[int | None] | list[int]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
