"""Times and frames: what is written is read back, by readers that floor and readers that round."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotting.errors import Conflict
from storage.formats.clock import Constant, Table, exact_rate, frame_at, milliseconds

NTSC = [Fraction(1000 * n, 1001) for n in (24, 30, 48, 60, 120, 240)]
RATES = [*NTSC, *(Fraction(n) for n in (24, 25, 30, 48, 50, 60, 90, 100, 120, 144, 200, 240))]
HOUR_AND_MORE = np.arange(200_000, dtype=np.int64)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
def test_a_written_millisecond_is_read_back_by_every_reader(rate: Fraction):
    """In exact integers, and in doubles with the rate in full; readers that round also with 29.97."""
    written = HOUR_AND_MORE * 1000 * rate.denominator // rate.numerator + 1
    doubled = 2 * written * rate.numerator + 1000 * rate.denominator
    assert np.array_equal(written * rate.numerator // (1000 * rate.denominator), HOUR_AND_MORE)
    assert np.array_equal(doubled // (2000 * rate.denominator), HOUR_AND_MORE)
    fps = float(rate)
    assert np.array_equal((written / 1000 * fps).astype(np.int64), HOUR_AND_MORE)
    assert np.array_equal(np.rint(written / 1000 * fps).astype(np.int64), HOUR_AND_MORE)
    rounded = round(fps, 3)
    assert np.array_equal(np.rint(written / 1000 * rounded).astype(np.int64), HOUR_AND_MORE)


@given(st.sampled_from(RATES), st.integers(0, 2_000_000), st.sampled_from(["floor", "round"]))
def test_the_clock_writes_that_millisecond_and_reads_it_back(rate: Fraction, frame: int, rule):
    clock = Constant(rate)
    written = milliseconds(clock, frame)
    assert written == frame * 1000 * rate.denominator // rate.numerator + 1
    assert frame_at(clock, Fraction(written, 1000), rule) == frame


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
def test_a_truncated_millisecond_is_read_back_by_rounding_only(rate: Fraction):
    clock = Constant(rate)
    truncated = [Fraction(int(clock.start(frame) * 1000), 1000) for frame in range(2000)]
    assert [frame_at(clock, t, "round") for t in truncated] == list(range(2000))
    exact = 1000 % rate == 0
    assert ([frame_at(clock, t, "floor") for t in truncated] == list(range(2000))) == exact


GAPS = st.lists(st.integers(3, 5000), min_size=1, max_size=30)


@given(GAPS, st.sampled_from(["floor", "round"]))
def test_a_variable_rate_is_read_back_from_its_time_stamps(gaps: list[int], rule):
    clock = Table([0, *np.cumsum(gaps).tolist()], Fraction(1, 1000))
    for frame in range(len(gaps) + 1):
        assert frame_at(clock, Fraction(milliseconds(clock, frame), 1000), rule) == frame


def test_a_variable_rate_finds_the_picture_on_the_screen():
    clock = Table([0, 3003, 6006, 36036, 39039], Fraction(1, 90_000))
    ticks = [0, 6006, 36035, 39039, -900]
    assert [clock.floor(Fraction(tick, 90_000)) for tick in ticks] == [0, 2, 2, 4, -1]
    assert clock.floor(Fraction(42042, 90_000)) == 5
    assert frame_at(clock, Fraction(30_000, 90_000), "round") == 3
    assert clock.start(6) == Fraction(45045, 90_000)


def test_pictures_too_near_for_milliseconds_are_named():
    with pytest.raises(Conflict, match="frames 1 and 2 are under 2 ms apart"):
        milliseconds(Constant(Fraction(500)), 1)


def test_a_time_half_a_picture_before_the_first_one_is_no_frame():
    clock = Constant(Fraction(25))
    assert [frame_at(clock, Fraction(t, 1000), "round") for t in (-21, -20, 19, 20)] == [-1, 0, 0, 1]
    assert frame_at(clock, Fraction(-1, 1000), "floor") == -1


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (29.97, Fraction(30_000, 1001)),
        (29.97002997, Fraction(30_000, 1001)),
        (29.9701, Fraction(30_000, 1001)),
        (23.976, Fraction(24_000, 1001)),
        (59.94, Fraction(60_000, 1001)),
        (25.0, Fraction(25)),
        (25.0001, Fraction("25.0001")),
        (29.869, Fraction("29.869")),
        (0.5, Fraction(1, 2)),
    ],
)
def test_a_decimal_rate_means_the_standard_rate_it_is_short_for(fps: float, rate: Fraction):
    assert exact_rate(fps) == rate
