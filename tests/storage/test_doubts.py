from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, NotFound
from storage import batches, datasets, doubts, exports, label_files, maintenance, reviews
from storage.batches import Group
from storage.doubts import NewDoubt
from storage.formats.table import find_format
from storage.records import NewDecision, ReviewItem, ReviewProgress

KEYS = count()
Queue = Callable[[str], list[ReviewItem]]


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session)


@pytest.fixture
def labels(session: Session, dataset_id: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)]


@pytest.fixture
def clip_id(session: Session, dataset_id: int) -> int:
    return datasets.clips(session, dataset_id)[0].id


@pytest.fixture
def queue(session: Session, dataset_id: int) -> Queue:
    return lambda name: reviews.queue(session, dataset_id, name=name, annotator="ann", limit=50)  # pyright: ignore


def key() -> str:
    return f"d-{next(KEYS)}"


def decide(
    session: Session, label_id: int, verdict: str, frame: int | None = None, label: str | None = None
) -> None:
    new = {"key": key(), "verdict": verdict, "annotator": "ann", "frame": frame, "label": label}
    reviews.record(session, NewDecision(label_id=label_id, **new))


def exported(session: Session, dataset_id: int) -> list[tuple[str, int]]:
    clip = next(label_files.corrected_clips(session, dataset_id))
    return [(label.label, label.frame) for label in clip.labels]


def written(session: Session, dataset_id: int) -> str:
    """The label file as it would be exported in Spot JSON."""
    (part,) = label_files.write(session, dataset_id, find_format("spot"))
    return "".join(map(str, part.text))


def missing(clip_id: int, frame: int, label: str = "hit") -> NewDoubt:
    return NewDoubt(
        kind="missing", reason="a clear peak", weight=0.7, clip_id=clip_id, frame=frame, label=label
    )


def test_a_doubted_label_is_in_the_queue_of_its_kind_until_a_person_settles_it(
    session: Session, dataset_id, labels, queue: Queue
):
    found = [
        NewDoubt(kind="order", reason="hit never follows hit", label_id=labels[1], other_id=labels[0]),
        NewDoubt(kind="duplicate", reason="stands there already", label_id=labels[2]),
    ]
    doubts.put(session, dataset_id, "rules", found)
    (item,) = queue("order")
    assert (item.label_id, item.doubts[0].reason, item.doubts[0].other_id) == (
        labels[1],
        "hit never follows hit",
        labels[0],
    )
    assert doubts.counts(session, dataset_id)["order"] == 1
    decide(session, labels[1], "remove")
    assert queue("order") == []
    assert [item.label_id for item in queue("duplicate")] == [labels[2]]
    reviews.undo(session, dataset_id, "ann", key())
    assert len(queue("order")) == 1


def test_the_most_probable_comes_first_page_by_page_and_what_was_skipped_last(
    session: Session, dataset_id, labels
):
    told = [(0, 0.3), (1, 0.9), (2, 0.1), (2, 0.7), (3, 0.7), (4, 1 / 3)]
    found = [
        NewDoubt(
            kind="duplicate", reason="r", label_id=labels[at], other_id=labels[at - place], weight=weight
        )
        for place, (at, weight) in enumerate(told, 1)
    ]
    doubts.put(session, dataset_id, "run", found)
    skip = NewDecision(key="skip", label_id=labels[1], verdict="skip", annotator="ann")
    seen: list[int] = []
    after: str | None = None
    while len(seen) < 5:
        page = reviews.queue(session, dataset_id, name="duplicate", annotator="ann", after=after, limit=2)
        seen += [item.label_id for item in page]
        after = page[-1].cursor
    assert seen == [labels[at] for at in (1, 2, 3, 4, 0)]
    assert reviews.queue(session, dataset_id, name="duplicate", annotator="ann", after=after) == []
    reviews.record(session, skip)
    again = reviews.queue(session, dataset_id, name="duplicate", annotator="ann", limit=9)
    assert [item.label_id for item in again] == [labels[at] for at in (2, 3, 4, 0, 1)]


def test_what_was_dismissed_does_not_come_back_with_the_next_check(
    session: Session, dataset_id, labels, queue: Queue
):
    found = [NewDoubt(kind="order", reason="odd", label_id=label_id) for label_id in labels[:2]]
    doubts.put(session, dataset_id, "rules", found)
    decide(session, labels[0], "keep")
    doubts.put(session, dataset_id, "rules", found)
    assert [item.label_id for item in queue("order")] == [labels[1]]
    doubts.put(session, dataset_id, "run", [NewDoubt(kind="spurious", reason="no peak", label_id=labels[0])])
    assert [item.label_id for item in queue("spurious")] == [labels[0]], "raised after it was settled"
    doubts.put(session, dataset_id, "rules", [])
    assert queue("order") == []
    assert len(queue("spurious")) == 1


def test_doubted_labels_are_not_accepted_in_bulk(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, dict.fromkeys(labels, 1.0))
    doubts.put(session, dataset_id, "rules", [NewDoubt(kind="order", reason="odd", label_id=labels[0])])
    assert batches.acceptable(session, dataset_id, 0.5, Group()) == 5
    decide(session, labels[0], "keep")
    reviews.undo(session, dataset_id, "ann", key())
    assert batches.acceptable(session, dataset_id, 0.5, Group()) == 5


def test_a_missing_event_is_added_or_dismissed_and_both_can_be_undone(
    session: Session, dataset_id, labels, clip_id, queue: Queue, tmp_path: Path
):
    doubts.put(session, dataset_id, "run", [missing(clip_id, 50), missing(clip_id, 70, "bounce")])
    first, second = queue("missing")
    assert (first.label, first.frame, first.proposed, first.suggestion) == ("hit", 50, True, None)
    before = exported(session, dataset_id)
    assert len(before) == 3
    decide(session, first.label_id, "set", 51)
    decide(session, second.label_id, "remove")
    assert exported(session, dataset_id) == [*before, ("hit", 51)]
    assert queue("missing") == []
    assert written(session, dataset_id).count('"original_frame": null') == 1
    assert reviews.progress(session, dataset_id) == ReviewProgress(total=6)
    assert len(list(exports.audit_rows(session, dataset_id))) == 8
    for _ in range(2):
        reviews.undo(session, dataset_id, "ann", key())
    assert exported(session, dataset_id) == before
    assert len(queue("missing")) == 2
    assert len(datasets.labels(session, dataset_id)) == 6
    assert len(queue("clip")) == len(queue("all")) == 6
    told = maintenance.check(session, tmp_path)
    assert [words for words in told if "index" not in words] == []


def test_proposals_that_nobody_decided_about_go_with_their_doubt(
    session: Session, dataset_id, clip_id, queue: Queue
):
    doubts.put(session, dataset_id, "run", [missing(clip_id, 50), missing(clip_id, 70)])
    first, _ = queue("missing")
    decide(session, first.label_id, "remove")
    doubts.put(session, dataset_id, "run", [missing(clip_id, 52), missing(clip_id, 90)])
    assert [item.frame for item in queue("missing")] == [90], (
        "the dismissed one, two frames off, stays dismissed"
    )
    doubts.put(session, dataset_id, "run", [])
    assert queue("missing") == []
    assert reviews.item(session, first.label_id).decision is not None
    with pytest.raises(ValueError, match="needs a clip, a frame and a class"):
        doubts.put(session, dataset_id, "run", [NewDoubt(kind="missing", reason="")])


def test_a_label_is_given_another_class_and_keeps_it_when_its_frame_is_set(
    session: Session, dataset_id, labels
):
    decide(session, labels[0], "relabel", label="bounce")
    assert exported(session, dataset_id)[0] == ("bounce", 10)
    decide(session, labels[0], "set", 12)
    assert exported(session, dataset_id)[0] == ("bounce", 12)
    decide(session, labels[0], "relabel", label="hit")
    assert exported(session, dataset_id)[0] == ("hit", 12)
    text = written(session, dataset_id)
    assert "original_label" not in text
    reviews.undo(session, dataset_id, "ann", key())
    assert '"original_label": "hit"' in written(session, dataset_id)
    for _ in range(2):
        reviews.undo(session, dataset_id, "ann", key())
    assert exported(session, dataset_id)[0] == ("hit", 10)
    with pytest.raises(BadLabels, match="volley is none of the classes hit, bounce"):
        decide(session, labels[0], "relabel", label="volley")
    with pytest.raises(BadLabels, match="only relabel gives a class"):
        decide(session, labels[0], "keep", label="hit")


def test_a_dataset_keeps_its_rules(session: Session, dataset_id):
    assert doubts.rules(session, dataset_id) == ""
    doubts.set_rules(session, dataset_id, 'first = ["hit"]')
    assert doubts.rules(session, dataset_id) == 'first = ["hit"]'
    with pytest.raises(NotFound, match="there is no dataset 9"):
        doubts.set_rules(session, 9, "")
