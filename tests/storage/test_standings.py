from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from storage.records import DecisionRecord
from storage.standings import FINAL, Fold, alive, fold

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def decision(id: int, verdict: str, frame: int | None = None, undoes: int | None = None) -> DecisionRecord:
    return DecisionRecord(
        id=id,
        key=str(id),
        label_id=1,
        verdict=verdict,
        frame=frame,
        annotator="ann",
        decided_at=NOW,
        suggestion_id=None,
        undoes=undoes,
        batch_id=None,
        label=None,
        reason=None,
        seconds=None,
        adjudicates=False,
    )


def test_a_label_nobody_decided_about_is_waiting():
    assert fold([]) == Fold(verdict=None, frame=None, skipped=0, flagged=False, waiting=True)


def test_the_latest_final_verdict_gives_the_frame():
    now = fold([decision(1, "set", 12), decision(2, "keep", 10)])
    assert (now.verdict, now.frame, now.decision_id, now.waiting) == ("keep", 10, 2, False)


def test_skip_and_flag_do_not_change_the_frame():
    now = fold([decision(1, "set", 12), decision(2, "skip"), decision(3, "flag")])
    assert (now.verdict, now.frame, now.flagged) == ("set", 12, True)


def test_a_flag_holds_until_a_later_final_verdict_and_a_skip_until_any_later_one():
    assert fold([decision(1, "flag"), decision(2, "skip")]).flagged
    assert fold([decision(1, "flag"), decision(2, "skip")]).skipped == 2
    assert not fold([decision(1, "flag"), decision(2, "keep", 10)]).flagged
    assert fold([decision(1, "skip"), decision(2, "flag")]).skipped == 0


def test_a_move_gives_a_frame_until_a_person_does_and_nothing_else():
    moved = [decision(1, "skip"), decision(2, "move", 12)]
    assert fold(moved) == replace(fold(moved[:1]), moved=12)
    assert fold([*moved, decision(3, "undo", undoes=2)]) == fold(moved[:1])
    now = fold([*moved, decision(3, "keep", 10)])
    assert (now.frame, now.waiting, now.moved) == (10, False, 12)


def test_an_undo_reveals_what_was_before_and_its_undo_brings_the_decision_back():
    first, second = decision(1, "keep", 10), decision(2, "set", 14)
    undone = [first, second, decision(3, "undo", undoes=2)]
    assert fold(undone).frame == 10
    assert fold([*undone, decision(4, "undo", undoes=3)]).frame == 14
    again = [*undone, decision(4, "undo", undoes=3), decision(5, "undo", undoes=2)]
    assert fold(again).frame == 10


@st.composite
def histories(draw: st.DrawFn) -> list[DecisionRecord]:
    made: list[DecisionRecord] = []
    for id in range(1, draw(st.integers(1, 12)) + 1):
        verdict = draw(st.sampled_from([*FINAL, "skip", "flag"] + ["undo"] * 4 * bool(made)))
        undoes = draw(st.integers(1, id - 1)) if verdict == "undo" else None
        made.append(decision(id, verdict, frame=id, undoes=undoes))
    return made


@given(histories())
def test_alive_means_not_taken_back_by_anything_alive(history: list[DecisionRecord]):
    def is_alive(one: DecisionRecord) -> bool:
        return not any(other.undoes == one.id and is_alive(other) for other in history)

    expected = [one for one in history if one.verdict != "undo" and is_alive(one)]
    assert alive(history) == expected
    assert fold(history) == fold(expected)
