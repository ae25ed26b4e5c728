"""What a round learns from, against frames worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spotting.events import Event, LabelledClip
from spotting.rounds import realigned


class _NoFrames:
    def __len__(self) -> int:
        return 100

    def read(self, indices: object) -> np.ndarray:
        raise AssertionError("nothing here looks at pictures")


CLIP = LabelledClip("rally", "match", (Event("hit", 40), Event("serve", 60)), _NoFrames())


def test_labels_move_and_what_is_known_stays_where_it_was_in_the_video() -> None:
    posterior_S = np.array([0, 0, 0, 0.25, 0.75, 0, 0], np.float32)
    made = realigned(CLIP, [1, -3], [posterior_S, None], 7)
    assert made.events == (Event("hit", 41), Event("serve", 57))
    assert made.chances_LS is not None
    at = dict(zip(range(41 - 3, 41 + 4), made.chances_LS[0].tolist(), strict=True))
    assert at[41] / at[40] == pytest.approx(np.sqrt(3))
    assert made.chances_LS[1].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert CLIP.events[0].frame == 40


@given(arrays(np.float32, 9, elements=st.floats(0.015625, 1, width=32)), st.integers(-4, 4))
def test_chances_sum_to_one_and_keep_the_order_of_the_posterior(weights_S: np.ndarray, move: int) -> None:
    made = realigned(CLIP, [move, 0], [weights_S / weights_S.sum(), None], 9)
    assert made.chances_LS is not None
    chances_S = made.chances_LS[0]
    assert chances_S.sum() == pytest.approx(1, abs=1e-5)
    seen = [(weights_S[at + move], chances_S[at]) for at in range(9) if 0 <= at + move < 9]
    assert (np.diff([chance for _, chance in sorted(seen)]) >= 0).all()
    assert all(chances_S[at] == 0 for at in range(9) if not 0 <= at + move < 9)
