"""Draws a rally as a camera would see it: players, ball, net, shadows, light, blur and grain."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from spotting.pose import Pose, pose
from spotting.rally import BALL_RADIUS, HALF_WIDTH, NET_HEIGHT, Rally
from spotting.venue import Colour, Picture, Venue
from spotting.view import Film, View

_BITS = 4
_EXPOSURES = 5
_SMALLEST_BALL = 0.0145
_SHIRTS: tuple[Colour, ...] = (
    (238, 238, 240),
    (206, 44, 48),
    (30, 36, 56),
    (244, 190, 40),
    (40, 150, 210),
    (235, 110, 160),
    (20, 20, 22),
    (120, 210, 120),
)
_HAIR: tuple[Colour, ...] = ((34, 26, 22), (88, 56, 32), (196, 158, 92), (20, 20, 20))
_RACKETS: tuple[Colour, ...] = ((250, 250, 250), (24, 24, 28), (120, 230, 255))


@dataclass(frozen=True, slots=True)
class Outfit:
    """A player's colours, RGB."""

    shirt: Colour
    shorts: Colour
    skin: Colour
    hair: Colour
    racket: Colour


def draw_outfit(rng: np.random.Generator) -> Outfit:
    """Dress a player."""
    tone = rng.uniform(0.45, 1.0)
    shirt, shorts = rng.choice(len(_SHIRTS), 2, replace=False).tolist()
    return Outfit(
        shirt=_SHIRTS[shirt],
        shorts=_SHIRTS[shorts],
        skin=(int(226 * tone), int(178 * tone), int(146 * tone)),
        hair=_HAIR[int(rng.integers(len(_HAIR)))],
        racket=_RACKETS[int(rng.integers(len(_RACKETS)))],
    )


def pictures(
    rally: Rally,
    venue: Venue,
    outfits: tuple[Outfit, Outfit],
    background: Picture,
    frames: int,
    size: int,
    rng: np.random.Generator,
) -> Iterator[Picture]:
    """The rally's pictures in order, RGB [size, W, 3]; picture i is exposed around time i."""
    view = View(venue, frames, size, rng)
    near = _Player(view, pose(rally.swings[0], 0, frames, rng), outfits[0])
    far = _Player(view, pose(rally.swings[1], 1, frames, rng), outfits[1])
    ball = _Ball(view, rally, venue)
    net = _Net(view)
    develop = Film(venue, view, rng)
    for index in range(frames):
        picture = view.empty(background, index)
        for layer in (near, far, ball):
            layer.shade(picture, index)
        ball.draw(picture, index, behind=far.depth(index) + 0.6)
        far.draw(picture, index)
        ball.draw(picture, index, behind=0.0, before=far.depth(index) + 0.6)
        net.draw(picture, index)
        ball.draw(picture, index, behind=near.depth(index) + 0.6, before=0.0)
        near.draw(picture, index)
        ball.draw(picture, index, before=near.depth(index) + 0.6)
        yield develop(picture, index)


class _Player:
    """One player, drawn limb by limb."""

    def __init__(self, view: View, body: Pose, outfit: Outfit) -> None:
        joints = [body.hip, body.neck, body.head, body.elbow, body.grip, body.racket, body.other_elbow]
        joints += [body.other_hand, *body.knees, *body.feet]
        places_NK2, scale_NK = view.places(np.stack(joints, axis=1))
        self.places = _fixed(places_NK2)
        self.scale = scale_NK[:, 0].tolist()
        self.racket_turn = _turn(places_NK2[:, 5] - places_NK2[:, 4])
        feet_N3 = 0.5 * (body.feet[0] + body.feet[1]) * np.array([1, 1, 0])
        shadow_N3 = view.on_ground(body.neck)
        self.shadow = _fixed(view.places(np.stack([feet_N3, shadow_N3], axis=1))[0])
        self.tone = view.tone[1]
        self.outfit = outfit
        self.depths: list[float] = body.hip[:, 1].tolist()
        self.faces_us = bool(body.hip[0, 1] > 0)
        self.racket_behind: list[bool] = (body.racket[:, 1] > body.hip[:, 1]).tolist()

    def depth(self, index: int) -> float:
        """How far beyond the net the player stands, in metres."""
        return self.depths[index]

    def shade(self, picture: Picture, index: int) -> None:
        """Draw the shadow."""
        feet, shadow = self.shadow[index]
        cv2.line(picture, feet, shadow, self.tone, self._thick(index, 0.34), cv2.LINE_AA, _BITS)

    def draw(self, picture: Picture, index: int) -> None:
        """Draw the player, the racket before the body when it is on the body's far side."""
        behind = self.racket_behind[index]
        if behind:
            self._racket(picture, index)
        self._body(picture, index)
        if not behind:
            self._racket(picture, index)

    def _body(self, picture: Picture, index: int) -> None:
        hip, neck, head, _, _, _, other_elbow, other_hand, *legs = self.places[index]
        wear, metre = self.outfit, self.scale[index]
        self._limbs(picture, index, [(other_elbow, neck), (other_elbow, other_hand)], 0.13, wear.skin)
        for knee, foot in ((legs[0], legs[2]), (legs[1], legs[3])):
            self._limbs(picture, index, [(hip, knee), (knee, foot)], 0.17, wear.skin)
            self._limbs(picture, index, [(hip, _between(hip, knee))], 0.24, wear.shorts)
            cv2.circle(picture, foot, _radius(metre, 0.1), (242, 242, 242), -1, cv2.LINE_AA, _BITS)
        self._limbs(picture, index, [(hip, neck)], 0.42, wear.shirt)
        cv2.circle(picture, head, _radius(metre, 0.19), wear.hair, -1, cv2.LINE_AA, _BITS)
        if self.faces_us:
            face = (head[0], head[1] + int(metre * 0.05 * (1 << _BITS)))
            cv2.circle(picture, face, _radius(metre, 0.14), wear.skin, -1, cv2.LINE_AA, _BITS)

    def _racket(self, picture: Picture, index: int) -> None:
        _, neck, _, elbow, grip, racket, *_ = self.places[index]
        wear, metre, turn = self.outfit, self.scale[index], self.racket_turn[index]
        self._limbs(picture, index, [(neck, elbow), (elbow, grip)], 0.13, wear.skin)
        self._limbs(picture, index, [(grip, racket)], 0.05, wear.racket)
        axes = (_radius(metre, 0.28), _radius(metre, 0.21))
        thick = max(1, round(metre * 0.07)) if metre > 14 else -1
        cv2.ellipse(picture, racket, axes, turn, 0, 360, wear.racket, thick, cv2.LINE_AA, _BITS)

    def _limbs(
        self,
        picture: Picture,
        index: int,
        limbs: list[tuple[list[int], list[int]]],
        width: float,
        colour: Colour,
    ) -> None:
        thick = self._thick(index, width)
        for start, end in limbs:
            cv2.line(picture, start, end, colour, thick, cv2.LINE_AA, _BITS)

    def _thick(self, index: int, width: float) -> int:
        return max(1, round(self.scale[index] * width))


class _Ball:
    """The ball, smeared along its way while the shutter is open, and its shadow."""

    def __init__(self, view: View, rally: Rally, venue: Venue) -> None:
        opened_K = np.linspace(-0.5, 0.5, _EXPOSURES) * venue.shutter
        times_NK = np.arange(view.frames)[:, None] + opened_K
        points_NK3 = rally.ball(times_NK.ravel()).reshape(view.frames, _EXPOSURES, 3)
        self.visible = np.asarray(np.isfinite(points_NK3).all(axis=(1, 2))).tolist()
        middle_N3 = np.nan_to_num(points_NK3[:, _EXPOSURES // 2])
        places_NK2, scale_NK = view.places(np.nan_to_num(points_NK3))
        self.places = _fixed(places_NK2)
        self.lengths: list[float] = np.linalg.norm(places_NK2[:, 0] - places_NK2[:, -1], axis=1).tolist()
        self.depths: list[float] = middle_N3[:, 1].tolist()
        self.radius: list[float] = np.maximum(
            scale_NK[:, 0] * BALL_RADIUS, _SMALLEST_BALL * view.size
        ).tolist()
        ground_N3 = view.on_ground(middle_N3)
        self.shadow = _fixed(view.places(ground_N3[:, None])[0])
        self.tone = [view.tone[int(abs(x) > HALF_WIDTH)] for x in ground_N3[:, 0].tolist()]
        self.colour = venue.ball

    def shade(self, picture: Picture, index: int) -> None:
        """Draw the shadow."""
        if self.visible[index]:
            radius = int(self.radius[index] * 16)
            axes = (radius, radius // 2)
            cv2.ellipse(
                picture, self.shadow[index][0], axes, 0, 0, 360, self.tone[index], -1, cv2.LINE_AA, _BITS
            )

    def draw(self, picture: Picture, index: int, *, behind: float = -99.0, before: float = 99.0) -> None:
        """Draw the ball if it is between the depths `behind` and `before` (metres beyond the net)."""
        if not self.visible[index] or not behind <= self.depths[index] < before:
            return
        radius = self.radius[index]
        if self.lengths[index] < 0.7:
            middle = self.places[index][_EXPOSURES // 2]
            cv2.circle(picture, middle, int(radius * 16), self.colour, -1, cv2.LINE_AA, _BITS)
            return
        way = np.array(self.places[index], np.int32)
        cv2.polylines(picture, [way], False, self.colour, max(1, round(1.9 * radius)), cv2.LINE_AA, _BITS)


class _Net:
    """The net: a dark veil under a white tape."""

    def __init__(self, view: View) -> None:
        wide = HALF_WIDTH + 0.45
        corners = [(-wide, 0.0, 0.0), (wide, 0.0, 0.0), (wide, 0.0, NET_HEIGHT), (-wide, 0.0, NET_HEIGHT)]
        points_NK3 = np.broadcast_to(np.array(corners), (view.frames, 4, 3))
        places_NK2, scale_NK = view.places(points_NK3)
        self.corners_NK2 = np.round(places_NK2).astype(np.int32)
        self.thick = max(1, round(float(scale_NK[0, 0]) * 0.08))
        self.limits = (view.width, view.size)

    def draw(self, picture: Picture, index: int) -> None:
        """Draw the net over what is behind it."""
        corners_K2 = self.corners_NK2[index]
        left, top = np.maximum(corners_K2.min(axis=0), 0).tolist()
        right, low = np.minimum(corners_K2.max(axis=0) + 1, self.limits).tolist()
        behind = picture[top:low, left:right]
        veil = behind.copy()
        cv2.fillConvexPoly(veil, corners_K2 - np.array([left, top], np.int32), (24, 26, 30))
        picture[top:low, left:right] = cv2.addWeighted(veil, 0.42, behind, 0.58, 0)
        tape = (corners_K2[3].tolist(), corners_K2[2].tolist())
        cv2.line(picture, tape[0], tape[1], (240, 240, 238), self.thick, cv2.LINE_AA)


def _fixed(places_NK2: NDArray[np.float64]) -> list[list[list[int]]]:
    """Places in the fixed-point numbers of cv2's `shift`."""
    return np.round(places_NK2 * (1 << _BITS)).astype(int).tolist()


def _turn(way_N2: NDArray[np.float64]) -> list[float]:
    return np.degrees(np.arctan2(way_N2[:, 1], way_N2[:, 0])).tolist()


def _radius(metre: float, radius: float) -> int:
    return int(max(metre * radius, 0.6) * (1 << _BITS))


def _between(start: list[int], end: list[int]) -> list[int]:
    """The point 60 % of the way from `start` to `end`."""
    return [int(0.4 * a + 0.6 * b) for a, b in zip(start, end, strict=True)]
