"""Runs before and after: how long one will take, how they compare, taking one out, the log."""

from pathlib import Path
from uuid import uuid4

import pytest

from app.actions import jobs, training
from app.actions.comparing import compare
from app.actions.forecast import forecast
from app.workspace import Workspace
from spotting.errors import Conflict, NotFound
from storage import datasets, reviews, runs
from storage.moves import moves
from storage.records import NewDecision
from tests.app.studied import EPOCHS, study


def asked(**changed: object) -> training.RunRequest:
    return training.RunRequest(**({"dataset_id": 1, "objective": "dla", "epochs": 10} | changed))  # pyright: ignore[reportArgumentType]


def test_without_a_run_like_it_only_the_frames_are_known(filled: Workspace) -> None:
    told = forecast(filled, asked())
    assert told.pop("groups") == 6
    assert told.pop("frames") == 10 * 6 * 64
    assert set(told.values()) == {None}


def test_a_run_like_it_tells_the_speed(filled: Workspace) -> None:
    newest = study(filled)[-1]
    told = forecast(filled, asked(folds=3))
    assert (told["run_id"], told["frames_per_second"]) == (newest, 900.0)
    assert told["frames"] == 10 * 6 * 64 * 2
    assert told["seconds"] == pytest.approx(told["frames"] / 900)
    assert forecast(filled, asked(objective="static"))["seconds"] is None
    with pytest.raises(NotFound):
        forecast(filled, asked(dataset_id=7))


def test_runs_stand_side_by_side(filled: Workspace) -> None:
    assert compare(filled, 1) == []
    first, second = study(filled)
    told = compare(filled, 1)
    assert [run["id"] for run in told] == [second, first]
    assert told[0]["loss"] == 1 / EPOCHS
    assert told[0]["true"] == pytest.approx(0, abs=1e-3)
    assert 0 < told[0]["suggested"] < 1.5


def test_a_deleted_run_gives_way_to_the_one_before(filled: Workspace) -> None:
    first, second = study(filled)
    folder = filled.run_folder(second)
    folder.mkdir(parents=True)
    training.delete_run(filled, second)
    assert not folder.exists()
    with filled.database.reading() as session:
        assert [run.id for run in runs.list_runs(session, 1)] == [first]
        shown, of_first = moves(session, 1), moves(session, 1, first)
    assert shown.offsets_L.tolist() == of_first.offsets_L.tolist()


def test_a_run_that_decisions_name_or_that_is_queued_stays(filled: Workspace) -> None:
    run_id = study(filled)[-1]
    with filled.database.writing() as session:
        label = datasets.labels(session, 1)[1]
        shown = reviews.item(session, label.id).suggestion
        assert shown is not None
        new = NewDecision(
            key=str(uuid4()), label_id=label.id, verdict="accept", annotator="anna", suggestion_id=shown.id
        )
        reviews.record(session, new)
    with pytest.raises(Conflict, match="1 decisions were made with suggestions of run 2"):
        training.delete_run(filled, run_id)
    queued = training.start_run(filled, asked())
    with pytest.raises(Conflict, match=f"run {queued} is queued: stop it first"):
        training.delete_run(filled, queued)


def test_the_log_ends_with_its_last_lines(work: Workspace) -> None:
    assert jobs.log_tail(work, 2) == []
    (Path(work.settings.data) / "respot.log").write_text("one\ntwo\nthree\n")
    assert jobs.log_tail(work, 2) == ["two", "three"]
