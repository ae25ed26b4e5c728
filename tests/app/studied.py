"""A dataset with two runs, suggestions that know the truth about as well as they claim, and two reviewers."""

import numpy as np
import sqlalchemy as sa

from app.workspace import Workspace
from spotting.config import to_dict
from spotting.epochs import Epoch
from spotting.events import Match, Suggestion
from spotting.presets import small
from storage import datasets, jobs, reviews, runs, suggestions
from storage.records import LabelRecord, NewDecision
from storage.tables import Standing

EPOCHS = 4
SIDE = 12


def study(work: Workspace, dataset_id: int = 1) -> list[int]:
    """Fill the dataset; the two runs, oldest first."""
    rng = np.random.default_rng(0)
    with work.database.writing() as session:
        labels = datasets.labels(session, dataset_id)
        made = [runs.create_run(session, dataset_id, to_dict(small("dla")), folds=2) for _ in range(2)]
        for run_id in made:
            jobs.enqueue(session, "member", {"run_id": run_id, "member": 0})
            job = jobs.claim(session, "worker")
            assert job is not None
            jobs.finish(session, job, {"notes": []})
            for number in range(1, EPOCHS + 1):
                _epoch(session, run_id, number, labels)
            rows = [(label.id, _suggestion(label, rng)) for label in labels]
            suggestions.put(session, run_id, rows, provisional=False, epoch=EPOCHS)
            suggestions.mix_audit(session, run_id)
        for annotator, blur in (("anna", 0.4), ("ben", 0.9)):
            for label in labels[: len(labels) // 2]:
                _decide(session, label, annotator, rng.normal(0, blur))
        audited = [label.id for label in labels[::5]]
        session.execute(sa.update(Standing).where(Standing.label_id.in_(audited)).values(audit=1))
    return made


def _move(label: LabelRecord) -> float:
    assert label.true_frame is not None
    return label.true_frame - label.frame


def _epoch(session: object, run_id: int, number: int, labels: list[LabelRecord]) -> None:
    told = tuple(Match(0, at, _move(label) * number / EPOCHS, 0.6) for at, label in enumerate(labels))
    epoch = Epoch(number, 1 / number, {}, 1e-3, 900.0, 1.0, told)
    runs.add_epoch(session, run_id, 0, epoch, [label.id for label in labels])  # pyright: ignore[reportArgumentType]


def _suggestion(label: LabelRecord, rng: np.random.Generator) -> Suggestion:
    offset = float(np.clip(_move(label) + rng.normal(0, 0.8), -label.frame, 63 - label.frame))
    shifts = np.arange(-SIDE, SIDE + 1)
    curve = np.exp(-0.5 * (shifts - offset) ** 2).astype(np.float32)
    return Suggestion(
        frame=label.frame + round(offset),
        offset=offset,
        confidence=float(rng.uniform(0.6, 0.98)),
        posterior_S=curve / curve.sum(),
        scores_S=curve,
        matched_offset=offset,
        reasons=("one clear peak",),
    )


def _decide(session: object, label: LabelRecord, annotator: str, error: float) -> None:
    frame = int(np.clip(round(label.frame + _move(label) + error), 0, 63))
    new = NewDecision(
        key=f"{annotator} {label.id}", label_id=label.id, verdict="set", frame=frame, annotator=annotator
    )
    reviews.record(session, new)  # pyright: ignore[reportArgumentType]
