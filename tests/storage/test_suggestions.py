import numpy as np
import pytest
from sqlalchemy.orm import Session

from spotting.errors import NotFound
from storage import datasets, suggestions


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session)


@pytest.fixture
def label_id(session: Session, dataset_id: int) -> int:
    return datasets.labels(session, dataset_id)[0].id


def test_a_suggestion_comes_back_as_it_went_in(session: Session, dataset_id, label_id, suggest):
    run_id = suggest(session, dataset_id, {label_id: 2.5}, confidence=0.75)
    found = suggestions.for_label(session, label_id)
    assert found is not None
    assert (found.run_id, found.label_id, found.epoch, found.provisional) == (run_id, label_id, 3, False)
    assert (found.frame, found.offset, found.confidence, found.matched_offset) == (12, 2.5, 0.75, 1.25)
    assert found.reasons == ("a clear peak",)
    assert found.first_shift == -4
    assert (found.better, found.expected_error) == (0.75, 0.25)
    assert (found.stability, found.disagreement) == (None, None)
    assert (found.posterior_S[14], found.posterior_S[12], found.posterior_S.sum()) == (0.75, 0.25, 1)
    np.testing.assert_array_equal(found.scores_S, [np.nan, *np.linspace(0, 1, 9, dtype=np.float32)[1:]])


def test_the_newest_suggestion_is_shown(session: Session, dataset_id, label_id, suggest):
    run_id = suggest(session, dataset_id, {label_id: 2.0}, provisional=True)
    suggest(session, dataset_id, {label_id: 3.0}, provisional=True, run_id=run_id)
    assert suggestions.for_label(session, label_id).offset == 3.0
    suggest(session, dataset_id, {label_id: 4.0}, run_id=run_id)
    suggest(session, dataset_id, {label_id: 5.0})
    assert suggestions.for_label(session, label_id).offset == 5.0


def test_a_provisional_suggestion_never_takes_the_place_of_a_final_one(
    session: Session, dataset_id, label_id, suggest
):
    suggest(session, dataset_id, {label_id: 2.0})
    other = datasets.labels(session, dataset_id)[1].id
    suggest(session, dataset_id, {label_id: 9.0, other: 1.0}, provisional=True)
    assert suggestions.for_label(session, label_id).offset == 2.0
    assert suggestions.for_label(session, other).offset == 1.0


def test_what_is_not_there_is_named(session: Session, dataset_id, label_id):
    assert suggestions.for_label(session, label_id) is None
    with pytest.raises(NotFound, match="there is no label 99"):
        suggestions.for_label(session, 99)
    with pytest.raises(NotFound, match="there is no run 99"):
        suggestions.put(session, 99, [], provisional=False, epoch=1)
