"""Where every label of a dataset was tagged, suggested, decided and truly is, as columns for statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.runs import get_run
from storage.tables import Clip, Decision, Label, Run, Standing, SuggestionRow

Reference = Literal["truth", "decided"]
"""What counts as right: the known truth, or what people settled on."""
KINDS = (*[np.int64] * 2, *[np.str_] * 3, *[np.float64] * 6, np.bool_)
AT_ONCE = 20_000
"""Rows in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moves:
    """L labels in file order; frames are ordinals in the clip, float64, NaN where there is none.

    `labels_L` (classes), `sources_L` (source videos) and `annotators_L` ("" undecided) are strings, `ids_L`
    and `clips_L` int64. `decided_L` is the frame that a person settled on, NaN also for a removed label.
    `offsets_L` (real-valued, + is later) and `confidence_L` are the suggestion's. `audit_L` (bool): drawn at
    random to be judged blind.
    """

    ids_L: NDArray[np.int64]
    clips_L: NDArray[np.int64]
    labels_L: NDArray[np.str_]
    sources_L: NDArray[np.str_]
    annotators_L: NDArray[np.str_]
    tagged_L: NDArray[np.float64]
    suggested_L: NDArray[np.float64]
    decided_L: NDArray[np.float64]
    true_L: NDArray[np.float64]
    offsets_L: NDArray[np.float64]
    confidence_L: NDArray[np.float64]
    audit_L: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids_L)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.integer]) -> "Moves":
        """The labels for which a mask [L] is true, or those at the places given, in that order."""
        return Moves(**{name: getattr(self, name)[chosen] for name in self.__slots__})


def moves(
    session: Session, dataset_id: int, run_id: int | None = None, known: Reference | None = None
) -> Moves:
    """The labels with the suggestions shown, or with the last ones that the run `run_id` made of them.

    All, or those whose right frame is `known` from there.
    """
    shown = _shown(run_id)
    query = (
        sa.select(
            Label.id,
            Label.clip_id,
            Label.label,
            Clip.source,
            sa.func.coalesce(Standing.annotator, ""),
            Label.frame,
            SuggestionRow.frame,
            Standing.frame,
            Label.true_frame,
            SuggestionRow.offset,
            SuggestionRow.confidence,
            Standing.audit.is_not(None),
        )
        .select_from(Standing)
        .join(Label, Label.id == Standing.label_id)
        .join(Clip, Clip.id == Label.clip_id)
        .outerjoin(shown, shown.c.label_id == Standing.label_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == shown.c.id)
        .where(Standing.dataset_id == dataset_id)
        .order_by(Standing.place)
    )
    if known is not None:
        right = {"truth": Label.true_frame, "decided": Standing.frame}[known]
        query = query.where(right.is_not(None))
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    pieces = [_columns(piece) for piece in rows.partitions()] or [_columns(())]
    joined = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Moves(**dict(zip(Moves.__slots__, joined, strict=True)))


def _columns(rows: Sequence[Any]) -> list[NDArray[Any]]:
    """Rows as the columns of `Moves`: a small part of what they take as Python's own values."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(KINDS)
    return [np.array(values, dtype=kind) for values, kind in zip(columns, KINDS, strict=True)]


def version(session: Session, dataset_id: int) -> tuple[str, int, int, int, int]:
    """What changes whenever `moves` would: the database, dataset, newest decision and suggestion, shift."""
    newest = session.execute(
        sa.select(
            sa.select(sa.func.max(Decision.id)).where(Decision.dataset_id == dataset_id).scalar_subquery(),
            sa.select(sa.func.max(SuggestionRow.id)).scalar_subquery(),
            sa.select(sa.func.max(Clip.shift)).where(Clip.dataset_id == dataset_id).scalar_subquery(),
        )
    ).one()
    decision, suggestion, shift = (value or 0 for value in newest)
    return str(session.get_bind().engine.url), dataset_id, decision, suggestion, shift


def _shown(run_id: int | None) -> sa.Subquery:
    """The suggestion of each label: (label_id, id)."""
    if run_id is None:
        return sa.select(Standing.label_id, Standing.suggestion_id.label("id")).subquery()
    return last_of_run(run_id)


def last_of_run(run_id: int) -> sa.Subquery:
    """The last suggestion of a run for each label: (label_id, id)."""
    last = sa.select(SuggestionRow.label_id, sa.func.max(SuggestionRow.id).label("id"))
    return last.where(SuggestionRow.run_id == run_id).group_by(SuggestionRow.label_id).subquery()


def suggested_runs(session: Session, dataset_id: int) -> list[int]:
    """The runs of a dataset that made suggestions, newest first."""
    made = sa.exists().where(SuggestionRow.run_id == Run.id)
    return list(
        session.scalars(sa.select(Run.id).where(Run.dataset_id == dataset_id, made).order_by(Run.id.desc()))
    )


def shown_run(session: Session, dataset_id: int) -> int | None:
    """The run whose suggestions are shown: of those that finished the one that spoke last, else the newest.

    None where none has spoken about the labels as they are now (`Clip.shift`).
    """
    now = sa.select(sa.func.max(Clip.shift)).where(Clip.dataset_id == dataset_id).scalar_subquery()
    last = sa.select(sa.func.max(SuggestionRow.id)).where(SuggestionRow.run_id == Run.id).scalar_subquery()
    rows = session.execute(
        sa.select(Run.id, last)
        .where(Run.dataset_id == dataset_id, Run.shift == now, last.is_not(None))
        .order_by(Run.id.desc())
    ).all()
    spoke = [(said, run_id) for run_id, said in rows if get_run(session, run_id).state == "done"]
    return max(spoke)[1] if spoke else next((run_id for run_id, _ in rows), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Class scores around labels, float32 [G, S] over shifts -(S // 2) ... S // 2; NaN outside the clip."""

    ids_G: NDArray[np.int64]
    scores_GS: NDArray[np.float32]


def curves(session: Session, dataset_id: int, run_id: int | None = None) -> Curves:
    """The curves of the suggestions that `moves` tells of; cut to the narrowest if they differ in width."""
    shown = _shown(run_id)
    rows = session.execute(
        sa.select(Standing.label_id, SuggestionRow.scores)
        .join(shown, shown.c.label_id == Standing.label_id)
        .join(SuggestionRow, SuggestionRow.id == shown.c.id)
        .where(Standing.dataset_id == dataset_id)
        .order_by(Standing.place)
    ).all()
    if not rows:
        return Curves(ids_G=np.empty(0, np.int64), scores_GS=np.empty((0, 0), np.float32))
    side = min(len(blob) for _, blob in rows) // 4 // 2
    cut = [blob[(len(blob) // 8 - side) * 4 : (len(blob) // 8 + side + 1) * 4] for _, blob in rows]
    scores_GS = np.frombuffer(b"".join(cut), dtype="<f4").reshape(len(rows), 2 * side + 1)
    return Curves(ids_G=np.array([row[0] for row in rows], np.int64), scores_GS=scores_GS)
