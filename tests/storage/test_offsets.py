import numpy as np
from sqlalchemy.orm import Session

from storage import datasets, offsets, reviews
from storage.records import NewDecision


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None) -> None:
    new = NewDecision(key=f"{label_id}", label_id=label_id, verdict=verdict, frame=frame, annotator="ann")
    reviews.record(session, new)


def test_residuals_are_signed_errors_against_the_truth(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session, clips=("one",), truth=True)
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    suggest(session, dataset_id, {labels[0]: 1.0, labels[1]: 3.0})
    decide(session, labels[1], "set", 21)
    decide(session, labels[2], "remove")
    found = offsets.residuals(session, dataset_id)
    assert found is not None
    assert found.labels == ("hit", "bounce", "hit")
    np.testing.assert_array_equal(found.tagged_L, [-1.25, -1.25, -1.25])
    np.testing.assert_array_equal(found.suggested_L, [-0.25, 1.75, np.nan])
    np.testing.assert_array_equal(found.final_L, [-1.25, -0.25, np.nan])


def test_without_truth_there_are_no_residuals(session: Session, add_dataset):
    dataset_id = add_dataset(session)
    assert offsets.residuals(session, dataset_id) is None
