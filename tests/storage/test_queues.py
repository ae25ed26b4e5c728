from itertools import count

import pytest
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from spotting.events import Event
from storage import datasets, pace, queue_counts, reviews
from storage.records import NewDecision, ReviewItem
from tests.storage.conftest import PlansOf

KEYS = count()
QUEUED = "SELECT standings.label_id"
"""How the query begins that finds the labels of a queue."""


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session, frames=(30, 10, 20))


@pytest.fixture
def labels(session: Session, dataset_id: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)]


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None, annotator="ann") -> None:
    key = f"key-{next(KEYS)}"
    new = NewDecision(key=key, label_id=label_id, verdict=verdict, frame=frame, annotator=annotator)
    reviews.record(session, new)


def read(session: Session, dataset_id: int, name: str, annotator: str = "ann", **more) -> list[int]:
    """The label ids of a queue, read one by one through its cursor."""
    ids, after = [], None
    while found := reviews.queue(
        session, dataset_id, name=name, annotator=annotator, after=after, limit=1, **more
    ):
        ids.append(found[0].label_id)
        after = found[0].cursor
    return ids


def test_file_order_is_clip_then_frame(session: Session, dataset_id: int, labels):
    one, two = labels[:3], labels[3:]
    expected = [one[1], one[2], one[0], two[1], two[2], two[0]]
    assert read(session, dataset_id, "clip") == expected
    assert read(session, dataset_id, "all") == expected


def test_the_likely_queue_has_the_largest_expected_error_first(session: Session, dataset_id, labels, suggest):
    run_id = suggest(session, dataset_id, {labels[0]: 1.0, labels[3]: -4.0}, confidence=0.9)
    suggest(session, dataset_id, {labels[1]: 4.0}, confidence=0.4, run_id=run_id)
    suggest(session, dataset_id, {labels[2]: 0.0}, confidence=0.95, run_id=run_id)
    assert read(session, dataset_id, "likely") == [
        labels[3],  # 4 frames, nearly sure
        labels[1],  # 4 frames, unsure
        labels[0],
        labels[2],  # probably right
        labels[4],  # nothing suggested
        labels[5],
    ]


def test_decided_and_flagged_labels_leave_the_queue(session: Session, dataset_id, labels):
    decide(session, labels[1], "keep")
    decide(session, labels[2], "flag")
    expected = [labels[0], labels[4], labels[5], labels[3]]
    assert read(session, dataset_id, "clip") == expected
    assert sorted(read(session, dataset_id, "likely")) == sorted(expected)


def test_skipped_labels_come_last_in_the_order_they_were_skipped(session: Session, dataset_id, labels):
    file_order = read(session, dataset_id, "clip")
    for label_id in (file_order[2], file_order[0], file_order[2]):
        decide(session, label_id, "skip")
    expected = [file_order[1], *file_order[3:], file_order[0], file_order[2]]
    assert read(session, dataset_id, "clip") == expected
    assert read(session, dataset_id, "likely")[-2:] == expected[-2:]


def test_a_flagged_label_waits_in_its_queue_until_it_is_settled(session: Session, dataset_id, labels):
    decide(session, labels[0], "flag")
    decide(session, labels[1], "flag", annotator="bob")
    assert read(session, dataset_id, "flagged") == [labels[1], labels[0]]
    decide(session, labels[1], "skip")
    assert read(session, dataset_id, "flagged") == [labels[0], labels[1]]
    decide(session, labels[0], "set", 31)
    assert read(session, dataset_id, "flagged") == [labels[1]]


def test_flags_are_found_by_their_reason_until_another_verdict_holds(session: Session, dataset_id, labels):
    for at, reason in enumerate(("unseen", None, "class")):
        new = NewDecision(
            key=f"f{at}", label_id=labels[at], verdict="flag", annotator="ann", reason=reason, seconds=2.5
        )
        assert reviews.record(session, new).seconds == 2.5
    assert reviews.item(session, labels[2]).flag_reason == "class"
    assert read(session, dataset_id, "flagged", reason="unseen") == [labels[0]]
    assert queue_counts.size(session, dataset_id, "flagged", "ann") == 3
    assert queue_counts.size(session, dataset_id, "flagged", "ann", reason="class") == 1
    decide(session, labels[0], "set", 31)
    assert reviews.item(session, labels[0]).flag_reason is None
    assert read(session, dataset_id, "flagged", reason="unseen") == []
    reviews.undo(session, dataset_id, "ann", "u")
    assert read(session, dataset_id, "flagged", reason="unseen") == [labels[0]]


@pytest.mark.parametrize(("verdict", "reason"), [("flag", "bored"), ("skip", "unseen")])
def test_only_a_flag_gives_a_reason_and_only_a_known_one(
    session: Session, dataset_id, labels, verdict, reason
):
    new = NewDecision(key="f", label_id=labels[0], verdict=verdict, annotator="ann", reason=reason)
    with pytest.raises(BadLabels, match="may give one of unseen, between"):
        reviews.record(session, new)


def test_the_pace_is_the_time_on_the_screen_where_that_is_known(session: Session, add_dataset):
    many = add_dataset(session, frames=tuple(range(1, 63, 3)))
    for label in datasets.labels(session, many):
        new = NewDecision(key=f"p{label.id}", label_id=label.id, verdict="skip", annotator="ann", seconds=3.0)
        reviews.record(session, new)
    assert set(pace.seconds_by_class(session, many).values()) == {3.0}


def test_mine_are_my_decisions_newest_first(session: Session, dataset_id, labels):
    decide(session, labels[2], "keep")
    decide(session, labels[0], "set", 31)
    decide(session, labels[1], "keep", annotator="bob")
    assert read(session, dataset_id, "mine") == [labels[0], labels[2]]
    assert read(session, dataset_id, "mine", annotator="bob") == [labels[1]]


def test_queues_filter_by_class_and_clip(session: Session, dataset_id, labels):
    clip_id = datasets.clips(session, dataset_id)[1].id
    assert read(session, dataset_id, "clip", label_class="bounce") == [labels[1], labels[4]]
    assert read(session, dataset_id, "likely", clip_id=clip_id, label_class="hit") == [labels[3], labels[5]]
    assert read(session, dataset_id, "all", label_class="swing") == []
    assert read(session, dataset_id + 1, "all", clip_id=clip_id) == []


def test_a_page_goes_on_where_the_last_one_ended_although_labels_were_decided(
    session: Session, dataset_id, labels
):
    first = reviews.queue(session, dataset_id, name="clip", annotator="ann", limit=2)
    decide(session, first[0].label_id, "keep")
    second = reviews.queue(session, dataset_id, name="clip", annotator="ann", after=first[-1].cursor, limit=2)
    assert [item.label_id for item in first + second] == [labels[1], labels[2], labels[0], labels[4]]


def test_an_item_holds_all_that_the_review_shows(session: Session, dataset_id, labels, suggest):
    suggest(session, dataset_id, {labels[1]: 2.0})
    decide(session, labels[0], "set", 22)
    decide(session, labels[2], "remove")
    item = reviews.item(session, labels[1])
    assert isinstance(item, ReviewItem)
    assert (item.clip, item.label, item.frame, item.num_frames, item.fps) == ("one", "bounce", 10, 100, 25.0)
    assert item.neighbours == (Event("hit", 22),)
    assert item.suggestion is not None
    assert (item.suggestion.frame, item.suggestion.first_shift, item.decision) == (12, -4, None)
    decided = reviews.item(session, labels[0]).decision
    assert decided is not None
    assert (decided.verdict, decided.frame, decided.annotator) == ("set", 22, "ann")


def test_what_is_not_there_is_named(session: Session, dataset_id):
    with pytest.raises(NotFound, match="there is no label 99"):
        reviews.item(session, 99)
    with pytest.raises(NotFound, match="there is no queue best"):
        read(session, dataset_id, "best")


@pytest.mark.parametrize(
    "cursor", ["", "[1]", '["a", 1, 2]', "[1, 2, 3, 4]", "{}", "[" * 9999, "[NaN, 1, 1]"]
)
def test_a_cursor_of_another_queue_is_refused(session: Session, dataset_id, cursor: str):
    with pytest.raises(Conflict, match="is not a place in this queue"):
        reviews.queue(session, dataset_id, name="likely", annotator="ann", after=cursor)


@pytest.mark.parametrize(
    ("name", "more", "index"),
    [
        ("likely", {}, "ix_standings_likely"),
        ("likely", {"label_class": "hit"}, "ix_standings_likely_of_class"),
        ("likely", {"clip_id": 1}, "ix_standings_of_clip"),
        ("clip", {}, "ix_standings_in_file_order"),
        ("flagged", {}, "ix_standings_flagged"),
        ("mine", {}, "ix_standings_mine"),
        ("all", {}, "ix_standings_all"),
        ("audit", {}, "ix_standings_audit"),
        ("second", {}, "ix_standings_second"),
        ("apart", {}, "ix_standings_apart"),
    ],
)
def test_queues_are_read_by_index_without_sorting(
    session: Session, dataset_id, name, more, index, plans_of: PlansOf
):
    first = reviews.queue(session, dataset_id, name="all", annotator="ann", limit=1)
    one = dict.fromkeys(("mine", "second", "apart"), "[1]")
    cursor = {"all": first[0].cursor, "likely": "[0, 0.0, 1]", **one}.get(name, "[0, 1]")
    plans = plans_of(
        lambda: reviews.queue(session, dataset_id, name=name, annotator="ann", after=cursor, **more),
        QUEUED,
    )
    assert f"USING INDEX {index} " in plans[0] or f"USING COVERING INDEX {index} " in plans[0]
    if "clip_id" not in more:
        assert not any("TEMP B-TREE" in step for step in plans)


def test_a_queue_of_doubts_reads_the_doubted_labels_alone(session: Session, dataset_id, plans_of: PlansOf):
    plans = plans_of(lambda: reviews.queue(session, dataset_id, name="order", annotator="ann"), QUEUED)
    assert plans[0].startswith("SEARCH standings USING INTEGER PRIMARY KEY (rowid=?)")
    assert any("ix_doubts_dataset_id_kind" in plan for plan in plans)
