"""The trace of a label's matches over the epochs, and how far a class is usually off."""

import pytest
from sqlalchemy.orm import Session

from spotting.epochs import Epoch
from spotting.events import Match
from storage import background, datasets, reviews, runs
from storage.records import NewDecision


def epoch(number: int, offset: float) -> Epoch:
    return Epoch(
        epoch=number,
        loss=1.0,
        parts={},
        learning_rate=1e-3,
        frames_per_second=1.0,
        seconds=1.0,
        matches=(Match(clip=0, event=0, offset=offset, score=0.5),),
    )


def test_a_trace_is_the_mean_over_the_members_and_tells_how_steady_it_is(session: Session, add_dataset):
    dataset_id = add_dataset(session)
    first, second = [label.id for label in datasets.labels(session, dataset_id)][:2]
    run_id = runs.create_run(session, dataset_id, {}, folds=2)
    for number, offset in enumerate([0.0, 2.5, 2.0], 1):
        runs.add_epoch(session, run_id, 0, epoch(number, offset), [first])
    runs.add_epoch(session, run_id, 1, epoch(3, 3.0), [first])
    found = background.trace(session, first, run_id)
    assert found == background.Trace(run_id, (1, 2, 3), (0.0, 2.5, 2.5), near=2, of=3)
    assert background.trace(session, second, run_id) is None


def test_a_norm_is_over_what_was_settled_by_everybody_or_by_one(session: Session, add_dataset):
    dataset_id = add_dataset(session)
    labels = datasets.labels(session, dataset_id)
    named = [label for label in labels if label.label == labels[0].label][:2]
    assert background.norm(session, dataset_id, labels[0].label) is None
    for label, shift, annotator in zip(named, (1, -2), ("anna", "lena"), strict=True):
        new = NewDecision(
            key=annotator, label_id=label.id, verdict="set", frame=label.frame + shift, annotator=annotator
        )
        reviews.record(session, new)
    found = background.norm(session, dataset_id, labels[0].label)
    assert found is not None
    assert (found.mean, found.sd, found.count) == (-0.5, pytest.approx(1.5), 2)
    assert background.norm(session, dataset_id, labels[0].label, "lena") == background.Norm(-2.0, 0.0, 1)
