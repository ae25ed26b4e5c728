"""The sample is made once, whatever happens in between."""

import json
from pathlib import Path

from app import tasks
from app.actions import datasets, training
from app.workspace import Workspace
from spotting.progress import silent
from storage import jobs
from tests.app.tiny import TinyFiles


def test_an_interrupted_sample_goes_on_where_it_was(work: Workspace, tiny: TinyFiles) -> None:
    tiny.copy(work.settings.data / datasets.SAMPLE)
    asked = datasets.ensure_sample(work)
    with work.database.writing() as session:
        job = jobs.claim(session, "test")
    assert job is not None
    assert job.id == asked["job_id"] == datasets.sample_job(work)
    results = [tasks.make_sample(work.settings, work.database, job, silent) for _ in range(2)]
    assert results[0] == results[1] == {"dataset_id": 1}
    assert [run["id"] for run in training.list_runs(work, 1)] == [1]
    assert datasets.ensure_sample(work) == {"dataset_id": 1, "job_id": None}
    given = json.loads(Path(tiny.labels).read_text())
    assert datasets.get_dataset(work, 1)["clips"] == len(given)
