"""From evidence on disk to suggestions: where posteriors are centred, what audits and late looks change."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app import evidence_files
from app.actions import rounds, training
from app.suggesting import gather, realign, recalibrated, suggest_all
from app.workspace import Workspace
from spotting.errors import Conflict
from spotting.events import Evidence
from storage import audit_stream, datasets, jobs, reviews, runs
from storage.formats.labelfile import NewLabel
from storage.records import LabelRecord, NewDataset, NewDecision, RunRecord
from tests.app.tiny import workspace_in
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


def trained(work: Workspace, run_id: int, labels: list[LabelRecord], curve: Curve) -> RunRecord:
    """The run, done: `curve` gives what it saw around each label after each of its late epochs."""
    for member in range(2):
        folder, own = work.member_folder(run_id, member), labels[member::2]
        folder.mkdir(parents=True)
        for epoch in range(2, EPOCHS + 1):
            seen = [Evidence(0, at, curve(one, epoch).astype(np.float32), None) for at, one in enumerate(own)]
            ids = [one.id for one in own]
            evidence_files.save(folder, ids, seen, epoch=epoch, final=epoch == EPOCHS)
    with work.database.writing() as session:
        while (job := jobs.claim(session, "worker")) is not None:
            jobs.finish(session, job)
        return runs.get_run(session, run_id)


def start(work: Workspace) -> int:
    return training.start_run(work, training.RunRequest(dataset_id=1, epochs=EPOCHS, sigma=2.0))


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace_in(tmp_path / "data") as fresh:
        yield fresh


def test_rounds_do_not_drift_as_each_is_centred_on_the_label_as_it_came(work: Workspace) -> None:
    labels = add(work, clips=3)
    run_id, offsets = start(work), []
    for width in (1.2, 0.8, 0.5):
        run = trained(
            work,
            run_id,
            labels,
            lambda one, _, width=width: np.full(21, 0.01) if one.id <= 5 else peak(move(one), width),
        )
        found = gather(work, run)
        assert found is not None
        made = dict(zip(found.ids, realign(work, run, found).suggestions, strict=True))
        assert all(made[one.id].offset == 0 for one in labels if one.id <= 5)
        assert all(int(made[one.id].posterior_S.argmax()) == SIDE for one in labels if one.id <= 5)
        offsets.append([made[one.id].offset for one in labels if one.id > 5])
        suggest_all(work, run_id)
        if len(offsets) < 3:
            run_id = rounds.start_round(work, 1)
    meant = [move(one) for one in labels if one.id > 5]
    assert np.median(offsets, axis=1).tolist() == [np.median(meant)] * 3
    assert np.std(offsets, axis=1).max() < np.std(meant) + 0.05
    with pytest.raises(Conflict, match="is round 2 already: more rounds drift"):
        rounds.start_round(work, 1)


def test_a_run_recalibrates_its_confidences_on_the_blind_audit(work: Workspace) -> None:
    labels = add(work, clips=14)
    run = trained(work, start(work), labels, lambda one, _: peak(move(one)))
    with work.database.writing() as session:
        audited = sorted(audit_stream.members(session, 1))
        for label_id in audited:
            one = labels[label_id - 1]
            assert one.id == label_id
            right = one.frame + move(one) + (5 if label_id % 3 == 0 else 0)
            new = NewDecision(
                key=str(label_id), label_id=label_id, verdict="set", frame=right, annotator="anna"
            )
            reviews.record(session, new)
    found = gather(work, run)
    assert found is not None
    before = realign(work, run, found)
    after = recalibrated(work, run, found, before)
    assert f"recalibrated on {len(audited)} labels of the blind audit" in after.notes[-1]
    right = {each.id: each.frame + move(each) for each in labels if each.id % 3}
    hits = np.array([right.get(i, -9) == s.frame for i, s in zip(found.ids, after.suggestions, strict=True)])
    was, now = (np.array([s.confidence for s in made.suggestions]) for made in (before, after))
    assert abs(now.mean() - hits.mean()) < abs(was.mean() - hits.mean())
    assert (np.diff(now[np.argsort(was, kind="stable")]) >= 0).all()


def test_late_epochs_that_differ_are_told_and_counted_as_disagreement(work: Workspace) -> None:
    labels = add(work, clips=3)
    run = trained(
        work,
        start(work),
        labels,
        lambda one, epoch: peak(move(one) + (3 * (epoch - 3) if one.id <= 20 else 0)),
    )
    suggest_all(work, run.id)
    found = gather(work, run)
    assert found is not None
    apart = dict(zip(found.ids, found.disagreement_G.tolist(), strict=True))
    made = dict(zip(found.ids, realign(work, run, found).suggestions, strict=True))
    assert all(apart[one.id] > 1.5 for one in labels[:20])
    assert all(apart[one.id] < 0.1 for one in labels[20:])
    assert any("late epochs and models are" in reason for reason in made[labels[0].id].reasons)
    assert not any("frames apart" in reason for reason in made[labels[-1].id].reasons)
    mean = {
        side: np.mean([made[one.id].confidence for one in side_labels])
        for side, side_labels in (("apart", labels[:20]), ("alike", labels[20:]))
    }
    assert mean["apart"] < mean["alike"]
