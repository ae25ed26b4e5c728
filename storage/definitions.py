"""What a class means: the instant in words, and pictures that show it. One per class of a dataset."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, NotFound
from storage.tables import Clip, Dataset, DefinitionRow

LONGEST_TEXT = 600
MOST_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class Example:
    """The picture of a frame (an ordinal within the clip) that shows the instant."""

    clip_id: int
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A class as `annotator` last described it."""

    label: str
    text: str
    examples: tuple[Example, ...]
    annotator: str
    changed_at: datetime


def get(session: Session, dataset_id: int, label: str) -> Definition | None:
    """The definition of a class, if somebody wrote one."""
    row = _row(session, dataset_id, label)
    if row is None:
        return None
    examples = tuple(Example(**example) for example in row.examples)
    return Definition(
        label=row.label,
        text=row.text,
        examples=examples,
        annotator=row.annotator,
        changed_at=row.changed_at,
    )


def put(
    session: Session, dataset_id: int, label: str, text: str, examples: tuple[Example, ...], annotator: str
) -> None:
    """Write or rewrite the definition of a class.

    Raises `NotFound` for an unknown dataset, class or clip, `BadLabels` for a text of more than 600
    characters, more than six examples, or a frame outside its clip.
    """
    dataset = session.get(Dataset, dataset_id)
    if dataset is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    if label not in dataset.classes:
        raise NotFound(f"dataset {dataset.name} has no class {label}")
    if len(text) > LONGEST_TEXT or len(examples) > MOST_EXAMPLES:
        raise BadLabels(
            f"class {label}: a definition has at most {LONGEST_TEXT} characters and {MOST_EXAMPLES} examples"
        )
    for example in examples:
        _check_example(session, dataset_id, example)
    row = _row(session, dataset_id, label) or DefinitionRow(dataset_id=dataset_id, label=label)
    row.text, row.annotator, row.changed_at = text, annotator, datetime.now(UTC)
    row.examples = [{"clip_id": example.clip_id, "frame": example.frame} for example in examples]
    session.add(row)


def _row(session: Session, dataset_id: int, label: str) -> DefinitionRow | None:
    return session.scalar(
        sa.select(DefinitionRow).where(DefinitionRow.dataset_id == dataset_id, DefinitionRow.label == label)
    )


def _check_example(session: Session, dataset_id: int, example: Example) -> None:
    clip = session.get(Clip, example.clip_id)
    if clip is None or clip.dataset_id != dataset_id:
        raise NotFound(f"dataset {dataset_id} has no clip {example.clip_id}")
    if not 0 <= example.frame < clip.num_frames:
        raise BadLabels(f"clip {clip.name}: frame {example.frame} is outside ({clip.num_frames} frames)")
