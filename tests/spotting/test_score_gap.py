import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.score_gap import score_gaps


def test_the_gap_is_between_the_two_best_scores_near_the_label():
    scores = np.array([[0.99, 0.1, 0.7, 0.6, 0.95], [0.0, 0.2, 0.2, 0.1, 0.0]])
    np.testing.assert_allclose(score_gaps(scores, 1), [0.1, 0.0])
    np.testing.assert_allclose(score_gaps(scores, 2), [0.04, 0.0])


def test_frames_outside_the_clip_do_not_count():
    scores = np.array([[np.nan, np.nan, 0.7, 0.2, 0.1], [np.nan, np.nan, 0.7, np.nan, np.nan]])
    np.testing.assert_allclose(score_gaps(scores, 1), [0.5, np.nan])


@pytest.mark.parametrize("tolerance", [0, 3])
def test_a_tolerance_beyond_the_scores_is_refused(tolerance):
    with pytest.raises(BadConfig, match="scores reach 2 frames"):
        score_gaps(np.zeros((1, 5)), tolerance)
