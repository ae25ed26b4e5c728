"""A lead takes back what one person decided, all or from a time on, and can bring it back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage import batches, datasets, exports, reverting, reviews
from storage.records import NewDecision
from storage.tables import Decision

Frames = Callable[[], list[int | None]]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    """Ann set five labels at one-hour steps from noon and undid the last; Ben changed the second one."""
    made = add_dataset(session)
    labels = [label.id for label in datasets.labels(session, made)]
    for at, label_id in enumerate(labels[:5]):
        decide(session, label_id, "ann", 50 + at)
    reviews.undo(session, made, "ann", "ann's own")
    decide(session, labels[1], "ben", 60)
    for row in session.scalars(sa.select(Decision)):
        row.decided_at = NOON + timedelta(hours=row.id - 1)
    session.flush()
    return made


@pytest.fixture
def frames(session: Session, dataset_id: int) -> Frames:
    return lambda: [row.final_frame for row in exports.audit_rows(session, dataset_id)]


def decide(session: Session, label_id: int, annotator: str, frame: int) -> None:
    key = f"{annotator}-{label_id}-{frame}"
    new = NewDecision(key=key, label_id=label_id, verdict="set", frame=frame, annotator=annotator)
    reviews.record(session, new)


def revert(session: Session, dataset_id: int, since: datetime | None = None) -> int:
    begun = batches.begin_revert(session, dataset_id, "lea", f"revert {since}", of="ann", since=since)
    return work_off(session, begun.id)


def work_off(session: Session, batch_id: int) -> int:
    batches.append(session, batch_id, batches.remaining(session, batch_id))
    assert batches.remaining(session, batch_id) == []
    batches.finish(session, batch_id)
    return batch_id


def test_the_preview_counts_what_still_holds(session: Session, dataset_id: int):
    told = reverting.preview(session, dataset_id, "ann")
    assert (told.decisions, told.labels) == (4, 4)
    assert (told.first_at, told.last_at) == (NOON, NOON + timedelta(hours=3))
    assert reverting.preview(session, dataset_id, "ann", NOON + timedelta(hours=2)).decisions == 2
    assert reverting.preview(session, dataset_id, "nobody").decisions == 0
    assert [(one.name, one.decisions) for one in reverting.people(session, dataset_id)] == [
        ("ann", 5),
        ("ben", 1),
    ]
    with pytest.raises(NotFound, match="no dataset 9"):
        reverting.preview(session, 9, "ann")


def test_all_of_one_person_is_taken_back_and_brought_back_as_rows(
    session: Session, dataset_id: int, frames: Frames
):
    before, rows = frames(), session.scalar(sa.select(sa.func.count()).select_from(Decision)) or 0
    assert before == [50, 60, 52, 53, 20, 30]
    batch_id = revert(session, dataset_id)
    assert frames() == [10, 60, 30, 10, 20, 30]
    assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == rows + 4
    again = batches.begin_undo(session, batch_id, "lea", "bring back")
    work_off(session, again.id)
    assert frames() == before
    assert batches.get_batch(session, batch_id).undone


def test_only_what_was_decided_since_a_time_is_taken_back(session: Session, dataset_id: int, frames: Frames):
    revert(session, dataset_id, NOON + timedelta(hours=2))
    assert frames() == [50, 60, 30, 10, 20, 30]


def test_what_the_person_decides_meanwhile_is_not_meant(session: Session, dataset_id: int, frames: Frames):
    begun = batches.begin_revert(session, dataset_id, "lea", "key", of="ann", since=None)
    label_id = datasets.labels(session, dataset_id)[5].id
    decide(session, label_id, "ann", 77)
    work_off(session, begun.id)
    assert frames() == [10, 60, 30, 10, 20, 77]


def test_nothing_to_take_back_is_said(session: Session, dataset_id: int):
    with pytest.raises(Conflict, match="nobody has decided nothing here"):
        batches.begin_revert(session, dataset_id, "lea", "key", of="nobody", since=None)
