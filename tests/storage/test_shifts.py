"""A shift moves every label for everybody, changes none, and can be undone."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from storage import datasets, exports, jobs, label_files, moves, offsets, reviews, runs, shifts, suggestions
from storage.maintenance import check
from storage.records import NewDecision
from storage.tables import Label
from tests.storage.conftest import AddDataset, Suggest, make_suggestion

Shifted = Callable[[int, str], int]


def shift(session: Session, dataset_id: int, frames: int, key: str) -> int:
    shifts.record(session, dataset_id, frames, annotator="anna", key=key)
    return shifts.frames(session, dataset_id)


def undo(session: Session, dataset_id: int, key: str) -> int:
    return shifts.undo(session, dataset_id, annotator="anna", key=key).frames


def exported(session: Session, dataset_id: int) -> list[Any]:
    """The label file that the dataset would be written as now."""
    (part,) = label_files.write(session, dataset_id, label_files.own_format(session, dataset_id))
    return json.loads("".join(map(str, part.text)))


def tags(session: Session, dataset_id: int) -> list[int]:
    return [label.frame for label in datasets.labels(session, dataset_id)]


def test_what_was_imported_never_changes(session: Session, add_dataset: AddDataset) -> None:
    dataset_id = add_dataset(session, clips=("one",))
    assert shift(session, dataset_id, 1, "a") == 1
    assert tags(session, dataset_id) == [11, 21, 31]
    assert [label.original_frame for label in datasets.labels(session, dataset_id)] == [10, 20, 30]
    assert list(session.scalars(sa.text("SELECT frame FROM labels ORDER BY id"))) == [10, 20, 30]


def test_shifts_are_counted_from_the_import_and_undone_one_by_one(
    session: Session, add_dataset: AddDataset
) -> None:
    dataset_id = add_dataset(session, clips=("one",))
    assert shifts.current(session, dataset_id) is None
    assert [shift(session, dataset_id, frames, key) for frames, key in ((0, "a"), (2, "b"), (-1, "c"))] == [
        0,
        2,
        -1,
    ]
    assert [undo(session, dataset_id, key) for key in ("d", "e")] == [2, 0]
    checked = shifts.current(session, dataset_id)
    assert checked is not None
    assert checked.frames == 0
    assert undo(session, dataset_id, "f") == 0
    assert shifts.current(session, dataset_id) is None
    with pytest.raises(Conflict, match="no shift of dataset 1 is left to undo"):
        undo(session, dataset_id, "g")
    assert [row.frames for row in shifts.history(session, dataset_id)] == [0, 2, -1, 2, 0, 0]


def test_a_label_that_would_leave_its_clip_stays_at_its_end_and_is_counted(
    session: Session, add_dataset: AddDataset
) -> None:
    dataset_id = add_dataset(session, clips=("one",), frames=(0, 1, 50, 99))
    told = {effect.frames: effect.held for effect in shifts.effects(session, dataset_id)}
    assert told == {-2: 2, -1: 1, 0: 0, 1: 1, 2: 1}
    shift(session, dataset_id, -2, "a")
    assert tags(session, dataset_id) == [0, 0, 48, 97]
    shift(session, dataset_id, 2, "b")
    assert tags(session, dataset_id) == [2, 3, 52, 99]
    undo(session, dataset_id, "c")
    undo(session, dataset_id, "d")
    assert tags(session, dataset_id) == [0, 1, 50, 99]


def test_review_offsets_and_export_see_the_same_shifted_frame(
    session: Session, add_dataset: AddDataset, suggest: Suggest
) -> None:
    dataset_id = add_dataset(session, clips=("one",), truth=True)
    first, second, third = (label.id for label in datasets.labels(session, dataset_id))
    shift(session, dataset_id, 1, "a")
    suggest(session, dataset_id, {first: 2.0})
    items = reviews.queue(session, dataset_id, name="all", annotator="anna")
    assert [item.frame for item in items] == [11, 21, 31]
    assert [event.frame for event in items[1].neighbours] == [11, 31]
    kept = reviews.record(session, NewDecision(key="k", label_id=third, verdict="keep", annotator="anna"))
    assert kept.frame == 31
    seen = moves.moves(session, dataset_id)
    assert seen.tagged_L.tolist() == [11, 21, 31]
    assert (seen.suggested_L - seen.tagged_L)[0] == 2
    assert (seen.decided_L - seen.tagged_L)[2] == 0
    errors = offsets.residuals(session, dataset_id)
    assert errors is not None
    assert errors.tagged_L.tolist() == [-0.25] * 3
    assert errors.final_L.tolist() == [-0.25] * 3
    (clip,) = exported(session, dataset_id)
    told = [(event["frame"], event["original_frame"]) for event in clip["events"]]
    assert told == [(11, 10), (21, 20), (31, 30)]
    audit = list(csv.DictReader(exports.audit_csv(session, dataset_id)))
    assert [(row["original_frame"], row["shifted_frame"], row["final_frame"]) for row in audit] == [
        ("10", "11", "11"),
        ("20", "21", "21"),
        ("30", "31", "31"),
    ]
    assert reviews.item(session, second).frame == 21


def test_decisions_stay_at_the_pictures_that_were_chosen(session: Session, add_dataset: AddDataset) -> None:
    dataset_id = add_dataset(session, clips=("one",))
    first = datasets.labels(session, dataset_id)[0].id
    reviews.record(session, NewDecision(key="k", label_id=first, verdict="keep", annotator="anna"))
    shift(session, dataset_id, 1, "a")
    (clip,) = exported(session, dataset_id)
    assert [event["frame"] for event in clip["events"]] == [10, 21, 31]


def test_suggestions_hold_under_the_shift_they_were_learned_from(
    session: Session, add_dataset: AddDataset, suggest: Suggest, tmp_path
) -> None:
    dataset_id = add_dataset(session, clips=("one",))
    first, second, third = (label.id for label in datasets.labels(session, dataset_id))
    old = suggest(session, dataset_id, {first: 1.0, second: 2.0}, provisional=True)
    suggest(session, dataset_id, {first: 3.0}, run_id=old)
    shift(session, dataset_id, 1, "a")
    assert suggestions.for_label(session, first) is None
    with pytest.raises(Conflict, match=rf"run {old} learned from labels shifted by \+0 frames, .* \+1 now"):
        suggestions.put(session, old, [(third, make_suggestion(31, 1, 0.9))], provisional=False, epoch=1)
    assert runs.get_run(session, suggest(session, dataset_id, {second: -1.0})).shift == 1
    undo(session, dataset_id, "b")
    shown = [suggestions.for_label(session, label_id) for label_id in (first, second, third)]
    assert [found and found.offset for found in shown] == [3.0, 2.0, None]
    queue = reviews.queue(session, dataset_id, name="likely", annotator="anna")
    assert [item.label_id for item in queue] == [first, second, third]
    shift(session, dataset_id, 1, "c")
    found = suggestions.for_label(session, second)
    assert found is not None
    assert found.offset == -1.0
    assert [line for line in check(session, tmp_path) if not line.startswith(("/data", "/media"))] == []


def test_nothing_is_shifted_while_the_dataset_is_trained_on(
    session: Session, add_dataset: AddDataset
) -> None:
    dataset_id = add_dataset(session)
    run_id = runs.create_run(session, dataset_id, {}, folds=2)
    job_id = jobs.enqueue(session, "member", {"run_id": run_id, "fold": 0})
    with pytest.raises(Conflict, match=f"being trained on \\(job {job_id}\\)"):
        shift(session, dataset_id, 1, "a")


def test_the_same_key_changes_nothing_more(session: Session, add_dataset: AddDataset) -> None:
    dataset_id = add_dataset(session)
    shift(session, dataset_id, 1, "a")
    shift(session, dataset_id, 1, "a")
    undo(session, dataset_id, "b")
    assert undo(session, dataset_id, "b") == 0
    assert len(shifts.history(session, dataset_id)) == 2
    with pytest.raises(Conflict, match="key a was used for another shift"):
        undo(session, dataset_id, "a")


@pytest.mark.parametrize("frames", [-3, 3])
def test_more_than_two_frames_is_no_convention(
    session: Session, add_dataset: AddDataset, frames: int
) -> None:
    with pytest.raises(BadLabels, match=f"a shift is -2 to 2 frames, not {frames}"):
        shift(session, add_dataset(session), frames, "a")
    with pytest.raises(NotFound, match="there is no dataset 77"):
        shift(session, 77, 1, "b")


def test_six_labels_are_drawn_and_the_same_ones_for_the_same_seed(
    session: Session, add_dataset: AddDataset
) -> None:
    dataset_id = add_dataset(session, frames=tuple(range(1, 90, 3)))
    drawn = [shifts.sample(session, dataset_id, seed=seed) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len({label.id for label in drawn[0]}) == 6
    assert len(shifts.sample(session, add_dataset(session, name="two", clips=("x",)), seed=0)) == 3


def test_the_tag_can_be_grouped_and_sorted_by(session: Session, add_dataset: AddDataset) -> None:
    add_dataset(session)
    rows = sa.select(Label.frame, sa.func.count()).group_by(Label.frame).order_by(Label.frame.desc())
    assert [tuple(row) for row in session.execute(rows)] == [(30, 2), (20, 2), (10, 2)]
