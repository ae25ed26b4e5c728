"""Several trainings that judged the same labels: how far they differ tells the model's error."""

import numpy as np
import pytest

from spotting.posterior import suggest
from tests.spotting.simulated import LENGTH, moved, simulate


def test_trainings_that_differ_as_far_as_labels_err_move_nothing() -> None:
    data = simulate(0.5, jitter=2.0, seed=1)
    apart = np.random.default_rng(2).integers(-3, 4, 1000)
    other = np.stack([np.roll(row, shift) for row, shift in zip(data.scores, apart.tolist(), strict=True)])
    lengths = np.full(1000, LENGTH)
    found = suggest(np.stack([data.scores, other]), data.frames, data.classes, lengths, clip_ids=data.clips)
    assert (moved(found) == data.frames).all()
    assert "trainings on the same labels put it" in found.suggestions[0].reasons[0]
    assert found.suggestions[0].disagreement is not None


def test_models_that_disagree_make_moves_cautious() -> None:
    first, second = (simulate(1.0, count=500, jitter=jitter, seed=1) for jitter in (0.3, 1.5))
    lengths = np.full(500, LENGTH)
    alike, apart = (
        suggest(np.stack([first.scores, other]), first.frames, first.classes, lengths, clip_ids=first.clips)
        for other in (first.scores, second.scores)
    )
    assert alike.noise.basis == apart.noise.basis == "disagreement"
    assert apart.noise.error > alike.noise.error
    assert (moved(apart) != first.frames).sum() < (moved(alike) != first.frames).sum()


@pytest.mark.parametrize(("stated", "believed"), [(None, None), (1.0, True), (2.0, True), (6.0, False)])
def test_a_stated_label_error_counts_beside_repeated_trainings(
    stated: float | None, believed: bool | None
) -> None:
    """Two trainings and 120 labels, whose own error is 2 frames."""
    first, second = simulate(2.0, count=120, seed=2), simulate(2.0, count=120, jitter=0.6, seed=2)
    found = suggest(
        np.stack([first.scores, second.scores]),
        first.frames,
        first.classes,
        np.full(120, LENGTH),
        clip_ids=first.clips,
        sigma=stated,
    )
    assert found.noise.basis == "disagreement"
    assert found.noise.believed == believed
    assert (found.noise.sigma < 1.5) == (stated == 1.0)
    said = {None: "", True: "the stated label error is used", False: "labels belie the stated label error"}
    assert said[believed] in found.notes[0]


def test_from_fifty_reviews_on_the_model_error_is_fitted_whatever_repeats_tell() -> None:
    """Two trainings agree to the frame and are 1.5 frames off: an error that they share."""
    data = simulate(1.0, count=60, jitter=1.5, seed=2)
    drawn = np.random.default_rng(5).permutation(60).tolist()
    errors = [
        suggest(
            np.stack([data.scores, data.scores]),
            data.frames,
            data.classes,
            np.full(60, LENGTH),
            clip_ids=data.clips,
            reviewed={row: int(data.true[row]) for row in drawn[:reviews]},
        ).noise.error
        for reviews in (48, 49, 50, 51)
    ]
    assert abs(errors[1] - errors[0]) < 0.05
    assert errors[2] - errors[1] > 0.1
    assert abs(errors[3] - errors[2]) < 0.05
