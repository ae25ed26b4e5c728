"""Where a sample match is played: its camera, colours, light, and the picture of the empty court."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from spotting.rally import BACK_WALL, HALF_LENGTH, HALF_WIDTH, NET_HEIGHT

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]
MARGIN = 0.1
_COURTS: tuple[tuple[Colour, Colour], ...] = (
    ((52, 96, 158), (46, 122, 92)),
    ((190, 104, 62), (168, 88, 52)),
    ((74, 132, 74), (60, 108, 62)),
    ((96, 72, 142), (58, 60, 96)),
    ((46, 110, 128), (40, 66, 110)),
    ((62, 120, 90), (150, 74, 60)),
)
_BALLS: tuple[Colour, ...] = ((232, 255, 74), (255, 255, 250), (255, 226, 60))
_SUPERSAMPLING = 2


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera without roll; the picture is 1 high and `aspect` wide."""

    place: tuple[float, float, float]
    target: tuple[float, float, float]
    focal: float
    aspect: float

    def project(self, points_K3: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where points in metres are in the picture [..., 2], and how high a metre is there [...].

        Both in picture heights.
        """
        place = np.array(self.place)
        forward = np.array(self.target) - place
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right = right / np.linalg.norm(right)
        axes_33 = np.stack([right, np.cross(forward, right), forward], axis=1)
        seen_K3 = (points_K3 - place) @ axes_33
        scale_K = self.focal / np.maximum(seen_K3[..., 2], 0.5)
        centre = np.array([self.aspect / 2, 0.5])
        return centre + seen_K3[..., :2] * scale_K[..., None], scale_K


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue's look; colours are RGB."""

    camera: Camera
    court: Colour
    ground: Colour
    ball: Colour
    light: float
    flicker: float
    shadow: tuple[float, float, float]
    blur: float
    grain: float
    shutter: float
    shake: float
    quality: int
    seed: int


def draw_venue(rng: np.random.Generator, number: int, aspect: float) -> Venue:
    """Make up venue `number` of a data set, for pictures `aspect` times as wide as high."""
    court, ground = _COURTS[number % len(_COURTS)]
    place = (rng.uniform(-1.8, 1.8), -(HALF_LENGTH + rng.uniform(12, 15)), rng.uniform(8.0, 10.0))
    target = (rng.uniform(-0.2, 0.2), -0.9, rng.uniform(0.2, 0.5))
    distance = float(np.hypot(place[1], place[2]))
    camera = Camera(place, target, distance / rng.uniform(8.7, 9.2), aspect)
    return Venue(
        camera=camera,
        court=_vary(rng, court),
        ground=_vary(rng, ground),
        ball=_BALLS[int(rng.integers(len(_BALLS)))],
        light=rng.uniform(0.82, 1.12),
        flicker=rng.uniform(0, 0.03),
        shadow=(rng.uniform(-0.6, 0.6), rng.uniform(-0.2, 0.5), rng.uniform(0.35, 0.6)),
        blur=rng.uniform(0.0, 0.006),
        grain=rng.uniform(1.0, 5.0),
        shutter=rng.uniform(0.25, 0.6),
        shake=rng.uniform(0.0, 0.0015),
        quality=int(rng.integers(18, 26)),
        seed=int(rng.integers(2**31)),
    )


def draw_background(venue: Venue, height: int) -> Picture:
    """The empty court as RGB [H (1 + 2m), W (1 + 2m), 3], m = `MARGIN` picture heights on every side."""
    canvas = _Canvas(venue.camera, height * _SUPERSAMPLING, venue.ground)
    rng = np.random.default_rng(venue.seed)
    _stands(canvas, rng)
    canvas.ground(-HALF_WIDTH, HALF_WIDTH, -HALF_LENGTH, HALF_LENGTH, venue.court)
    _lines(canvas)
    _chair(canvas)
    _balls_at_rest(canvas, venue, rng)
    small = cv2.resize(
        canvas.picture, None, fx=1 / _SUPERSAMPLING, fy=1 / _SUPERSAMPLING, interpolation=cv2.INTER_AREA
    )
    return _weather(np.asarray(small, dtype=np.uint8), rng)


class _Canvas:
    """A picture to draw flat shapes of the world on."""

    def __init__(self, camera: Camera, height: int, ground: Colour) -> None:
        self.camera = camera
        self.height = height
        self.surface = ground
        rows, columns = round(height * (1 + 2 * MARGIN)), round(height * (camera.aspect + 2 * MARGIN))
        self.picture: Picture = np.full((rows, columns, 3), ground, np.uint8)

    def places(self, corners: list[tuple[float, float, float]]) -> NDArray[np.int32]:
        places_K2, _ = self.camera.project(np.array(corners, dtype=np.float64))
        return np.round((places_K2 + MARGIN) * self.height * 16).astype(np.int32)

    def fill(self, corners: list[tuple[float, float, float]], colour: Colour) -> None:
        cv2.fillConvexPoly(self.picture, self.places(corners), colour, cv2.LINE_AA, 4)

    def ground(self, left: float, right: float, near: float, far: float, colour: Colour) -> None:
        self.fill([(left, near, 0), (right, near, 0), (right, far, 0), (left, far, 0)], colour)

    def upright(
        self, left: float, right: float, depth: float, low: float, high: float, colour: Colour
    ) -> None:
        self.fill(
            [(left, depth, low), (right, depth, low), (right, depth, high), (left, depth, high)], colour
        )

    def disc(self, centre: tuple[float, float, float], radius: float, colour: Colour) -> None:
        (x, y), scale = self.places([centre])[0].tolist(), self.camera.project(np.array([centre]))[1][0]
        cv2.circle(self.picture, (x, y), int(radius * scale * self.height * 16), colour, -1, cv2.LINE_AA, 4)


def _stands(canvas: _Canvas, rng: np.random.Generator) -> None:
    """Boards with advertising behind the court, and rows of spectators above them."""
    wide, board = 14.0, 1.15
    canvas.upright(-40, 40, BACK_WALL + 0.2, board, 14, (28, 30, 36))
    for row in range(9, -1, -1):
        depth, height = BACK_WALL + 0.4 + 0.8 * row, board + 0.1 + 0.45 * row
        for x in np.arange(-wide, wide, 0.6):
            if rng.random() < 0.85:
                centre = (x + rng.uniform(-0.12, 0.12), depth, height + rng.uniform(-0.05, 0.05))
                canvas.disc((centre[0], depth, height - 0.34), 0.26, _clothes(rng))
                canvas.disc(centre, 0.14, _skin(rng))
    boards = [_vary(rng, _scaled(canvas.surface, tint)) for tint in (0.3, 0.42)]
    left = -wide
    while left < wide:
        right = left + rng.uniform(2.2, 4.2)
        colour = boards[int(rng.integers(2))]
        canvas.upright(left, right, BACK_WALL, 0, board, colour)
        for x in np.arange(left + 0.5, right - 0.6, 0.45):
            canvas.upright(x, x + 0.28, BACK_WALL - 0.02, 0.4, rng.uniform(0.6, 0.8), (176, 178, 180))
        left = right


def _lines(canvas: _Canvas) -> None:
    white, half = (238, 238, 234), 0.045
    for depth in (-HALF_LENGTH, -3.4, 3.4, HALF_LENGTH):
        canvas.ground(-HALF_WIDTH, HALF_WIDTH, depth - half * 1.5, depth + half * 1.5, white)
    for x, reach in ((-HALF_WIDTH, HALF_LENGTH), (0.0, 3.4), (HALF_WIDTH, HALF_LENGTH)):
        canvas.ground(x - half, x + half, -reach, reach, white)


def _chair(canvas: _Canvas) -> None:
    """The umpire's chair beside the net, with the umpire."""
    x = -HALF_WIDTH - 1.5
    for leg in (-0.3, 0.25):
        canvas.upright(x + leg, x + leg + 0.08, 0.1, 0, 1.5, (58, 60, 66))
    canvas.upright(x - 0.35, x + 0.38, 0.1, 1.2, 1.5, (70, 74, 84))
    canvas.upright(x - 0.22, x + 0.25, 0.05, 1.5, 2.1, (40, 46, 66))
    canvas.disc((x, 0.05, 2.28), 0.17, (196, 150, 122))
    for post in (-HALF_WIDTH - 0.5, HALF_WIDTH + 0.44):
        canvas.upright(post, post + 0.06, 0.0, 0, NET_HEIGHT + 0.05, (60, 62, 66))


def _balls_at_rest(canvas: _Canvas, venue: Venue, rng: np.random.Generator) -> None:
    """Balls that lie about: a ball on the ground is not yet a bounce."""
    for _ in range(int(rng.integers(1, 4))):
        x = rng.choice([-1, 1]) * rng.uniform(HALF_WIDTH + 0.4, HALF_WIDTH + 1.6)
        canvas.disc((x, rng.uniform(-6, 7), 0.1), 0.11, venue.ball)


def _weather(picture: Picture, rng: np.random.Generator) -> Picture:
    """Uneven surface and uneven light."""
    rows, columns = picture.shape[:2]
    patches = cv2.resize(
        rng.normal(1, 0.035, (9, 12)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    across = 1 + rng.uniform(-0.15, 0.15) * np.linspace(-1, 1, columns, dtype=np.float32)
    down = 1 + rng.uniform(-0.1, 0.1) * np.linspace(-1, 1, rows, dtype=np.float32)
    speckle = rng.normal(1, 0.02, (rows, columns)).astype(np.float32)
    lit = picture.astype(np.float32) * (patches * speckle * across[None, :] * down[:, None])[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


def _vary(rng: np.random.Generator, colour: Colour) -> Colour:
    red, green, blue = np.clip(np.array(colour) + rng.integers(-14, 15, 3), 0, 255).tolist()
    return red, green, blue


def _clothes(rng: np.random.Generator) -> Colour:
    """Clothes of a spectator in the shade of the stand: muted, now and then bright."""
    red, green, blue = np.clip(rng.uniform(40, 130) + rng.normal(0, 16, 3), 12, 200).astype(int).tolist()
    return red, green, blue


def _skin(rng: np.random.Generator) -> Colour:
    tone = rng.uniform(0.3, 0.75)
    return int(228 * tone), int(182 * tone), int(152 * tone)


def _scaled(colour: Colour, factor: float) -> Colour:
    red, green, blue = (int(part * factor) for part in colour)
    return red, green, blue
