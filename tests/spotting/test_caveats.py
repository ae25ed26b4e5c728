"""What is wrong with a dataset or a video as a whole is said, and not where nothing is."""

import numpy as np
import pytest

from spotting.caveats import caveats
from spotting.sample import make_sample
from tests.spotting.simulated import LENGTH, RADIUS, Simulated, simulate

SOURCES = [f"match{clip // 12}" for clip in range(250) for _ in range(4)]


def runaways(data: Simulated) -> list[str]:
    """What is said about the videos, evidence being read widely enough."""
    sample = make_sample(
        data.scores[None], data.frames, data.classes, np.full(1000, LENGTH), reviewed={}, blind=None
    )
    sure_GS = np.eye(2 * RADIUS + 1)[np.full(1000, RADIUS)]
    return caveats(sample, sure_GS, 1.0, SOURCES)


@pytest.mark.parametrize(("sigma", "said"), [(2.0, False), (4.0, True)])
def test_evidence_read_too_near_noisy_labels_is_said_to_be(sigma: float, said: bool) -> None:
    told = " ".join(simulate(sigma, count=200).suggest().notes)
    assert ("evidence was read up to 10 frames from each label" in told) == said


@pytest.mark.parametrize("late", [1.0, -1.0])
def test_one_video_labelled_at_another_frame_rate_is_named_and_no_other(late: float) -> None:
    data = simulate(1.0)
    off = np.array([source == "match3" for source in SOURCES])
    stretched = data.relabelled(np.where(off, np.rint(late * data.frames / 24), 0).astype(np.int64))
    (told,) = runaways(stretched)
    assert told.startswith("video match3: its events run away from its labels")
    assert ("earlier towards its end" if late > 0 else "later towards its end") in told
    assert "another frame rate" in told


@pytest.mark.parametrize("seed", range(3))
def test_videos_that_are_late_as_a_whole_do_not_run_away(seed: int) -> None:
    data = simulate(1.0, seed=seed)
    whole = np.random.default_rng(seed).integers(-2, 3, 21).repeat(48)[:1000]
    assert runaways(data.relabelled(whole)) == []
