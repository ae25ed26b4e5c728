"""A rally seen from the side as plain shapes: so simple that a small network learns them in a minute."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from spotting.pose import Pose, pose
from spotting.rally import Rally
from spotting.venue import Colour, Picture

_BITS = 4
_LENGTH, _HEIGHT, _GROUND = 9.0, 3.2, 0.3
_BALL, _RACKET, _BODY = 0.045, 0.05, 0.05
_BALL_COLOUR, _RACKET_COLOUR, _LINE = (240, 240, 90), (235, 235, 240), (70, 80, 90)
_SHADES = (30, 90)
_GRAIN = 6.0


def schematic(rally: Rally, frames: int, size: int, rng: np.random.Generator) -> Iterator[Picture]:
    """The rally's pictures in order, RGB [size, size, 3]: the near player on the left, the far on the right.

    Ground and players have a colour of their own in every clip; every picture has grain. A horizontal flip
    turns near into far.
    """
    ground, *shirts = (_colour(rng) for _ in range(3))
    players = [
        (_Marks(pose(rally.swings[side], side, frames, rng), size), shirt)
        for side, shirt in enumerate(shirts)
    ]
    ball_N3 = rally.ball(np.arange(frames, dtype=np.float64))
    ball_N2 = _places(np.nan_to_num(ball_N3), size)
    in_play_N = np.isfinite(ball_N3[:, 0])
    floor = _places(np.array([[0.0, -_LENGTH, 0.0], [0.0, _LENGTH, 0.0]]), size).tolist()
    for index in range(frames):
        picture = np.full((size, size, 3), ground, np.uint8)
        cv2.line(picture, floor[0], floor[1], _LINE, 1, cv2.LINE_AA, _BITS)
        for marks, shirt in players:
            marks.draw(picture, index, shirt)
        if in_play_N[index]:
            radius = round(_BALL * size * (1 << _BITS))
            cv2.circle(picture, ball_N2[index].tolist(), radius, _BALL_COLOUR, -1, cv2.LINE_AA, _BITS)
        yield np.clip(picture + rng.normal(0, _GRAIN, picture.shape), 0, 255).astype(np.uint8)


class _Marks:
    """A player as two shapes: a line from hip to head, and a disc for the racket."""

    def __init__(self, body: Pose, size: int) -> None:
        self.hip, self.head, self.racket = (
            _places(joint, size).tolist() for joint in (body.hip, body.head, body.racket)
        )
        self.thick = max(1, round(_BODY * size))
        self.radius = round(_RACKET * size * (1 << _BITS))

    def draw(self, picture: Picture, index: int, shirt: Colour) -> None:
        cv2.line(picture, self.hip[index], self.head[index], shirt, self.thick, cv2.LINE_AA, _BITS)
        cv2.circle(picture, self.racket[index], self.radius, _RACKET_COLOUR, -1, cv2.LINE_AA, _BITS)


def _places(points_N3: NDArray[np.float64], size: int) -> NDArray[np.int32]:
    """Pixels [N, 2] times 2^bits of points in metres, seen from the side."""
    across_N = (points_N3[:, 1] / _LENGTH + 1) / 2
    down_N = 1 - (points_N3[:, 2] + _GROUND) / (_HEIGHT + _GROUND)
    return np.round(np.stack([across_N, down_N], axis=1) * size * (1 << _BITS)).astype(np.int32)


def _colour(rng: np.random.Generator) -> Colour:
    red, green, blue = rng.integers(*_SHADES, 3).tolist()
    return red, green, blue
