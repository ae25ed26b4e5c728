"""From evidence on disk to suggestions: where posteriors are centred, what audits and late looks change."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.actions import insight, rounds, training
from app.suggesting import gather, known_of, realign, recalibrated, suggest_all
from app.workspace import Workspace
from spotting.errors import Conflict
from storage import audit_stream, reviews
from storage.records import NewDecision
from tests.app.suggested import SIDE, add, move, peak, start, trained
from tests.app.tiny import workspace_in


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
        made = dict(zip(found.ids, realign(work, run, found, known_of(work, 1)).suggestions, strict=True))
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
    before = realign(work, run, found, known_of(work, 1))
    after = recalibrated(found, before, known_of(work, 1).audited)
    assert f"recalibrated on {len(audited)} labels of the blind audit" in after.notes[-1]
    right = {each.id: each.frame + move(each) for each in labels if each.id % 3}
    hits = np.array([right.get(i, -9) == s.frame for i, s in zip(found.ids, after.suggestions, strict=True)])
    was, now = (np.array([s.confidence for s in made.suggestions]) for made in (before, after))
    assert abs(now.mean() - hits.mean()) < abs(was.mean() - hits.mean())
    assert (np.diff(now[np.argsort(was, kind="stable")]) >= 0).all()
    assert [each.claimed for each in after.suggestions] == was.tolist()


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
    made = dict(zip(found.ids, realign(work, run, found, known_of(work, 1)).suggestions, strict=True))
    assert all(apart[one.id] > 1.5 for one in labels[:20])
    assert all(apart[one.id] < 0.1 for one in labels[20:])
    assert any("late epochs and models are" in reason for reason in made[labels[0].id].reasons)
    assert not any("frames apart" in reason for reason in made[labels[-1].id].reasons)
    mean = {
        side: np.mean([made[one.id].confidence for one in side_labels])
        for side, side_labels in (("apart", labels[:20]), ("alike", labels[20:]))
    }
    assert mean["apart"] < mean["alike"]


def test_notes_follow_what_reviews_have_shown_since(work: Workspace) -> None:
    labels = add(work, clips=3)
    run = trained(work, start(work), labels, lambda one, _: peak(move(one)))
    assert training.get_run(work, run.id)["notes"] == []
    told = suggest_all(work, run.id)
    assert training.get_run(work, run.id)["notes"] == list(told.notes)
    assert "Unverified" in told.notes[0]
    with work.database.writing() as session:
        audited = audit_stream.members(session, 1)
        for one in labels:
            if one.id in audited:
                new = {"key": str(one.id), "label_id": one.id, "verdict": "set", "annotator": "anna"}
                reviews.record(session, NewDecision(frame=one.frame + move(one), **new))
    suggest_all(work, run.id)
    notes = training.get_run(work, run.id)["notes"]
    assert f"from {len(audited)} reviewed labels" in notes[0]
    assert not any("Unverified" in note for note in notes)
    assert insight.catalogue(work, 1)["notes"] == notes
