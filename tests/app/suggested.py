"""A dataset without pictures, and runs of it that have seen what a test says they saw."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app import evidence_files
from app.actions import training
from app.workspace import Workspace
from spotting.events import Evidence
from storage import datasets, jobs, runs
from storage.formats.labelfile import NewLabel
from storage.records import LabelRecord, NewDataset, RunRecord
from tests.storage.conftest import make_clip

SIDE, EPOCHS = 10, 4
SHIFTS = np.arange(-SIDE, SIDE + 1)
Curve = Callable[[LabelRecord, int], NDArray[np.floating]]


def move(label: LabelRecord) -> int:
    """How far a label's event is from it: as often later as earlier."""
    return (-3, -1, 0, 2, 2)[label.id % 5]


def peak(at: float, width: float = 0.7) -> NDArray[np.floating]:
    return 0.01 + 0.8 * np.exp(-0.5 * ((SHIFTS - at) / width) ** 2)


def add(work: Workspace, clips: int) -> list[LabelRecord]:
    """Clips of 50 labels of two classes, ten frames apart."""
    labels = [NewLabel(label=("hit", "bounce")[i % 2], frame=10 * i + 20) for i in range(50)]
    made = tuple(make_clip(f"m_{i}", i, labels, num_frames=600) for i in range(clips))
    new = NewDataset(name="rally", label_file="x.json", classes=("hit", "bounce"), clips=made)
    with work.database.writing() as session:
        return datasets.labels(session, datasets.add_dataset(session, new))


def trained(
    work: Workspace, run_id: int, labels: list[LabelRecord], curve: Curve, members: int = 2
) -> RunRecord:
    """The run, done: `curve` gives what it saw around each label after each of its late epochs.

    Of its two members the first `members` have ended.
    """
    for member in range(members):
        folder, own = work.member_folder(run_id, member), labels[member::2]
        folder.mkdir(parents=True)
        for epoch in range(2, EPOCHS + 1):
            seen = [Evidence(0, at, curve(one, epoch).astype(np.float32), None) for at, one in enumerate(own)]
            ids = [one.id for one in own]
            evidence_files.save(folder, ids, seen, epoch=epoch, final=epoch == EPOCHS)
    with work.database.writing() as session:
        for _ in range(members):
            job = jobs.claim(session, "worker")
            assert job is not None
            jobs.finish(session, job)
        return runs.get_run(session, run_id)


def start(work: Workspace) -> int:
    return training.start_run(work, training.RunRequest(dataset_id=1, epochs=EPOCHS, sigma=2.0))
