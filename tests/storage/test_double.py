"""Two people settle the same labels unseen; where they differ a third look decides."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from spotting.agreement import within
from spotting.errors import BadConfig
from storage import batches, browsing, datasets, double, queues, reviews
from storage.batches import Group
from storage.maintenance import check
from storage.records import NewDecision
from storage.verdicts import differences, verdicts

keys = count()
Decide = Callable[..., int]


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session, frames=(10, 20, 30, 40, 50))


@pytest.fixture
def drawn(session: Session, dataset_id: int) -> list[int]:
    """All ten labels, drawn for two people."""
    double.plan(session, dataset_id, share=1.0, tolerance=2)
    return [label.id for label in datasets.labels(session, dataset_id)]


@pytest.fixture
def decide(session: Session) -> Decide:
    def made(label_id: int, annotator: str, verdict: str = "set", frame: int | None = None, **more) -> int:
        new = NewDecision(
            key=f"k{next(keys)}", label_id=label_id, verdict=verdict, annotator=annotator, frame=frame, **more
        )
        return reviews.record(session, new).id

    return made


def queue(session: Session, dataset_id: int, name: str, annotator: str) -> list[int]:
    return [one.label_id for one in queues.queue(session, dataset_id, name=name, annotator=annotator)]


def test_the_share_is_drawn_among_labels_that_nobody_decided_and_can_be_changed(
    session: Session, dataset_id: int, decide: Decide
):
    first = datasets.labels(session, dataset_id)[0].id
    decide(first, "ann", "keep")
    assert double.plan(session, dataset_id, share=0.5, tolerance=1).labels == 5
    assert double.plan(session, dataset_id, share=1.0, tolerance=1).labels == 9
    assert double.plan(session, dataset_id, share=0.2, tolerance=3).labels == 2
    told = double.plan(session, dataset_id, share=0.0, tolerance=3)
    assert (told.share, told.tolerance, told.labels) == (0.0, 3, 0)
    decide(first, "ben", "keep")
    assert queue(session, dataset_id, "second", "cy") == []
    with pytest.raises(BadConfig, match="must lie between 0 and 1"):
        double.plan(session, dataset_id, share=1.1, tolerance=1)
    with pytest.raises(BadConfig, match="must lie between 0 and 1000"):
        double.plan(session, dataset_id, share=1.0, tolerance=-1)


def test_what_was_begun_stays_drawn(session: Session, dataset_id: int, drawn: list[int], decide: Decide):
    decide(drawn[3], "ann", "keep")
    assert double.plan(session, dataset_id, share=0.0, tolerance=1).labels == 1
    assert queue(session, dataset_id, "second", "ben") == [drawn[3]]


def test_a_second_person_decides_without_seeing_the_first_ones_decision(
    session: Session, dataset_id: int, drawn: list[int], decide: Decide
):
    decide(drawn[0], "ann", frame=14)
    assert drawn[0] not in queue(session, dataset_id, "clip", "ben")
    assert queue(session, dataset_id, "second", "ann") == []
    (shown,) = queues.queue(session, dataset_id, name="second", annotator="ben")
    assert (shown.label_id, shown.decision, shown.opinions) == (drawn[0], None, ())
    assert queues.item(session, drawn[0], "ben").decision is None
    mine = queues.item(session, drawn[0], "ann").decision
    assert mine is not None
    assert mine.frame == 14
    (placed, *_) = browsing.browse(session, dataset_id).clips[0].labels
    assert (placed.frame, placed.verdict) == (10, "")
    decide(drawn[0], "ben", frame=15, seen=0)
    assert queue(session, dataset_id, "second", "cy") == []
    assert double.progress(session, dataset_id).twice == 1


def test_where_two_differ_beyond_the_tolerance_both_are_shown_and_an_adjudication_settles_it(
    session: Session, dataset_id: int, drawn: list[int], decide: Decide, tmp_path: Path
):
    for at, (ann, ben) in enumerate([(14, 16), (20, 25), (31, None)]):
        decide(drawn[at], "ann", frame=ann)
        decide(drawn[at], "ben", "set" if ben else "remove", ben)
    assert queue(session, dataset_id, "apart", "lea") == drawn[1:3]
    (five, other) = double.disagreements(session, dataset_id)
    assert (five.label_id, five.frame, five.apart, other.apart) == (drawn[1], 20, 5, None)
    assert [(one.annotator, one.frame) for one in five.opinions] == [("ann", 20), ("ben", 25)]
    (shown, _) = queues.queue(session, dataset_id, name="apart", annotator="lea")
    assert shown.opinions == five.opinions
    decide(drawn[1], "lea", frame=22, adjudicates=True)
    assert queue(session, dataset_id, "apart", "lea") == [drawn[2]]
    held = queues.item(session, drawn[1]).decision
    assert held is not None
    assert (held.frame, held.adjudicates) == (22, True)
    reviews.undo(session, dataset_id, "lea", "undo it")
    assert queue(session, dataset_id, "apart", "lea") == drawn[1:3]
    assert [words for words in check(session, tmp_path) if "video" not in words] == []


def test_another_class_is_a_disagreement_too(
    session: Session, dataset_id: int, drawn: list[int], decide: Decide
):
    decide(drawn[0], "ann", "relabel", 10, label="bounce")
    decide(drawn[0], "ben", "keep")
    assert queue(session, dataset_id, "apart", "lea") == [drawn[0]]


def test_an_undo_gives_the_label_back_to_a_second_person(
    session: Session, dataset_id: int, drawn: list[int], decide: Decide
):
    decide(drawn[0], "ann", frame=11)
    decide(drawn[0], "ben", frame=19)
    reviews.undo(session, dataset_id, "ben", "undo")
    assert queue(session, dataset_id, "apart", "lea") == []
    assert queue(session, dataset_id, "second", "ben") == [drawn[0]]
    assert queue(session, dataset_id, "second", "ann") == []


def test_bulk_decisions_leave_drawn_labels_alone(
    session: Session, dataset_id: int, drawn: list[int], suggest
):
    suggest(session, dataset_id, dict.fromkeys(drawn, 1.0))
    assert batches.acceptable(session, dataset_id, 0.5, Group()) == 0


def test_agreement_is_that_of_the_unseen_decisions_alone(
    session: Session, dataset_id: int, drawn: list[int], decide: Decide
):
    for at, (ann, ben) in enumerate([(10, 11), (20, 20), (30, 38)]):
        decide(drawn[at], "ann", frame=ann)
        decide(drawn[at], "ben", frame=ben)
    decide(drawn[2], "ben", frame=30, adjudicates=True)
    found = verdicts(session, dataset_id)
    both, apart = differences(found["ann"], found["ben"])
    assert both.tolist() == drawn[:3]
    np.testing.assert_array_equal(apart, [1, 0, 8])
    assert within(apart, (1,))[0].share == pytest.approx(2 / 3)
