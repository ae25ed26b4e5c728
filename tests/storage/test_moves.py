import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import datasets, reviews
from storage.moves import curves, moves, suggested_runs
from storage.records import NewDecision
from storage.tables import Standing


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None) -> None:
    new = NewDecision(key=f"{label_id}", label_id=label_id, verdict=verdict, frame=frame, annotator="ann")
    reviews.record(session, new)


def test_every_label_has_its_frames_side_by_side(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session, clips=("one",), truth=True)
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    suggest(session, dataset_id, {labels[0]: 2.0, labels[1]: -1.4})
    decide(session, labels[0], "set", 13)
    decide(session, labels[2], "remove")
    session.execute(sa.update(Standing).where(Standing.label_id == labels[1]).values(audit=1))
    found = moves(session, dataset_id)
    assert found.ids_L.tolist() == labels
    assert found.labels_L.tolist() == ["hit", "bounce", "hit"]
    assert found.sources_L.tolist() == ["one"] * 3
    assert found.annotators_L.tolist() == ["ann", "", "ann"]
    np.testing.assert_array_equal(found.tagged_L, [10, 20, 30])
    np.testing.assert_array_equal(found.suggested_L, [12, 19, np.nan])
    np.testing.assert_array_equal(found.decided_L, [13, np.nan, np.nan])
    np.testing.assert_array_equal(found.true_L, [11.25, 21.25, 31.25])
    np.testing.assert_allclose(found.offsets_L, [2.0, -1.4, np.nan])
    assert found.audit_L.tolist() == [False, True, False]
    assert found.where(found.labels_L == "bounce").ids_L.tolist() == [labels[1]]
    assert found.where(np.array([2, 0])).ids_L.tolist() == [labels[2], labels[0]]


def test_a_run_tells_its_own_last_suggestions(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session, clips=("one",), frames=(10, 20))
    first, second = (label.id for label in datasets.labels(session, dataset_id))
    old = suggest(session, dataset_id, {first: 1.0, second: 1.0})
    new = suggest(session, dataset_id, {first: 3.0})
    suggest(session, dataset_id, {first: 4.0}, run_id=new)
    np.testing.assert_array_equal(moves(session, dataset_id).offsets_L, [4.0, 1.0])
    np.testing.assert_array_equal(moves(session, dataset_id, old).offsets_L, [1.0, 1.0])
    np.testing.assert_array_equal(moves(session, dataset_id, new).offsets_L, [4.0, np.nan])
    assert suggested_runs(session, dataset_id) == [new, old]
    assert curves(session, dataset_id, new).ids_G.tolist() == [first]
    scores = curves(session, dataset_id).scores_GS
    assert scores.shape == (2, 9)
    np.testing.assert_allclose(scores[:, 1:], np.tile(np.linspace(0, 1, 9)[1:], (2, 1)), rtol=1e-6)


def test_labels_without_suggestions_have_no_curves(session: Session, add_dataset):
    dataset_id = add_dataset(session)
    assert np.isnan(moves(session, dataset_id).suggested_L).all()
    assert curves(session, dataset_id).scores_GS.size == 0
    assert len(moves(session, 99)) == 0
    assert moves(session, 99).labels_L.dtype.kind == "U"
