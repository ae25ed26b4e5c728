import numpy as np
import pytest
from sqlalchemy.orm import Session

from spotting.epochs import Epoch
from spotting.errors import NotFound
from spotting.events import Match
from storage import datasets, runs
from storage.traces import QUANTILES, distances, traces


def add_epoch(session: Session, run_id: int, member: int, number: int, offsets: dict[int, float]) -> None:
    matches = tuple(
        Match(clip=0, event=at, offset=offset, score=0.5) for at, offset in enumerate(offsets.values())
    )
    epoch = Epoch(
        epoch=number,
        loss=1.0,
        parts={},
        learning_rate=0.1,
        frames_per_second=1.0,
        seconds=1.0,
        matches=matches,
    )
    runs.add_epoch(session, run_id, member, epoch, list(offsets))


@pytest.fixture
def run(session: Session, add_dataset):
    dataset_id = add_dataset(session, clips=("one",))
    ids = [label.id for label in datasets.labels(session, dataset_id)]
    run_id = runs.create_run(session, dataset_id, {}, folds=3)
    add_epoch(session, run_id, 0, 1, {ids[0]: 1.0, ids[1]: -1.0})
    add_epoch(session, run_id, 1, 1, {ids[0]: 2.0})
    add_epoch(session, run_id, 0, 2, {ids[1]: -3.0})
    return run_id, ids


def test_a_label_is_traced_through_the_epochs_of_all_members(session: Session, run):
    run_id, ids = run
    found = traces(session, run_id, np.array([ids[1], ids[0], ids[2]]))
    assert found.epochs_E.tolist() == [1, 2]
    np.testing.assert_array_equal(found.offsets_LE, [[-1.0, -3.0], [1.5, np.nan], [np.nan, np.nan]])
    median = found.quantiles_QE[QUANTILES.index(0.5)]
    np.testing.assert_array_equal(median, [1.0, -3.0])


def test_distances_to_a_reference_are_taken_over_the_labels_that_have_one(session: Session, run):
    run_id, ids = run
    assert distances(session, run_id, np.array([ids[0]]), np.array([1.0])) == {1: 0.5}
    both = distances(session, run_id, np.array([ids[2], ids[1]]), np.array([0.0, -2.0]))
    assert both == {1: 1.0, 2: 1.0}
    assert distances(session, run_id, np.array([], int), np.array([])) == {}


def test_a_run_that_has_not_begun_has_no_traces(session: Session, add_dataset):
    run_id = runs.create_run(session, add_dataset(session), {}, folds=2)
    found = traces(session, run_id, np.array([1]))
    assert (found.offsets_LE.shape, found.quantiles_QE.shape) == ((1, 0), (len(QUANTILES), 0))
    with pytest.raises(NotFound, match="no run 99"):
        traces(session, 99, np.array([1]))
