"""What is asked often, or of very many labels, reads by index and sorts nothing of the size of a dataset."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from storage import (
    audit_stream,
    batches,
    browsing,
    datasets,
    exports,
    label_files,
    moves,
    offsets,
    queue_counts,
    reviews,
    standings,
    trail,
    verdicts,
)
from storage.batches import Group
from storage.offsets import Part
from storage.records import NewDecision
from tests.storage.conftest import PlansOf

Asks = Callable[[Session, int], object]
ASKED: dict[str, Asks] = {
    "a label of the review": lambda session, _: reviews.item(session, 1),
    "the history of a label": lambda session, _: reviews.history(session, 1),
    "a decision": lambda session, _: decide(session),
    "an undo": lambda session, dataset_id: reviews.undo(session, dataset_id, "ann", "undone"),
    "how many wait in the queues": lambda session, dataset_id: queue_counts.counts(
        session, dataset_id, "ann"
    ),
    "a page of clips": lambda session, dataset_id: browsing.browse(session, dataset_id, after=0),
    "clips that are searched": lambda session, dataset_id: browsing.browse(session, dataset_id, search="hit"),
    "labels in file order": datasets.labels,
    "a histogram": lambda session, dataset_id: counted(session, dataset_id, "class"),
    "a histogram of people": lambda session, dataset_id: counted(session, dataset_id, "annotator"),
    "a histogram of videos": lambda session, dataset_id: counted(session, dataset_id, "video"),
    "the moves of all labels": moves.moves,
    "the verdicts of all people": verdicts.verdicts,
    "what people settled": standings.settled_by_people,
    "what people settled blind": audit_stream.judged_blind,
    "what is left to draw into the audit": audit_stream.drawable,
    "what a move would move": lambda session, dataset_id: batches.movable(
        session, dataset_id, Group(label="hit")
    ),
    "the label file": lambda session, dataset_id: list(label_files.corrected_clips(session, dataset_id)),
    "the audit": lambda session, dataset_id: list(exports.audit_rows(session, dataset_id)),
    "the trail": lambda session, dataset_id: list(trail.rows(session, dataset_id)),
}
STREAMED = ("the label file", "the audit", "the trail", "the moves of all labels")
"""Read piece by piece: sorting would hold all of it first."""


def decide(session: Session) -> None:
    reviews.record(session, NewDecision(key="decided", label_id=2, verdict="keep", annotator="ann"))


def counted(session: Session, dataset_id: int, by: offsets.By) -> object:
    return list(offsets.counts(session, dataset_id, stage="suggested", by=by, part=Part()))


@pytest.mark.parametrize("what", ASKED)
def test_no_table_is_read_whole(session: Session, add_dataset, suggest, plans_of: PlansOf, what: str):
    dataset_id = add_dataset(session)
    suggest(session, dataset_id, {label.id: 1.0 for label in datasets.labels(session, dataset_id)})
    reviews.record(session, NewDecision(key="first", label_id=1, verdict="keep", annotator="ann"))
    plans = plans_of(lambda: ASKED[what](session, dataset_id))
    assert plans
    assert [step for step in plans if step.startswith("SCAN") and "USING" not in step] == []
    if what in STREAMED:
        assert [step for step in plans if "TEMP B-TREE" in step] == []
