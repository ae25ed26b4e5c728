"""What the members of a round learn from and are held out from, on real files and without training."""

from collections import Counter

import numpy as np
import pytest

from app.actions import review, rounds
from app.members import Member, open_member
from app.workspace import Workspace
from spotting.progress import silent
from storage import datasets, doubts, suggestions
from storage.doubts import NewDoubt
from storage.records import LabelRecord, NewDecision
from tests.app.studied import study

Learned = dict[int, tuple[str, int, float]]


@pytest.fixture
def labels(filled: Workspace) -> list[LabelRecord]:
    """The labels of a dataset with a finished run; nobody has decided about the later half of them."""
    study(filled)
    with filled.database.reading() as session:
        return datasets.labels(session, 1)


def decide(work: Workspace, label_id: int, verdict: str, **more: object) -> None:
    new = {"key": f"{label_id} {verdict}", "label_id": label_id, "verdict": verdict, "annotator": "carl"}
    review.decide(work, NewDecision(**new, **more))  # pyright: ignore[reportArgumentType]


def opened(work: Workspace) -> list[Member]:
    round_id = rounds.start_round(work, 1)
    return [open_member(work, round_id, number, "cpu", silent) for number in range(2)]


def learned(members: list[Member]) -> Learned:
    """Class, frame and certainty (of the likeliest frame) of each event that a member learns, by label id."""
    told: Learned = {}
    for member in members:
        for (clip, at), label_id in member.train_ids.items():
            chances_LS, event = member.train[clip].chances_LS, member.train[clip].events[at]
            assert chances_LS is not None
            told[label_id] = (event.label, event.frame, float(chances_LS[at].max()))
    return told


def propose(work: Workspace, *missing: NewDoubt) -> list[int]:
    with work.database.writing() as session:
        doubts.put(session, 1, "run", missing)
    items = review.queue(work, 1, name="missing", annotator="carl", limit=10)["items"]
    return [item["label_id"] for item in items]


def test_a_round_learns_from_what_people_left_of_the_labels(
    filled: Workspace, labels: list[LabelRecord]
) -> None:
    removed, another, set_there, untouched = labels[-4:]
    decide(filled, removed.id, "remove")
    other = next(one.label for one in labels if one.label != another.label)
    decide(filled, another.id, "relabel", label=other)
    decide(filled, set_there.id, "set", frame=7)
    clip, kind = labels[0].clip_id, labels[0].label
    missing = [
        NewDoubt(kind="missing", reason="seen", clip_id=clip, frame=at, label=kind) for at in (3, 33, 60)
    ]
    added, dismissed, waiting = sorted(propose(filled, *missing))
    decide(filled, added, "set", frame=5)
    decide(filled, dismissed, "remove")
    members = opened(filled)
    told = learned(members)
    assert set(told) == {one.id for one in labels} - {removed.id} | {added}
    assert told[another.id] == (other, another.frame, 1.0)
    assert told[set_there.id] == (set_there.label, 7, 1.0)
    assert told[added] == (kind, 5, 1.0)
    with filled.database.reading() as session:
        shown = suggestions.for_label(session, untouched.id)
    assert shown is not None
    assert told[untouched.id][:2] == (untouched.label, shown.frame)
    assert told[untouched.id][2] < 0.5
    moved = members[0].moved | members[1].moved
    assert (moved[added], moved[set_there.id]) == (5 - 3, 7 - set_there.frame)
    assert waiting not in moved


def test_evidence_of_a_round_is_about_the_labels_as_they_came(
    filled: Workspace, labels: list[LabelRecord]
) -> None:
    decide(filled, labels[-1].id, "remove")
    decide(filled, labels[-2].id, "set", frame=2)
    held: Counter[tuple[str, int]] = Counter()
    for member in opened(filled):
        held.update((event.label, event.frame) for clip in member.held for event in clip.events)
    assert held == Counter((one.label, one.frame) for one in labels)


def test_the_clips_of_members_are_never_on_both_sides_and_each_is_held_out_once(
    filled: Workspace, labels: list[LabelRecord]
) -> None:
    members = opened(filled)
    sources = {clip.source for member in members for clip in (*member.train, *member.held)}
    for member in members:
        trained, held = ({clip.source for clip in side} for side in (member.train, member.held))
        assert trained
        assert held
        assert (trained & held, trained | held) == (set(), sources)
        assert not set(member.train_ids.values()) & set(member.held_ids.values())
    everywhere = [label_id for member in members for label_id in member.held_ids.values()]
    assert sorted(everywhere) == [one.id for one in labels]
    assert np.unique([clip for member in members for clip in member.held_clips]).size == 6
