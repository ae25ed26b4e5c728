"""Missing, spurious and swapped labels found from predictions, and whether their confidence is honest."""

import numpy as np
import pytest

from spotting.doubts import ClipLabels
from spotting.events import Event, Prediction
from spotting.unmatched import Settled, missing_confidence, spurious_confidence, surprises

NEAR = 5


def rally(
    seed: int, *, missing: float = 0.1, false: float = 0.3, clips: int = 60
) -> tuple[list[ClipLabels], list[list[Prediction]], set[tuple[int, int]]]:
    """Clips with labels, predictions with false alarms among them, and what is missing."""
    rng = np.random.default_rng(seed)
    told, seen, gone = [], [], set()
    for clip in range(clips):
        frames = np.arange(10, 300, 20)
        names = rng.choice(["hit", "bounce"], len(frames)).tolist()
        kept = rng.random(len(frames)) >= missing
        events = [Event(n, int(f)) for n, f, k in zip(names, frames, kept, strict=True) if k]
        gone |= {(clip, int(f)) for f, k in zip(frames, kept, strict=True) if not k}
        found = [Prediction(n, int(f), float(rng.beta(6, 2))) for n, f in zip(names, frames, strict=True)]
        found += [
            Prediction(str(rng.choice(["hit", "bounce"])), int(f) + 10, float(rng.beta(2, 4)))
            for f in frames
            if rng.random() < false
        ]
        told.append(ClipLabels(f"clip{clip}", 300, tuple(events)))
        seen.append(found)
    return told, seen, gone


def test_most_missing_labels_are_found_and_the_confidence_is_what_it_says():
    sure, right, found_of = [], [], []
    for seed in range(3):
        clips, predictions, gone = rally(seed)
        doubts = [doubt for doubt in surprises(clips, predictions, NEAR) if doubt.kind == "missing"]
        at = [(doubt.clip, doubt.proposed.frame) for doubt in doubts if doubt.proposed]
        sure += [doubt.weight for doubt in doubts]
        right += [place in gone for place in at]
        found_of.append(len(set(at) & gone) / len(gone))
    assert np.mean(found_of) > 0.5
    assert abs(np.mean(sure) - np.mean(right)) < 0.15
    assert np.mean(right) > 0.7


def test_scores_that_tell_nothing_are_not_believed():
    clips, predictions, _ = rally(0, missing=0.02, false=1.0)
    rng = np.random.default_rng(3)
    blind = [[Prediction(p.label, p.frame, float(rng.uniform(0.4, 0.6))) for p in of] for of in predictions]
    found = [doubt for doubt in surprises(clips, blind, NEAR) if doubt.kind == "missing"]
    assert len(found) < 0.05 * sum(map(len, blind))


def test_a_label_of_another_class_is_swapped_and_one_of_nothing_spurious():
    clips, predictions, _ = rally(1, missing=0.0, false=0.0)
    events = list(clips[0].events)
    meant = events[2].label
    other = {"hit": "bounce", "bounce": "hit"}[meant]
    events[2] = Event(other, events[2].frame + 1)
    events.append(Event("hit", 299))
    clips[0] = ClipLabels("clip0", 300, tuple(events))
    swapped, spurious = (
        [d for d in surprises(clips, predictions, NEAR) if d.kind == kind and d.clip == 0]
        for kind in ("swapped", "spurious")
    )
    assert [(d.event, d.proposed) for d in swapped] == [(2, Event(meant, 50))]
    assert [d.event for d in spurious] == [len(events) - 1]
    assert "hardly at all" in swapped[0].reason


def test_what_people_settled_says_how_often_a_quiet_label_is_wrong():
    assert spurious_confidence(Settled()) == 0.5
    assert spurious_confidence(Settled(right=18, asked=20)) > 0.8
    assert spurious_confidence(Settled(right=1, asked=20)) < 0.2


def test_few_labels_give_modest_confidence_and_a_clean_score_more():
    few, many = missing_confidence([5], [1])[0], missing_confidence([25] * 8, [2] * 8)[0]
    clean, dirty = missing_confidence([25] * 8, [2] * 7 + [15])[[0, 7]]
    assert few < many
    assert dirty < 0.25 < 0.6 < clean
    assert missing_confidence([], []).shape == (0,)


def test_few_labels_of_a_class_say_nothing():
    clips = [ClipLabels("a", 100, (Event("hit", 5),))]
    assert surprises(clips, [[Prediction("hit", 50, 0.9)]], NEAR) == []


@pytest.mark.parametrize("near", [0, 3])
def test_no_two_predictions_share_a_label(near: int):
    clips = [ClipLabels("a", 1000, tuple(Event("hit", 20 * i) for i in range(12)))]
    predictions = [[Prediction("hit", 20 * i, 0.9) for i in range(12)]]
    assert surprises(clips, predictions, near) == []
