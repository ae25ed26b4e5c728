"""Schematic pictures show what a rally does, and the same every time."""

import numpy as np
import pytest

from spotting.rally import simulate
from spotting.schematic import schematic


def test_a_schematic_picture_shows_the_ball_where_it_is() -> None:
    rally = simulate(np.random.default_rng(3), 60)
    film = list(schematic(rally, 60, 64, np.random.default_rng(0)))
    assert {(picture.shape, picture.dtype.name) for picture in film} == {((64, 64, 3), "uint8")}
    depths = rally.ball(np.arange(60.0))[:, 1]
    for picture, depth in zip(film, depths, strict=True):
        yellow = (picture[..., 0] > 190) & (picture[..., 1] > 190) & (picture[..., 2] < 150)
        if np.isfinite(depth) and abs(depth) < 5 and yellow.any():
            assert yellow.nonzero()[1].mean() == pytest.approx((depth / 9 + 1) * 32, abs=1.5)


def test_the_same_generator_draws_the_same_pictures() -> None:
    rally = simulate(np.random.default_rng(3), 5)
    one, again = (list(schematic(rally, 5, 32, np.random.default_rng(7))) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, again, strict=True))
