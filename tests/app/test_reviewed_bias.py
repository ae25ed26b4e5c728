"""What reviewers decide about one person's labels changes what is believed of that person's others."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.suggesting import Gathered, known_of, realign
from app.workspace import Workspace
from storage import audit_stream, datasets, reviews, runs
from storage.formats.labelfile import NewLabel
from storage.records import LabelRecord, NewDataset, NewDecision
from tests.app.tiny import workspace_in
from tests.storage.conftest import make_clip

CLIPS, FRAMES, LATE, RADIUS = 60, (30, 70, 110, 160), 3, 10
PEOPLE = ("anna", "bo")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """Clips that two people labelled in turn."""
    clips = [
        [NewLabel(label="hit", frame=frame, annotator=PEOPLE[at % 2]) for frame in FRAMES]
        for at in range(CLIPS)
    ]
    made = tuple(make_clip(f"m_{at}", at, labels, 200) for at, labels in enumerate(clips))
    with workspace_in(tmp_path / "data") as fresh:
        with fresh.database.writing() as session:
            datasets.add_dataset(session, NewDataset(name="d", label_file="x", classes=("hit",), clips=made))
        yield fresh


def peaks(labels: list[LabelRecord], late: str) -> Gathered:
    """Evidence that lies three frames before the labels of `late`, and at the other person's."""
    shifts_S = np.arange(-RADIUS, RADIUS + 1)
    centre_G = np.array([-LATE if label.annotator == late else 0 for label in labels])
    chance = np.random.default_rng(0)
    centre_G = centre_G + chance.normal(0, 0.5, len(labels))
    peak_GS = 5 * np.exp(-0.5 * ((shifts_S - centre_G[:, None]) / 1.2) ** 2)
    return Gathered(
        ids=[label.id for label in labels],
        scores_MGS=1 / (1 + np.exp(6 - peak_GS - chance.normal(0, 0.4, peak_GS.shape)))[None],
        matched=[None] * len(labels),
        disagreement_G=np.full(len(labels), np.nan),
        epoch_G=np.ones(len(labels), dtype=np.int64),
        final_G=np.ones(len(labels), dtype=bool),
        complete=True,
    )


def believed(work: Workspace, late: str, *, lags: bool) -> dict[str, NDArray[np.float64]]:
    """P(shift) of the labels of each person that nobody reviewed, on average.

    The blind audit found the other person's labels right, and those of `late` three frames late (`lags`) or
    right as well.
    """
    with work.database.writing() as session:
        run_id = runs.create_run(session, 1, {}, folds=2)
        run, labels = runs.get_run(session, run_id), datasets.labels(session, 1)
        audited = audit_stream.members(session, 1)
        for label in labels:
            if label.id in audited:
                frame = label.frame - LATE if lags and label.annotator == late else label.frame
                new = NewDecision(
                    key=f"{label.id}", label_id=label.id, verdict="set", frame=frame, annotator="a reviewer"
                )
                reviews.record(session, new)
    made = realign(work, run, peaks(labels, late), known_of(work, 1)).suggestions
    return {
        who: np.mean(
            [
                suggestion.posterior_S
                for label, suggestion in zip(labels, made, strict=True)
                if label.annotator == who and label.id not in audited
            ],
            axis=0,
        )
        for who in PEOPLE
    }


@pytest.mark.parametrize("lags", [True, False])
@pytest.mark.parametrize("late", PEOPLE)
def test_reviews_decide_whether_a_person_is_late_or_means_another_instant(
    work: Workspace, late: str, lags: bool
):
    belief = believed(work, late, lags=lags)
    (other,) = {*PEOPLE} - {late}
    shifts_S = np.arange(len(belief[late])) - len(belief[late]) // 2
    assert belief[late] @ shifts_S == pytest.approx(-LATE if lags else 0, abs=0.5)
    assert belief[other] @ shifts_S == pytest.approx(0, abs=0.5)
