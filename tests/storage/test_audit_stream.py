from collections.abc import Callable
from itertools import count

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict
from storage import audit_stream, datasets, leases, reviews, suggestions
from storage.records import NewDecision
from storage.tables import Standing

KEYS = count()
Add = Callable[..., int]


@pytest.fixture
def dataset_id(session: Session, add_dataset: Add) -> int:
    """400 labels, 60 of them in the stream."""
    return add_dataset(session, clips=("one", "two", "three", "four"), frames=tuple(range(100)))


def stream_of(session: Session, dataset_id: int) -> list[int]:
    query = sa.select(Standing.label_id).where(Standing.dataset_id == dataset_id, Standing.audit.is_not(None))
    return list(session.scalars(query.order_by(Standing.audit)))


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None) -> None:
    new = NewDecision(key=f"a-{next(KEYS)}", label_id=label_id, verdict=verdict, frame=frame, annotator="ann")
    reviews.record(session, new)


def test_the_stream_is_drawn_once_and_spread_over_the_labels(session: Session, dataset_id: int):
    stream = stream_of(session, dataset_id)
    assert len(stream) == 60
    assert stream != sorted(stream)
    clips = [label.clip_id for label in datasets.labels(session, dataset_id) if label.id in stream]
    assert min(np.unique(clips, return_counts=True)[1]) >= 5


def test_a_small_dataset_has_no_stream(session: Session, add_dataset: Add):
    assert stream_of(session, add_dataset(session, clips=("one",), frames=tuple(range(99)))) == []


def test_it_grows_at_random_by_labels_that_nobody_was_led_to(session: Session, dataset_id: int, suggest):
    first = stream_of(session, dataset_id)
    ids = [label.id for label in datasets.labels(session, dataset_id)]
    suggest(session, dataset_id, dict.fromkeys(ids, 1.0))
    others = [label_id for label_id in ids if label_id not in first]
    decide(session, others[0], "keep")
    decide(session, others[1], "skip")
    decide(session, others[2], "keep")
    reviews.undo(session, dataset_id, "ann", "undo")
    leases.take(session, others[3:5], "ben")
    assert audit_stream.drawable(session, dataset_id) == 335
    assert audit_stream.extend(session, dataset_id, 100) == 100
    grown = stream_of(session, dataset_id)
    assert grown[:60] == first
    assert grown[60:] != sorted(grown[60:])
    assert not set(grown) & set(others[:5])
    assert reviews.item(session, grown[-1]).suggestion is None
    queue = reviews.queue(session, dataset_id, name="likely", annotator="ann", limit=1000)
    places = [place for place, item in enumerate(queue) if item.audit]
    assert 60 < sum(place < len(queue) / 2 for place in places) < 100
    assert audit_stream.extend(session, dataset_id, 1000) == 235
    with pytest.raises(Conflict, match="no label is left to draw"):
        audit_stream.extend(session, dataset_id, 1)
    with pytest.raises(BadConfig, match="is to grow by 0 labels"):
        audit_stream.extend(session, dataset_id, 0)


def test_what_was_drawn_later_and_is_undecided_is_taken_out_again(session: Session, dataset_id: int, suggest):
    first = stream_of(session, dataset_id)
    suggest(session, dataset_id, {label.id: 1.0 for label in datasets.labels(session, dataset_id)})
    assert audit_stream.withdraw(session, dataset_id) == 0
    audit_stream.extend(session, dataset_id, 20)
    grown = stream_of(session, dataset_id)
    decide(session, grown[60], "keep")
    decide(session, grown[61], "skip")
    assert audit_stream.withdrawable(session, dataset_id) == 18
    assert audit_stream.withdraw(session, dataset_id) == 18
    assert stream_of(session, dataset_id) == [*first, *grown[60:62]]
    assert reviews.item(session, grown[62]).suggestion is not None


def test_without_a_stream_only_what_was_settled_unsuggested_is_blind(
    session: Session, add_dataset: Add, suggest
):
    dataset_id = add_dataset(session)
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    decide(session, labels[0], "keep")
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    shown = suggestions.for_label(session, labels[1])
    assert shown is not None
    saw = {"annotator": "ann", "suggestion_id": shown.id, "label_id": labels[1]}
    reviews.record(session, NewDecision(key="saw", verdict="accept", **saw))
    decide(session, labels[2], "remove")
    assert audit_stream.judged_blind(session, dataset_id) == {labels[0]}


def test_with_a_stream_only_its_labels_are_blind(session: Session, dataset_id: int):
    first = stream_of(session, dataset_id)[0]
    other = next(one.id for one in datasets.labels(session, dataset_id) if one.id != first)
    decide(session, first, "keep")
    decide(session, other, "keep")
    assert audit_stream.judged_blind(session, dataset_id) == {first}


def test_its_queue_keeps_the_drawn_order_and_its_suggestions_are_withheld_everywhere(
    session: Session, dataset_id: int, suggest
):
    stream = stream_of(session, dataset_id)
    suggest(session, dataset_id, {label.id: 1.0 for label in datasets.labels(session, dataset_id)})
    items = reviews.queue(session, dataset_id, name="audit", annotator="ann", limit=100)
    assert [item.label_id for item in items] == stream
    decide(session, stream[0], "keep")
    assert reviews.queue(session, dataset_id, name="audit", annotator="ann", limit=1)[0].label_id == stream[1]
    for name in ("likely", "clip", "all", "mine"):
        for item in reviews.queue(session, dataset_id, name=name, annotator="ann", limit=1000):
            assert item.audit == (item.label_id in stream)
            assert (item.suggestion is None) == item.audit
    assert reviews.item(session, stream[0]).suggestion is None


def test_a_suggestion_cannot_be_accepted_blind(session: Session, dataset_id: int, suggest):
    first = stream_of(session, dataset_id)[0]
    suggest(session, dataset_id, {first: 1.0})
    shown = suggestions.for_label(session, first)
    assert shown is not None
    new = NewDecision(key="k", label_id=first, verdict="accept", annotator="ann", suggestion_id=shown.id)
    with pytest.raises(Conflict, match="is in the blind audit"):
        reviews.record(session, new)


def test_the_stream_is_mixed_in_evenly_whatever_its_own_suggestions_say(
    session: Session, dataset_id: int, suggest
):
    stream = stream_of(session, dataset_id)
    moves = {label.id: float(i % 10) for i, label in enumerate(datasets.labels(session, dataset_id))}
    suggest(session, dataset_id, moves | dict.fromkeys(stream, 12.0))
    queue = reviews.queue(session, dataset_id, name="likely", annotator="ann", limit=1000)
    places = [place for place, item in enumerate(queue) if item.audit]
    assert len(places) == 60
    for tenth in range(10):
        assert 4 <= sum(40 * tenth <= place < 40 * (tenth + 1) for place in places) <= 8
    others = [moves[item.label_id] for item in queue if not item.audit]
    assert others == sorted(others, reverse=True)


def test_what_was_settled_is_the_sample(session: Session, dataset_id: int, suggest):
    stream = stream_of(session, dataset_id)
    suggest(session, dataset_id, dict.fromkeys(stream[:3], 2.0), confidence=0.8, claimed=0.9)
    suggest(session, dataset_id, {stream[3]: 1.0}, provisional=True)
    tagged = {label.id: label.frame for label in datasets.labels(session, dataset_id)}
    decide(session, stream[0], "set", 50)
    decide(session, stream[1], "remove")
    decide(session, stream[2], "skip")
    decide(session, stream[3], "keep")
    decide(session, next(iter(set(tagged) - set(stream))), "keep")
    found = audit_stream.audited(session, dataset_id)
    assert found.label_ids == (stream[0], stream[1], stream[3])
    np.testing.assert_array_equal(found.tagged_A, [tagged[stream[i]] for i in (0, 1, 3)])
    np.testing.assert_array_equal(found.suggested_A[:2], [tagged[stream[0]] + 2, tagged[stream[1]] + 2])
    np.testing.assert_array_equal(found.decided_A, [50, np.nan, tagged[stream[3]]])
    np.testing.assert_array_equal(found.confidence_A, [0.8, 0.8, np.nan])
    np.testing.assert_array_equal(found.claimed_A, [0.9, 0.9, 0.9])
    assert (audit_stream.progress(session, dataset_id).settled, len(stream)) == (3, 60)


def test_nothing_settled_is_an_empty_sample(session: Session, dataset_id: int):
    found = audit_stream.audited(session, dataset_id)
    assert (found.label_ids, len(found.decided_A)) == ((), 0)
