import numpy as np
import pytest
from sqlalchemy.orm import Session

from spotting.epochs import Epoch
from spotting.errors import NotFound
from spotting.events import Match
from storage import datasets, jobs, runs


def epoch(number: int, offsets: list[float]) -> Epoch:
    return Epoch(
        epoch=number,
        loss=1 / number,
        parts={"class": 0.5, "time": 0.25},
        learning_rate=1e-3,
        frames_per_second=1130.0,
        seconds=12.5,
        matches=tuple(Match(clip=0, event=i, offset=offset, score=0.5) for i, offset in enumerate(offsets)),
    )


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session, truth=True)


@pytest.fixture
def run_id(session: Session, dataset_id: int) -> int:
    return runs.create_run(session, dataset_id, {"preset": "small", "epochs": 30}, folds=2)


def ids(session: Session, dataset_id: int, number: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)][:number]


def test_a_run_comes_back_as_it_went_in(session: Session, dataset_id, run_id):
    run = runs.get_run(session, run_id)
    assert (run.dataset_id, run.config, run.folds) == (dataset_id, {"preset": "small", "epochs": 30}, 2)
    assert (run.state, run.error) == ("queued", None)
    newer = runs.create_run(session, dataset_id, {}, folds=1)
    assert [run.id for run in runs.list_runs(session, dataset_id)] == [newer, run_id]
    with pytest.raises(NotFound, match="there is no dataset 99"):
        runs.create_run(session, 99, {}, folds=2)
    with pytest.raises(NotFound, match="there is no run 99"):
        runs.get_run(session, 99)


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([], "queued"),
        (["queued", "queued"], "queued"),
        (["running", "queued"], "running"),
        (["done", "queued"], "running"),
        (["done", "running"], "running"),
        (["done", "stopped"], "stopped"),
        (["stopped", "queued"], "stopped"),
        (["done", "failed"], "failed"),
        (["done", "done"], "done"),
    ],
)
def test_a_runs_state_is_the_fold_of_its_jobs(states, state):
    assert runs.fold_states(states) == state


def test_a_run_tells_the_error_of_its_failed_job(session: Session, run_id):
    for fold in range(2):
        jobs.enqueue(session, "member", {"run_id": run_id, "fold": fold})
    job = jobs.claim(session, "w1")
    assert job is not None
    jobs.fail(session, job, "out of memory")
    assert (runs.get_run(session, run_id).state, runs.get_run(session, run_id).error) == (
        "failed",
        "out of memory",
    )


def test_an_epoch_keeps_its_numbers_and_its_matches(session: Session, dataset_id, run_id):
    labels = ids(session, dataset_id, 3)
    runs.add_epoch(session, run_id, 1, epoch(4, [1.0, -2.0, 0.5]), labels)
    (stored,) = runs.epochs(session, run_id)
    assert (stored.member, stored.epoch, stored.metrics["loss"], stored.metrics["parts"]["time"]) == (
        1,
        4,
        0.25,
        0.25,
    )
    matches = runs.matches(session, stored.id)
    np.testing.assert_array_equal(matches.label_ids_G, labels)
    np.testing.assert_array_equal(matches.offsets_G, np.array([1.0, -2.0, 0.5], dtype=np.float32))
    np.testing.assert_array_equal(matches.scores_G, np.full(3, 0.5, dtype=np.float32))


def test_the_last_epochs_of_every_member_stand_member_by_member(session: Session, dataset_id, run_id):
    (label,) = ids(session, dataset_id, 1)
    for member, number in ((1, 1), (0, 1), (1, 2), (0, 2), (0, 3)):
        runs.add_epoch(session, run_id, member, epoch(number, [10.0 * member + number]), [label])
    found = runs.late_matches(session, run_id, 2)
    assert [[float(each.offsets_G[0]) for each in epochs] for epochs in found] == [[2, 3], [11, 12]]


def test_matched_offsets_are_against_the_tag_and_the_truth(session: Session, dataset_id, run_id):
    runs.add_epoch(session, run_id, 0, epoch(1, [1.0, -2.0]), ids(session, dataset_id, 2))
    (stored,) = runs.epochs(session, run_id)
    assert stored.matched_tagged == pytest.approx(1.5)
    assert stored.matched_true == pytest.approx((0.25 + 3.25) / 2)


def test_without_truth_there_is_no_offset_from_it(session: Session, add_dataset):
    dataset_id = add_dataset(session, name="no truth")
    run_id = runs.create_run(session, dataset_id, {}, folds=2)
    runs.add_epoch(session, run_id, 0, epoch(1, [1.0]), ids(session, dataset_id, 1))
    runs.add_epoch(session, run_id, 0, epoch(2, []), [])
    first, second = runs.epochs(session, run_id)
    assert (first.matched_tagged, first.matched_true) == (1.0, None)
    assert (second.matched_tagged, second.matched_true) == (None, None)


def test_only_what_came_after_is_asked_for_and_a_repeated_epoch_replaces_itself(
    session: Session, dataset_id, run_id
):
    labels = ids(session, dataset_id, 1)
    for number in (1, 2):
        runs.add_epoch(session, run_id, 0, epoch(number, [2.0]), labels)
    seen = runs.epochs(session, run_id)[-1].id
    assert runs.epochs(session, run_id, seen) == []
    runs.add_epoch(session, run_id, 0, epoch(2, [1.0]), labels)
    (again,) = runs.epochs(session, run_id, seen)
    assert (again.epoch, again.matched_tagged) == (2, 1.0)
    assert len(runs.epochs(session, run_id)) == 2


def test_matches_and_label_ids_must_pair(session: Session, run_id):
    with pytest.raises(ValueError, match="0 label ids for 1 matches"):
        runs.add_epoch(session, run_id, 0, epoch(1, [1.0]), [])
    with pytest.raises(NotFound, match="there is no epoch 5"):
        runs.matches(session, 5)
