"""What is wrong with a dataset or a video as a whole is said, and not where nothing is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from spotting.caveats import closed, runaways
from spotting.sample import make_sample
from tests.spotting.simulated import LENGTH, Simulated, confidence, moved, simulate

SOURCES = [f"match{clip // 12}" for clip in range(250) for _ in range(4)]


def running(data: Simulated) -> dict[str, str]:
    """The videos that are found to run away, of 21."""
    sample = make_sample(
        data.scores[None], data.frames, data.classes, np.full(1000, LENGTH), reviewed={}, blind=None
    )
    return runaways(sample, SOURCES)


def stretched(data: Simulated, late: float) -> tuple[Simulated, NDArray[np.bool_]]:
    """`data` with match3 at another frame rate, `late` frames more every 24, and which are its labels."""
    off = np.array([source == "match3" for source in SOURCES[: len(data.true)]])
    return data.relabelled(np.where(off, np.rint(late * data.frames / 24), 0).astype(np.int64)), off


@pytest.mark.parametrize(("sigma", "said"), [(2.0, False), (4.0, True)])
def test_evidence_read_too_near_noisy_labels_is_said_to_be(sigma: float, said: bool) -> None:
    told = " ".join(simulate(sigma, count=200).suggest().notes)
    assert ("evidence was read up to 10 frames from each label" in told) == said


@pytest.mark.parametrize("late", [1.0, -1.0])
def test_one_video_labelled_at_another_frame_rate_is_named_and_no_other(late: float) -> None:
    found = running(stretched(simulate(1.0), late)[0])
    assert list(found) == ["match3"]
    assert found["match3"].startswith("its events run away from its labels")
    assert ("earlier towards its end" if late > 0 else "later towards its end") in found["match3"]
    assert "Is the frame rate right?" in found["match3"]


def test_labels_of_a_video_that_runs_away_are_kept() -> None:
    data, off = stretched(simulate(1.0, count=480), 1.0)
    found = data.suggest(reviews=60, sources=SOURCES[:480])
    assert (moved(found)[off] == data.frames[off]).all()
    assert all(found.suggestions[row].refused for row in np.flatnonzero(off).tolist())
    assert all(each.reasons[0].startswith("video match3: its events") for each in found.suggestions[144:192])
    assert np.mean(moved(found)[~off] != data.frames[~off]) > 0.3
    assert confidence(found)[off].mean() < confidence(found)[~off].mean() - 0.2
    assert any(note.startswith("video match3: its events run away") for note in found.notes)


def test_a_video_that_runs_away_says_nothing_of_the_noise_of_the_others() -> None:
    data, off = stretched(simulate(1.0, count=480), 1.0)
    rest = Simulated(
        data.scores[~off],
        data.true[~off],
        data.frames[~off],
        [name for name, away in zip(data.classes, off, strict=True) if not away],
        data.clips[~off],
    )
    reviews = np.flatnonzero(~off)[::8]
    beside = data.suggest(rows=reviews.tolist(), sources=SOURCES[:480])
    alone = rest.suggest(rows=list(range(0, len(rest.true), 8)))
    assert beside.noise.sigma == pytest.approx(alone.noise.sigma, rel=0.1)
    agreed = moved(beside)[~off] == moved(alone)
    assert agreed.mean() > 0.95


def test_ten_reviews_of_its_labels_let_the_labels_of_such_a_video_move() -> None:
    videos = ["a"] * 12 + ["b"] * 12
    assert closed({"b": "off"}, videos, range(3, 21)) == [None] * 12 + ["video b: off"] * 12
    assert closed({"b": "off"}, videos, range(14, 24)) == [None] * 24


@pytest.mark.parametrize("seed", range(3))
def test_videos_that_are_late_as_a_whole_do_not_run_away(seed: int) -> None:
    data = simulate(1.0, seed=seed)
    whole = np.random.default_rng(seed).integers(-2, 3, 21).repeat(48)[:1000]
    assert running(data.relabelled(whole)) == {}


def test_hardly_a_video_that_is_late_from_a_cut_on_runs_away() -> None:
    wrong = 0
    for seed in range(10):
        data = simulate(1.0, seed=seed)
        late = np.random.default_rng(seed).integers(-2, 3, (2, 21)).repeat(48, axis=1)[:, :1000]
        wrong += len(running(data.relabelled(np.where(data.frames > 90, late[1], late[0]))))
    assert wrong <= 0.03 * 210
