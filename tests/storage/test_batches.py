from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict, NotFound
from storage import batches, datasets, double, doubts, maintenance, reviews
from storage.batches import Group
from storage.database import Database
from storage.doubts import NewDoubt
from storage.records import NewDecision, ReviewProgress

KEYS = count()
ALL = Group()


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session)


@pytest.fixture
def labels(session: Session, dataset_id: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)]


def key() -> str:
    return f"b-{next(KEYS)}"


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None, **more: str) -> None:
    new = NewDecision(key=key(), label_id=label_id, verdict=verdict, frame=frame, annotator="ann", **more)
    reviews.record(session, new)


def begin(session: Session, dataset_id: int, threshold: float = 0.5, group: Group = ALL) -> int:
    begun = batches.begin_accept(session, dataset_id, "ann", key(), threshold=threshold, group=group, told={})
    return begun.id


def work_off(session: Session, batch_id: int, chunk: int = 2) -> int:
    ids = batches.remaining(session, batch_id)
    done = sum(batches.append(session, batch_id, ids[at : at + chunk]) for at in range(0, len(ids), chunk))
    batches.finish(session, batch_id)
    return done


def undo(session: Session, batch_id: int) -> int:
    undone = batches.begin_undo(session, batch_id, "ann", key()).id
    work_off(session, undone)
    return undone


def moved(session: Session, labels: list[int]) -> list[int | None]:
    return [reviews.item(session, label_id).moved for label_id in labels]


def frames(session: Session, labels: list[int]) -> list[int | None]:
    decisions = [reviews.item(session, label_id).decision for label_id in labels]
    return [decision and decision.frame for decision in decisions]


def test_sure_suggestions_are_accepted_and_taken_back_in_one_step(
    session: Session, dataset_id, labels, suggest
):
    run_id = suggest(session, dataset_id, dict.fromkeys(labels[:3], 2.0), confidence=0.9)
    suggest(session, dataset_id, {labels[3]: 1.0}, confidence=0.4, run_id=run_id)
    batch_id = begin(session, dataset_id)
    assert batches.get_batch(session, batch_id).size == 3
    assert work_off(session, batch_id) == 3
    assert frames(session, labels) == [12, 22, 32, None, None, None]
    assert reviews.progress(session, dataset_id) == ReviewProgress(total=6, decided=3, accepted=3)
    undo(session, batch_id)
    assert frames(session, labels) == [None] * 6
    assert reviews.progress(session, dataset_id) == ReviewProgress(total=6)
    assert len(reviews.history(session, labels[0])) == 2


def test_an_undone_batch_comes_back_when_its_undo_is_undone(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    first = begin(session, dataset_id)
    work_off(session, first)
    second = undo(session, first)
    assert batches.get_batch(session, first).undone
    with pytest.raises(Conflict, match="is undone already"):
        batches.begin_undo(session, first, "ann", key())
    undo(session, second)
    assert not batches.get_batch(session, first).undone
    assert frames(session, labels[:3]) == [11, 21, 31]


def test_what_people_settled_or_flagged_is_left_alone(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    decide(session, labels[0], "keep")
    decide(session, labels[1], "flag")
    decide(session, labels[2], "skip")
    work_off(session, begin(session, dataset_id))
    assert frames(session, labels)[:3] == [10, None, 31]
    assert reviews.progress(session, dataset_id) == ReviewProgress(
        total=6, decided=5, flagged=1, kept=1, accepted=4
    )


def test_labels_of_the_audit_stream_wait_for_a_person(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session, clips=("one", "two"), frames=tuple(range(60)))
    suggest(session, dataset_id, {label.id: 1.0 for label in datasets.labels(session, dataset_id)})
    assert work_off(session, begin(session, dataset_id), chunk=50) == 102
    waiting = reviews.queue(session, dataset_id, name="clip", annotator="ann", limit=100)
    assert len(waiting) == 18
    assert all(item.audit for item in waiting)


def test_provisional_and_refused_suggestions_are_not_accepted(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, {labels[0]: 1.0}, provisional=True)
    suggest(session, dataset_id, {labels[1]: 1.0}, refused=True)
    assert work_off(session, begin(session, dataset_id)) == 0


def test_what_is_settled_while_a_batch_runs_stays_settled(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    batch_id = begin(session, dataset_id)
    ids = batches.remaining(session, batch_id)
    assert batches.append(session, batch_id, ids[:2]) == 2
    decide(session, labels[2], "set", 50)
    assert batches.append(session, batch_id, ids[:2]) == 0
    assert batches.append(session, batch_id, ids[2:]) == 3
    assert frames(session, labels) == [11, 21, 50, 11, 21, 31]
    assert batches.remaining(session, batch_id) == []


def test_a_later_decision_survives_the_undo_of_the_batch(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    batch_id = begin(session, dataset_id)
    work_off(session, batch_id)
    decide(session, labels[0], "set", 50)
    undo(session, batch_id)
    assert frames(session, labels)[:2] == [50, None]


def test_a_persons_undo_passes_over_batches(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels[1:], 1.0))
    decide(session, labels[0], "keep")
    work_off(session, begin(session, dataset_id))
    assert reviews.undo(session, dataset_id, "ann", key()) == labels[0]
    assert reviews.undo(session, dataset_id, "ann", key()) is None
    assert frames(session, labels)[1:3] == [21, 31]


def test_a_group_is_moved_within_its_clips(session: Session, add_dataset):
    dataset_id = add_dataset(session, frames=(1, 20, 99))
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    back = batches.begin_move(session, dataset_id, "ann", key(), by=-2, group=Group(label="hit"))
    assert work_off(session, back.id) == 4
    assert moved(session, labels) == [0, None, 97, 0, None, 97]
    on = batches.begin_move(
        session, dataset_id, "ann", key(), by=3, group=Group(label="bounce", source="two")
    )
    work_off(session, on.id)
    assert moved(session, labels) == [0, None, 97, 0, 23, 97]
    assert frames(session, labels) == [None] * 6
    assert [batch.params["group"] for batch in batches.list_batches(session, dataset_id)] == [
        {"label": "bounce", "source": "two"},
        {"label": "hit"},
    ]


def test_a_move_takes_all_that_nobody_settled_and_settles_none(session: Session, dataset_id, labels, suggest):
    decide(session, labels[0], "keep")
    decide(session, labels[1], "flag")
    decide(session, labels[2], "skip")
    double.plan(session, dataset_id, share=1.0, tolerance=1)
    doubts.put(session, dataset_id, "rules", [NewDoubt(kind="order", reason="too early", label_id=labels[3])])
    before = reviews.progress(session, dataset_id)
    assert batches.movable(session, dataset_id, ALL) == 5
    moving = batches.begin_move(session, dataset_id, "ann", key(), by=2, group=ALL)
    assert work_off(session, moving.id) == 5
    assert moved(session, labels) == [None, 22, 32, 12, 22, 32]
    assert reviews.progress(session, dataset_id) == replace(before, moved=5)
    assert batches.movable(session, dataset_id, ALL) == 0
    assert doubts.counts(session, dataset_id)["order"] == 1
    decide(session, labels[4], "relabel", label="bounce")
    assert frames(session, labels)[4] == 22
    undo(session, moving.id)
    assert moved(session, labels) == [None] * 6
    assert reviews.progress(session, dataset_id) == replace(before, set=1, decided=2)


def test_the_same_key_is_the_same_batch(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    wanted = {"threshold": 0.5, "group": ALL, "told": {}}
    first = batches.begin_accept(session, dataset_id, "ann", "k", **wanted)
    assert batches.begin_accept(session, dataset_id, "ann", "k", **wanted) == first
    with pytest.raises(Conflict, match="key k was used for another batch"):
        batches.begin_move(session, dataset_id, "ann", "k", by=1, group=ALL)


def test_what_cannot_be_is_refused(session: Session, dataset_id):
    with pytest.raises(BadConfig, match=r"is 1.5: must lie between 0 and 1"):
        begin(session, dataset_id, threshold=1.5)
    with pytest.raises(BadConfig, match="a move by 0 frames"):
        batches.begin_move(session, dataset_id, "ann", key(), by=0, group=ALL)
    with pytest.raises(NotFound, match="there is no batch 9"):
        batches.begin_undo(session, 9, "ann", key())
    with pytest.raises(NotFound, match="there is no dataset 9"):
        begin(session, 9)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(["keep", "set", "skip", "flag", "undo", "accept", "move", "take back", "bring back"])
    )
)
def test_whatever_is_done_the_standings_are_the_fold_of_the_log(
    database: Database, add_dataset, suggest, tmp_path: Path, steps: list[str]
):
    with database.writing() as session:
        dataset_id = add_dataset(session, name=key())
        labels = [label.id for label in datasets.labels(session, dataset_id)]
        suggest(session, dataset_id, dict.fromkeys(labels[::2], 1.0))
        begun: list[int] = []
        for at, step in enumerate(steps):
            if step == "undo":
                reviews.undo(session, dataset_id, "ann", key())
            elif step == "accept":
                begun.append(begin(session, dataset_id))
                work_off(session, begun[-1])
            elif step == "move":
                begun.append(batches.begin_move(session, dataset_id, "ann", key(), by=1, group=ALL).id)
                work_off(session, begun[-1])
            elif step in ("take back", "bring back"):
                open_ones = [id for id in begun if not batches.get_batch(session, id).undone]
                if open_ones:
                    begun.append(undo(session, open_ones[-1 if step == "take back" else 0]))
            else:
                decide(session, labels[at % 6], step, 50 if step == "set" else None)
        assert [found for found in maintenance.check(session, tmp_path) if "index" not in found] == []
