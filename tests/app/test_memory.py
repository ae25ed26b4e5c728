"""A training that does not fit ends with the setting that takes less memory."""

import pytest
import torch

from app.actions import fitting, training
from app.tasks import memory_in_words
from app.workspace import Workspace
from spotting.errors import BadConfig, Conflict
from spotting.memory import advice
from spotting.presets import small
from storage import jobs


def test_memory_that_is_not_there_is_said_with_a_smaller_setting() -> None:
    with pytest.raises(BadConfig, match="try batch 4"), memory_in_words(small(), "CPU, 2 cores"):
        torch.empty(1 << 50)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="must match"), memory_in_words(small(), "CPU, 2 cores"):
        _ = torch.ones(2) + torch.ones(3)


def fail_all(work: Workspace, error: str) -> None:
    with work.database.writing() as session:
        while job := jobs.claim(session, "worker"):
            jobs.fail(session, job, error)


def test_a_run_that_did_not_fit_is_begun_again_with_half_the_batch(filled: Workspace) -> None:
    request = training.RunRequest(dataset_id=1, batch=6, objective="convolved", grouping="clip")
    run = training.start_run(filled, request)
    assert fitting.smaller_words(filled, run) is None
    fail_all(filled, advice(training.configure(request), "CPU, 2 cores"))
    assert fitting.smaller_words(filled, run) == "batch 3, which takes about half the memory"
    again = training.get_run(filled, fitting.start_smaller(filled, run))
    assert again["config"] == training.get_run(filled, run)["config"] | {"batch": 3}
    fail_all(filled, "the disk is full")
    with pytest.raises(Conflict, match="did not run out of memory"):
        fitting.start_smaller(filled, again["id"])
