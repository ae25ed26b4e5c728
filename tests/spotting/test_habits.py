"""Annotators and videos that are off as a whole: found, used, and named."""

import numpy as np
import pytest

from spotting.metrics import calibration_error, change, residuals
from tests.spotting.simulated import confidence, moved, simulate

LAGS = np.array([-2, 0, 2, 5])


def test_lags_of_annotators_are_found_and_taken_off() -> None:
    rng = np.random.default_rng(3)
    who = rng.integers(0, 4, 1000)
    data = simulate(1.0, width=1.5, jitter=0.7, strength=4.0).relabelled(LAGS[who])
    pooled = data.suggest(60)
    known = data.suggest(60, annotators=[f"annotator {number}" for number in who])
    habits = {habit.name: habit for habit in known.noise.habits}
    late = np.array([habits[f"annotator {number}"].late for number in range(4)])
    assert late - late.mean() == pytest.approx(LAGS - LAGS.mean(), abs=0.4)
    assert habits["annotator 3"].stands_out
    assert known.noise.sigma == pytest.approx(1.0, abs=0.3)
    after = residuals(moved(known), data.true).mean
    assert after < 0.85 * residuals(moved(pooled), data.true).mean
    right = np.abs(moved(known) - data.true) <= 1
    assert calibration_error(confidence(known), right) <= 0.03


def test_a_careless_annotator_is_trusted_less() -> None:
    rng = np.random.default_rng(4)
    careless = rng.random(1000) < 0.3
    extra = np.rint(rng.normal(0, 3, 1000)).astype(int) * careless
    data = simulate(0.5).relabelled(extra)
    found = data.suggest(annotators=np.where(careless, "careless", "careful").tolist())
    scale = {habit.name: habit.scale for habit in found.noise.habits}
    assert scale["careless"] > 2 * scale["careful"]


def test_a_video_that_is_off_as_a_whole_is_found() -> None:
    rng = np.random.default_rng(5)
    video = np.arange(1000) // 20
    late = np.rint(rng.normal(0, 2, 50)).astype(int)
    data = simulate(1.0, width=1.5, jitter=0.7, strength=4.0).relabelled(late[video])
    sources = [f"video {number:02}" for number in video]
    pooled, known = data.suggest(60), data.suggest(60, sources=sources)
    found = np.array([habit.late for habit in known.noise.habits])
    assert np.corrcoef(found, late)[0, 1] > 0.9
    after = residuals(moved(known), data.true).mean
    assert after < 0.95 * residuals(moved(pooled), data.true).mean
    assert any(note.startswith("video video") for note in known.notes)


@pytest.mark.parametrize("reviews", [0, 30])
def test_videos_whose_annotators_mean_another_instant_are_left_as_they_are(reviews: int) -> None:
    video = np.arange(600) // 20
    late = np.tile([-2, 0, 2], 10)[video]
    data = simulate(0.5, count=600).relabelled(late)
    data.true = data.true + late
    found = data.suggest(reviews, sources=[f"video {number:02}" for number in video])
    assert change(data.frames, moved(found), data.true).worse <= 0.03
    assert any(habit.stands_out for habit in found.noise.habits)


def test_labels_alike_have_no_habits() -> None:
    data = simulate(1.0, count=400)
    names = [("anna", "bo", None)[number % 3] for number in range(400)]
    found = data.suggest(annotators=names, sources=[f"v{number // 40}" for number in range(400)])
    assert not any(habit.stands_out for habit in found.noise.habits)
    assert [habit.late for habit in found.noise.habits] == pytest.approx([0] * 12, abs=0.3)
