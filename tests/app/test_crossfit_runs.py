"""Repeated cross-fitting, a round on the labels it moved, and a new fit after reviews: on real files."""

import threading
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from app import evidence_files, prediction_files, worker
from app.actions import jobs, refits, review, rounds, training
from app.members import Member, open_member
from app.plan import member_numbers, plan_of, train_config
from app.suggesting import gather, suggest_all
from app.tasks import TASKS
from app.workspace import Workspace
from spotting.errors import BadConfig, Conflict
from spotting.progress import silent
from storage import runs
from storage.records import NewDecision


def known_of(member: Member) -> dict[int, tuple[int, NDArray[np.float32]]]:
    """Frame of each label that the member trains on, and where its event may be, by label id."""
    return {
        label_id: (member.train[clip].events[at].frame, member.train[clip].chances_LS[at])  # pyright: ignore[reportOptionalSubscript]
        for (clip, at), label_id in member.train_ids.items()
    }


def work_off(work: Workspace) -> None:
    worker.work(work.settings, TASKS, threading.Event(), until_idle=True)


@pytest.mark.slow
def test_each_repeat_divides_the_clips_anew_and_all_speak_for_a_label(filled: Workspace) -> None:
    work, dataset = filled, 1
    request = training.RunRequest(dataset_id=dataset, epochs=3, sigma=2.0, repeats=2, grouping="clip")
    with pytest.raises(Conflict, match="finished run"):
        rounds.start_round(work, dataset)
    run_id = training.start_run(work, request)
    assert training.get_run(work, run_id)["held_out"] == "6 groups by single clip, in 2 folds, 2 times"
    work_off(work)
    told = training.get_run(work, run_id)
    assert [(member["member"], member["state"]) for member in told["members"]] == [
        (m, "done") for m in range(4)
    ]
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
    stored = [
        evidence_files.load(work.member_folder(run_id, member.number)) for member in member_numbers(run)
    ]
    assert all(member is not None and member.epochs_L.tolist() == [1, 2, 3] for member in stored)
    found = gather(work, run)
    assert found is not None
    assert found.scores_MGS.shape == (2, len(found.ids), 21)
    assert found.final_G.all()
    items = review.queue(work, dataset, name="all", annotator="anna", limit=100)["items"]
    assert all(item["suggestion"] and not item["suggestion"]["provisional"] for item in items)


def test_a_round_trains_on_moved_labels_and_must_make_them_likelier(filled: Workspace) -> None:
    work, dataset = filled, 1
    run_id = training.start_run(work, training.RunRequest(dataset_id=dataset, epochs=1, sigma=2.0))
    work_off(work)
    settled = review.queue(work, dataset, name="all", annotator="anna", limit=1)["items"][0]
    review.decide(
        work,
        NewDecision(key=str(uuid4()), label_id=settled["label_id"], verdict="set", annotator="anna", frame=9),
    )
    round_id = rounds.start_round(work, dataset)
    with work.database.reading() as session:
        run = runs.get_run(session, round_id)
    assert (plan_of(run).round, plan_of(run).base) == (1, run_id)
    assert 0 < train_config(run).sigma < 4
    shifted = known_of(open_member(work, round_id, 0, "cpu", silent)) | known_of(
        open_member(work, round_id, 1, "cpu", silent)
    )
    for item in review.queue(work, dataset, name="all", annotator="anna", limit=100)["items"]:
        frame, chances = shifted[item["label_id"]]
        settled_here = item["label_id"] == settled["label_id"]
        assert frame == (9 if settled_here else item["suggestion"]["frame"])
        assert (chances.max() == 1.0) == settled_here
        if not settled_here:
            middle = np.average(np.arange(21) - 10 + frame - item["frame"], weights=chances)
            flattened = np.sqrt(item["suggestion"]["posterior"])
            assert middle == pytest.approx(np.average(np.arange(21) - 10, weights=flattened), abs=0.3)
    work_off(work)
    notes = training.get_run(work, round_id)["notes"]
    assert notes[0].startswith("round 1")
    shown = review.queue(work, dataset, name="all", annotator="anna", limit=100)["items"]
    with pytest.raises(Conflict, match=f"run {round_id} is a round that goes on from run {run_id}"):
        training.delete_run(work, run_id)
    seen = [prediction_files.load(work.member_folder(round_id, each.number)) for each in member_numbers(run)]
    assert sorted(clip for each in seen if each for clip in each.clip_ids_N.tolist()) == list(range(1, 7))
    used = {item["suggestion"]["run_id"] for item in shown}
    assert used == ({round_id} if "are likelier under" in notes[0] else {run_id})


@pytest.mark.slow
def test_queries_can_be_what_convolved_scores_with_in_rounds_too(filled: Workspace) -> None:
    work, dataset = filled, 1
    request = training.RunRequest(dataset_id=dataset, epochs=1, sigma=2.0, head="queries")
    run_id = training.start_run(work, request)
    work_off(work)
    round_id = rounds.start_round(work, dataset)
    work_off(work)
    for made in (run_id, round_id):
        with work.database.reading() as session:
            run = runs.get_run(session, made)
        assert (run.state, train_config(run).uses_queries) == ("done", True)
        found = gather(work, run)
        assert found is not None
        assert np.nanmax(found.scores_MGS, axis=2).min() > 0


def test_reviews_are_heeded_without_training_and_only_changes_are_stored(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, dataset = filled, 1
    monkeypatch.setattr(refits, "REVIEWS_PER_REFIT", 2)
    run_id = training.start_run(work, training.RunRequest(dataset_id=dataset, epochs=1, sigma=2.0))
    work_off(work)
    items = review.queue(work, dataset, name="all", annotator="anna", limit=100)["items"]
    before = {item["label_id"]: item["suggestion"]["id"] for item in items}
    suggest_all(work, run_id)
    again = review.queue(work, dataset, name="all", annotator="anna", limit=100)["items"]
    assert {item["label_id"]: item["suggestion"]["id"] for item in again} == before
    for item in items[:2]:
        review.decide(
            work, NewDecision(key=str(uuid4()), label_id=item["label_id"], verdict="keep", annotator="anna")
        )
    queued = [job for job in jobs.list_jobs(work) if job["kind"] == "refit"]
    assert [job["state"] for job in queued] == ["queued"]
    work_off(work)
    done = jobs.get_job(work, queued[0]["id"])
    assert (done["state"], done["result"]["labels"]) == ("done", len(items))
    assert training.get_run(work, run_id)["state"] == "done"


@pytest.mark.parametrize(
    "wrong",
    [
        training.RunRequest(dataset_id=1, effort="huge"),
        training.RunRequest(dataset_id=1, grouping="city"),
        training.RunRequest(dataset_id=1, repeats=0),
        training.RunRequest(dataset_id=1, head="both"),
    ],
)
def test_what_cannot_be_cross_fitted_is_refused(filled: Workspace, wrong: training.RunRequest) -> None:
    with pytest.raises(BadConfig, match=r"effort is|grouping is|repeats is|head is"):
        training.start_run(filled, wrong)
