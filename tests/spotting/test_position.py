"""Frames and normalised times round-trip; the position code is the textbook's, in frames."""

import math

import pytest
import torch

from spotting.position import sine_code, to_frames, to_time


@pytest.mark.parametrize("window", [7, 64, 100, 1000])
def test_every_frame_comes_back_from_its_time(window: int) -> None:
    frames = torch.arange(window)
    times = to_time(frames, window)
    assert ((times > 0) & (times < 1)).all()
    assert torch.equal(to_frames(times, window).round().long(), frames)
    assert torch.equal((times * window).floor().long(), frames)


def test_the_code_is_sines_and_cosines_of_unnormalised_frames() -> None:
    code = sine_code(torch.tensor([0.0, 3.0, 12.5]), 6)
    for row, position in enumerate((0.0, 3.0, 12.5)):
        angles = [position / 10000 ** (2 * pair / 6) for pair in range(3)]
        expected = [value for angle in angles for value in (math.sin(angle), math.cos(angle))]
        assert code[row].tolist() == pytest.approx(expected, abs=1e-5)
