"""Which run is fitted again, when, and whose suggestions are shown after failed runs and rounds."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.actions import batches, refits, review, rounds, training
from app.plan import plan_of, train_config
from app.suggesting import suggest_all
from app.workspace import Workspace
from spotting.errors import Conflict, NotFound
from spotting.noise import expected_offset, reach_for_sigma
from storage import jobs, reviews, runs, suggestions
from storage.moves import shown_run
from storage.records import LabelRecord, NewDecision
from tests.app.suggested import EPOCHS, SHIFTS, Curve, add, move, peak, start, trained
from tests.app.tiny import workspace_in


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace_in(tmp_path / "data") as fresh:
        yield fresh


@pytest.fixture
def labels(work: Workspace) -> list[LabelRecord]:
    return add(work, clips=2)


@pytest.fixture
def shown(work: Workspace, labels: list[LabelRecord]) -> int:
    """A finished run whose suggestions are shown."""
    run = trained(work, start(work), labels, lambda one, _: peak(move(one)))
    suggest_all(work, run.id)
    return run.id


def keep(work: Workspace, *labels: LabelRecord) -> None:
    for one in labels:
        new = NewDecision(key=f"keep {one.id}", label_id=one.id, verdict="keep", annotator="anna")
        review.decide(work, new)


def refitted(work: Workspace) -> list[int]:
    """The runs that wait for a new fit."""
    with work.database.reading() as session:
        return [
            job.params["run"] for job in jobs.list_jobs(session, states=("queued",)) if job.kind == "refit"
        ]


def halt(work: Workspace, ending: str) -> None:
    """Let the first member of the run that is queued end so, and the others be stopped."""
    with work.database.writing() as session:
        job = jobs.claim(session, "worker")
        assert job is not None
        if ending == "failed":
            jobs.fail(session, job, "out of memory")
        for other in jobs.list_jobs(session, states=jobs.WAITING):
            jobs.ask_stop(session, other.id)
        if ending == "stopped":
            jobs.mark_stopped(session, job)


@pytest.mark.parametrize("ending", ["failed", "stopped"])
def test_a_newer_run_that_did_not_finish_ends_no_refits(
    work: Workspace, labels: list[LabelRecord], shown: int, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refits, "REVIEWS_PER_REFIT", 3)
    newer = start(work)
    halt(work, ending)
    assert training.get_run(work, newer)["state"] == ending
    keep(work, *labels[:2])
    assert refitted(work) == []
    keep(work, labels[2])
    assert refitted(work) == [shown]
    assert refits.to_suggest(work, 1) == shown
    assert refits.to_suggest(work, 1, newer) == newer
    with pytest.raises(NotFound, match="dataset rally has no run 99"):
        refits.to_suggest(work, 1, 99)


def test_no_run_is_fitted_again_while_it_trains(
    work: Workspace, labels: list[LabelRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refits, "REVIEWS_PER_REFIT", 2)
    run_id = start(work)
    keep(work, *labels[:2])
    assert refitted(work) == []
    assert refits.to_suggest(work, 1) == run_id


def test_batches_and_undone_decisions_count_towards_the_next_fit(
    work: Workspace, labels: list[LabelRecord], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refits, "REVIEWS_PER_REFIT", 10)
    keep(work, *labels[:9])
    assert refitted(work) == []
    accepted = batches.accept(work, 1, annotator="anna", threshold=0.5)
    assert accepted["done"] > 10
    assert refitted(work) == [shown]
    with work.database.writing() as session:
        job = jobs.claim(session, "worker")
        assert job is not None
        jobs.finish(session, job)
    batches.undo(work, accepted["id"], annotator="anna")
    assert refitted(work) == [shown]


def test_an_undo_that_passes_the_mark_asks_for_a_fit_too(
    work: Workspace, labels: list[LabelRecord], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(work, *labels[:2])
    monkeypatch.setattr(refits, "REVIEWS_PER_REFIT", 2)
    review.undo(work, 1, annotator="anna", key="u")
    assert refitted(work) == [shown]
    with work.database.reading() as session:
        assert reviews.progress(session, 1).decided == 1


@pytest.mark.parametrize(
    ("curve", "better"),
    [
        (lambda one, _: peak(move(one), 0.5), True),
        (lambda one, _: np.full(len(SHIFTS), 0.01), False),
        (lambda one, _: peak(6 * (-1) ** one.id), False),
    ],
    ids=["sharper", "blind", "wrong"],
)
def test_a_round_is_shown_only_if_it_makes_the_labels_likelier(
    work: Workspace, labels: list[LabelRecord], curve: Curve, better: bool
) -> None:
    run = trained(work, start(work), labels, lambda one, _: peak(move(one), 1.5))
    suggest_all(work, run.id)
    round_id = rounds.start_round(work, 1)
    trained(work, round_id, labels, curve)
    told = suggest_all(work, round_id)
    assert told.notes[0].startswith(f"round 1{':' if better else ' did not make the labels likelier'}")
    with work.database.reading() as session:
        found = [suggestions.for_label(session, one.id) for one in labels]
        assert {one and one.run_id for one in found} == {shown_run(session, 1)}
    assert refits.to_suggest(work, 1) == (round_id if better else run.id)
    if better:
        rounds.start_round(work, 1)
    else:
        with pytest.raises(Conflict, match="another round is of no use"):
            rounds.start_round(work, 1)


def test_a_round_is_judged_once_all_its_members_have_ended(
    work: Workspace, labels: list[LabelRecord], shown: int
) -> None:
    round_id = rounds.start_round(work, 1)
    trained(work, round_id, labels, lambda one, _: peak(move(one), 0.5), members=1)
    told = suggest_all(work, round_id, 0)
    assert not told.final
    assert not any(note.startswith("round") for note in told.notes)
    with work.database.reading() as session:
        assert shown_run(session, 1) == shown


def test_a_round_that_looks_further_is_compared_as_far_as_the_run_before_looked(
    work: Workspace, labels: list[LabelRecord], shown: int
) -> None:
    round_id = rounds.start_round(work, 1)
    trained(work, round_id, labels, lambda one, _: np.pad(peak(move(one)), 5, constant_values=0.01))
    told = suggest_all(work, round_id).notes[0]
    figures = told.split("(")[1].split(")")[0]
    assert len({figure.split()[0] for figure in figures.split(", ")}) == 1
    assert f"the suggestions of run {shown} stay" in told


@pytest.mark.parametrize("reach", [None, 7.0])
def test_a_round_assumes_the_error_that_is_left_and_looks_as_far_as_labels_were_found_to_be_off(
    work: Workspace, labels: list[LabelRecord], reach: float | None
) -> None:
    asked = training.RunRequest(dataset_id=1, epochs=EPOCHS, sigma=2.0, objective="dla", reach=reach)
    run = trained(work, training.start_run(work, asked), labels, lambda one, _: peak(move(one), 1.5))
    suggest_all(work, run.id)
    keep(work, *labels[:20])
    with work.database.writing() as session:
        found = [suggestions.for_label(session, one.id) for one in labels[20:]]
        runs.put_notes(session, run.id, (), 3.1)
        left = float(np.mean([one.expected_error for one in found if one]))
    round_id = rounds.start_round(work, 1)
    with work.database.reading() as session:
        made = runs.get_run(session, round_id)
    assert left > 0.2
    assert expected_offset(train_config(made).sigma) == pytest.approx(left, abs=1e-3)
    assert train_config(made).reach == (reach or pytest.approx(reach_for_sigma(train_config(made).sigma)))
    assert (plan_of(made).label_sigma, plan_of(made).stated_sigma) == (3.1, 2.0)
