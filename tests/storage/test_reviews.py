from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from storage import datasets, reviews, suggestions
from storage.database import Database
from storage.records import DecisionRecord, NewDecision, ReviewProgress

KEYS = count()
Decide = Callable[..., DecisionRecord]


@pytest.fixture
def decide(session: Session) -> Decide:
    def record(label_id: int, verdict: str, frame: int | None = None, **more: object) -> DecisionRecord:
        new = {"key": f"key-{next(KEYS)}", "annotator": "ann"} | more
        return reviews.record(session, NewDecision(label_id=label_id, verdict=verdict, frame=frame, **new))

    return record


@pytest.fixture
def dataset_id(session: Session, add_dataset) -> int:
    return add_dataset(session)


@pytest.fixture
def labels(session: Session, dataset_id: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)]


def undo(session: Session, dataset_id: int, annotator: str = "ann") -> int | None:
    return reviews.undo(session, dataset_id, annotator, f"key-{next(KEYS)}")


def redo(session: Session, dataset_id: int, annotator: str = "ann") -> int | None:
    return reviews.redo(session, dataset_id, annotator, f"key-{next(KEYS)}")


def frame_of(session: Session, label_id: int) -> int | None:
    decision = reviews.item(session, label_id).decision
    return decision and decision.frame


def test_each_verdict_stores_its_frame(session: Session, dataset_id: int, labels, decide: Decide, suggest):
    suggest(session, dataset_id, {labels[0]: 2.0})
    shown = suggestions.for_label(session, labels[0])
    assert shown is not None
    assert decide(labels[0], "accept", suggestion_id=shown.id).frame == 12
    assert decide(labels[1], "keep").frame == 20
    assert decide(labels[2], "set", 33).frame == 33
    assert decide(labels[3], "remove").frame is None
    assert decide(labels[4], "skip").frame is None
    assert decide(labels[5], "flag").frame is None
    assert reviews.progress(session, dataset_id) == ReviewProgress(
        total=6, decided=4, skipped=1, flagged=1, accepted=1, kept=1, set=1, removed=1
    )


def test_accept_stores_what_was_shown_even_after_a_newer_suggestion(
    session: Session, dataset_id: int, labels, decide: Decide, suggest
):
    suggest(session, dataset_id, {labels[0]: 2.0})
    shown = suggestions.for_label(session, labels[0])
    suggest(session, dataset_id, {labels[0]: -3.0})
    assert shown is not None
    stored = decide(labels[0], "accept", suggestion_id=shown.id)
    assert (stored.frame, stored.suggestion_id) == (12, shown.id)


def test_the_same_key_again_adds_nothing(session: Session, labels, decide: Decide):
    first = decide(labels[0], "set", 14, key="k")
    assert decide(labels[0], "set", 14, key="k") == first
    assert reviews.history(session, labels[0]) == [first]


@pytest.mark.parametrize(("label", "verdict", "frame"), [(1, "set", 14), (0, "keep", None), (0, "set", 15)])
def test_a_key_used_for_another_decision_is_refused(labels, decide: Decide, label, verdict, frame):
    decide(labels[0], "set", 14, key="k")
    with pytest.raises(Conflict, match="key k was used for another decision"):
        decide(labels[label], verdict, frame, key="k")


def test_a_frame_outside_the_clip_is_refused_with_clip_label_and_frame(labels, decide: Decide):
    for frame in (-1, 100):
        message = rf"clip one, hit at frame 10: frame {frame} is outside the clip \(100 frames\)"
        with pytest.raises(BadLabels, match=message):
            decide(labels[0], "set", frame)
    assert decide(labels[0], "set", 99).frame == 99


def test_what_a_verdict_lacks_is_named(session: Session, dataset_id, labels, decide: Decide, suggest):
    suggest(session, dataset_id, {labels[1]: 2.0})
    other = suggestions.for_label(session, labels[1])
    assert other is not None
    with pytest.raises(BadLabels, match="accept needs the suggestion that was shown"):
        decide(labels[0], "accept")
    with pytest.raises(BadLabels, match="set needs a frame"):
        decide(labels[0], "set")
    with pytest.raises(NotFound, match="there is no suggestion 77"):
        decide(labels[0], "accept", suggestion_id=77)
    with pytest.raises(Conflict, match=f"suggestion {other.id} is for another label"):
        decide(labels[0], "accept", suggestion_id=other.id)
    with pytest.raises(Conflict, match="accept means frame 22, not 23"):
        decide(labels[1], "accept", 23, suggestion_id=other.id)
    with pytest.raises(NotFound, match="there is no label 999"):
        decide(999, "keep")


@pytest.mark.parametrize(
    "more", [{"verdict": "maybe"}, {"verdict": "undo"}, {"annotator": " "}, {"key": ""}, {"key": "k" * 101}]
)
def test_unknown_verdicts_and_empty_names_are_refused(labels, decide: Decide, more):
    with pytest.raises(BadLabels):
        decide(labels[0], **({"verdict": "keep"} | more))


def test_decisions_can_be_undone_to_the_first_and_redone_to_the_last(
    session: Session, dataset_id: int, labels, decide: Decide
):
    decide(labels[0], "keep")
    decide(labels[1], "set", 25)
    decide(labels[0], "set", 15)
    assert [undo(session, dataset_id) for _ in range(4)] == [labels[0], labels[1], labels[0], None]
    assert reviews.progress(session, dataset_id).decided == 0
    assert [redo(session, dataset_id) for _ in range(4)] == [labels[0], labels[1], labels[0], None]
    assert [frame_of(session, label_id) for label_id in labels[:2]] == [15, 25]


def test_an_undone_decision_stays_on_record(session: Session, dataset_id: int, labels, decide: Decide):
    decision = decide(labels[0], "set", 15)
    undo(session, dataset_id)
    first, second = reviews.history(session, labels[0])
    assert first == decision
    assert (second.verdict, second.undoes, second.annotator) == ("undo", decision.id, "ann")


def test_a_new_decision_ends_what_can_be_redone(session: Session, dataset_id: int, labels, decide: Decide):
    decide(labels[0], "keep")
    undo(session, dataset_id)
    decide(labels[1], "keep")
    assert redo(session, dataset_id) is None


def test_undo_takes_back_ones_own_decisions_only(session: Session, dataset_id: int, labels, decide: Decide):
    decide(labels[0], "set", 11)
    decide(labels[0], "set", 12, annotator="bob")
    assert undo(session, dataset_id) == labels[0]
    assert frame_of(session, labels[0]) == 12
    assert undo(session, dataset_id) is None
    assert undo(session, dataset_id, "bob") == labels[0]
    assert frame_of(session, labels[0]) is None


def test_undo_stays_in_its_dataset(session: Session, dataset_id: int, labels, decide: Decide, add_dataset):
    other = add_dataset(session, name="other")
    decide(labels[0], "keep")
    assert undo(session, other) is None
    with pytest.raises(NotFound, match="there is no dataset 99"):
        undo(session, 99)


def test_an_undo_repeated_with_its_key_is_one_undo(session: Session, dataset_id: int, labels, decide: Decide):
    decide(labels[0], "keep")
    decide(labels[1], "keep", key="used")
    assert [reviews.undo(session, dataset_id, "ann", "again") for _ in range(3)] == [labels[1]] * 3
    assert frame_of(session, labels[0]) == 10
    with pytest.raises(Conflict, match="key used was used"):
        reviews.undo(session, dataset_id, "ann", "used")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 2), st.integers(0, 99)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undo_and_redo_walk_one_history_like_an_editor(database: Database, add_dataset, steps):
    with database.writing() as session:
        dataset_id = add_dataset(session, name=f"rally {next(KEYS)}", clips=("one",))
        labels = [label.id for label in datasets.labels(session, dataset_id)]
        done: list[tuple[int, int]] = []
        undone: list[tuple[int, int]] = []
        for step, label, frame in steps:
            if step == "set":
                new = NewDecision(
                    key=f"key-{next(KEYS)}",
                    label_id=labels[label],
                    verdict="set",
                    frame=frame,
                    annotator="ann",
                )
                reviews.record(session, new)
                done.append((labels[label], frame))
                undone.clear()
            elif step == "undo":
                moved = done.pop() if done else None
                assert undo(session, dataset_id) == (moved and moved[0])
                undone += [moved] if moved else []
            else:
                moved = undone.pop() if undone else None
                assert redo(session, dataset_id) == (moved and moved[0])
                done += [moved] if moved else []
        assert {each: frame_of(session, each) for each in labels} == {
            each: next((frame for label_id, frame in reversed(done) if label_id == each), None)
            for each in labels
        }
