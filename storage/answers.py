"""Questions about whole groups of labels that runs raise, and what people answered to them."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import NotFound
from storage import batches
from storage.tables import AnswerRow, Run

GroupKind = Literal["class", "annotator", "video"]
Answer = Literal["keep", "move", "open"]
"""The labels are right as they are; they are moved to where the evidence lies; the question is open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a run found about a group: its evidence lies `frames` later than its `labels` labels; in words.

    0 frames: something else keeps the labels of a class where they are.
    """

    of: GroupKind
    name: str
    labels: int
    frames: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer that holds. `frames` are those of the finding; `batch_id` is the move made of it."""

    of: GroupKind
    name: str
    answer: Answer
    frames: float
    annotator: str
    answered_at: datetime
    batch_id: int | None


def put_findings(session: Session, run_id: int, found: list[Finding]) -> None:
    """Let `found` be all that a run asks about whole groups. Raises `NotFound`."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    run.findings = run.findings | {"groups": [asdict(finding) for finding in found]}


def findings(session: Session, run_id: int) -> list[Finding]:
    """What a run asks about whole groups. Raises `NotFound`."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return [Finding(**told) for told in run.findings.get("groups", [])]


def add(
    session: Session,
    dataset_id: int,
    finding: Finding,
    answer: Answer,
    *,
    annotator: str,
    batch_id: int | None = None,
) -> None:
    """Append an answer to a finding; it holds from now on."""
    session.add(
        AnswerRow(
            dataset_id=dataset_id,
            of=finding.of,
            name=finding.name,
            answer=answer,
            frames=finding.frames,
            annotator=annotator,
            answered_at=datetime.now(UTC),
            batch_id=batch_id,
        )
    )


def holding(session: Session, dataset_id: int) -> dict[tuple[GroupKind, str], AnswerRecord]:
    """The newest answer about each group, without those taken back, or whose move was."""
    rows = session.scalars(
        sa.select(AnswerRow).where(AnswerRow.dataset_id == dataset_id).order_by(AnswerRow.id)
    )
    newest = {(row.of, row.name): row for row in rows}
    held = [
        row.record(AnswerRecord)
        for row in newest.values()
        if row.answer != "open"
        and (row.batch_id is None or not batches.get_batch(session, row.batch_id).undone)
    ]
    return {(answer.of, answer.name): answer for answer in held}


def biases(session: Session, dataset_id: int) -> dict[str, float]:
    """How late the labels of each class are, in frames, by the answers that hold.

    One to a question about no shift says nothing of it.
    """
    return {
        name: -answer.frames if answer.answer == "move" else 0.0
        for (of, name), answer in holding(session, dataset_id).items()
        if of == "class" and answer.frames
    }
