from collections import Counter

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import datasets, offsets, reviews, shifts
from storage.moves import moves
from storage.offsets import Blocks, Part
from storage.records import NewDecision
from storage.tables import Standing
from tests.storage.conftest import PlansOf


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None) -> None:
    new = NewDecision(key=f"{label_id}", label_id=label_id, verdict=verdict, frame=frame, annotator="ann")
    reviews.record(session, new)


def test_residuals_are_signed_errors_against_the_truth(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session, clips=("one",), truth=True)
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    suggest(session, dataset_id, {labels[0]: 1.0, labels[1]: 3.0})
    decide(session, labels[1], "set", 21)
    decide(session, labels[2], "remove")
    found = offsets.residuals(session, dataset_id)
    assert found is not None
    assert found.labels == ("hit", "bounce", "hit")
    np.testing.assert_array_equal(found.tagged_L, [-1.25, -1.25, -1.25])
    np.testing.assert_array_equal(found.suggested_L, [-0.25, 1.75, np.nan])
    np.testing.assert_array_equal(found.final_L, [-1.25, -0.25, np.nan])


def test_without_truth_there_are_no_residuals(session: Session, add_dataset):
    dataset_id = add_dataset(session)
    assert offsets.residuals(session, dataset_id) is None
    assert offsets.mean_error(session, dataset_id) is None


def test_the_mean_error_is_that_of_the_tags(session: Session, add_dataset):
    dataset_id = add_dataset(session, truth=True)
    assert offsets.mean_error(session, dataset_id) == pytest.approx(1.25)


@pytest.fixture
def reviewed(session: Session, add_dataset, suggest) -> tuple[int, int]:
    """A dataset of two clips, partly suggested, decided and audited, and the first of its two runs."""
    dataset_id = add_dataset(session, frames=(10, 20, 30, 40, 98))
    labels = [label.id for label in datasets.labels(session, dataset_id)]
    first = suggest(session, dataset_id, dict(zip(labels[:6], (2, 2, 0, -1, -9, 3), strict=True)))
    suggest(session, dataset_id, dict(zip(labels[3:8], (1, 1, 0, 5, 2), strict=True)))
    for at, (verdict, frame) in enumerate([("set", 13), ("keep", None), ("remove", None), ("set", 41)]):
        decide(session, labels[2 * at], verdict, frame)
    session.execute(sa.update(Standing).where(Standing.label_id.in_(labels[:4])).values(audit=1))
    return dataset_id, first


def by_hand(session: Session, dataset_id: int, stage: str, by: str | None, part: Part) -> Counter:
    """The same counts, from every label read one by one."""
    told = moves(session, dataset_id, part.run_id)
    kept_L = np.isin(told.annotators_L, [part.annotator] if part.annotator else told.annotators_L)
    kept_L &= np.isin(told.labels_L, [part.label] if part.label else told.labels_L)
    kept_L &= np.isin(told.sources_L, [part.source] if part.source else told.sources_L)
    told = told.where(kept_L & told.audit_L if part.audit else kept_L)
    start_L = told.suggested_L if stage == "corrected" else told.tagged_L
    offsets_L = (told.suggested_L if stage == "suggested" else told.decided_L) - start_L
    groups = {"class": told.labels_L, "annotator": told.annotators_L, "video": told.sources_L}
    names = groups.get(by or "", np.full(len(told), "all")).tolist()
    return Counter((name, int(at)) for name, at in zip(names, offsets_L, strict=True) if np.isfinite(at))


def added_up(found: dict[str, Blocks]) -> Counter:
    """The labels of all blocks, by group and offset."""
    added: Counter = Counter()
    for name, blocks in found.items():
        for offset, labels in zip(blocks.offsets_G.tolist(), blocks.labels_G.tolist(), strict=True):
            added[name, offset] += labels
    return added


@pytest.mark.parametrize("stage", ["suggested", "decided", "corrected"])
@pytest.mark.parametrize("by", ["class", "annotator", "video", None])
@pytest.mark.parametrize("shift", [0, 2])
def test_the_counts_are_those_of_every_label_read_one_by_one(session: Session, reviewed, stage, by, shift):
    dataset_id, first = reviewed
    if shift:
        shifts.record(session, dataset_id, shift, annotator="ann", key="shift")
    parts = [
        Part(label="hit"),
        Part(annotator="ann"),
        Part(source="one", audit=True),
        Part(run_id=first),
        Part(),
    ]
    counted = []
    for part in parts:
        rows = list(offsets.counts(session, dataset_id, stage=stage, by=by, part=part))
        counted.append(Counter({(name, offset): labels for name, offset, labels in rows}))
        assert counted[-1] == by_hand(session, dataset_id, stage, by, part)
        blocks = offsets.by_block(session, dataset_id, stage=stage, by=by, part=part)
        assert counted[-1] == added_up(blocks)
    assert shift or all(counted)


def test_blocks_are_clips_that_are_dealt_out_in_turn(session: Session, reviewed, monkeypatch):
    def asked() -> Blocks:
        return offsets.by_block(session, reviewed[0], stage="suggested", by=None, part=Part())["all"]

    apart = asked()
    assert apart.clips == 2
    assert len(np.unique(apart.blocks_G)) == 2
    monkeypatch.setattr(offsets, "BLOCKS", 1)
    together = asked()
    assert together.clips == 2
    assert set(together.blocks_G.tolist()) == {0}
    assert together.labels_G.sum() == apart.labels_G.sum() == 8


@pytest.mark.parametrize("stage", ["suggested", "decided"])
def test_a_histogram_of_classes_reads_an_index_alone(session: Session, reviewed, stage, plans_of: PlansOf):
    counting = offsets.counts
    (plan,) = plans_of(lambda: list(counting(session, reviewed[0], stage=stage, by="class", part=Part())))
    index = {"suggested": "offset", "decided": "correction"}[stage]
    assert f"USING COVERING INDEX ix_standings_{index}" in plan
