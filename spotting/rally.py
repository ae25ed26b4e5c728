"""A rally as physics: where the ball is at any time, who swings when, and the exact time of every event."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = ("near_hit", "far_hit", "bounce", "serve")
FPS = 25
HALF_LENGTH = 6.0
HALF_WIDTH = 4.2
NET_HEIGHT = 0.85
BACK_WALL = 12.0
BALL_RADIUS = 0.13
_GRAVITY = 9.81 / FPS**2
_CLEARANCE = NET_HEIGHT + 0.2

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Flight:
    """The ball's way from `origin` to `target` (metres) between two times (frames); gravity in m/frame²."""

    start: float
    end: float
    origin: Point
    target: Point
    gravity: float = _GRAVITY

    def positions(self, times_T: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions [T, 3] in metres at `times_T` (frames)."""
        span = self.end - self.start
        part_T = (times_T - self.start) / span
        points_T3 = np.outer(1 - part_T, self.origin) + np.outer(part_T, self.target)
        points_T3[:, 2] += 0.5 * self.gravity * span**2 * part_T * (1 - part_T)
        return points_T3


@dataclass(frozen=True, slots=True)
class Swing:
    """A stroke: the racket is at `contact` (metres) at `time`; a serve's ball is tossed at `toss`."""

    time: float
    contact: Point
    overhead: bool = False
    toss: float | None = None


@dataclass(frozen=True, slots=True)
class Rally:
    """A stretch of play: events as (time in frames, class), the ball's flights, strokes of (near, far)."""

    events: tuple[tuple[float, str], ...]
    flights: tuple[Flight, ...]
    swings: tuple[tuple[Swing, ...], tuple[Swing, ...]]

    def ball(self, times_T: NDArray[np.float64]) -> NDArray[np.float64]:
        """The ball's positions [T, 3] in metres at `times_T` (frames); NaN where it is out of play."""
        points_T3 = np.full((len(times_T), 3), np.nan)
        for flight in self.flights:
            during_T = (times_T >= flight.start) & (times_T < flight.end)
            points_T3[during_T] = flight.positions(times_T[during_T])
        return points_T3


def simulate(rng: np.random.Generator, frames: int) -> Rally:
    """Play points until `frames` frames are filled; consecutive events lie 8 to 40 frames apart."""
    play = _Play(rng, start=-rng.uniform(0, 70))
    while play.time < frames + 45:
        play.point()
    inside = sorted(event for event in play.events if -0.5 <= event[0] < frames - 0.5)
    near, far = (tuple(sorted(swings, key=lambda swing: swing.time)) for swings in play.swings)
    return Rally(tuple(inside), tuple(play.flights), (near, far))


class _Play:
    """A point being played: the ball's last place and time, and what has happened so far."""

    def __init__(self, rng: np.random.Generator, start: float) -> None:
        self.rng = rng
        self.time = start
        self.place: Point = (0.0, 0.0, 1.0)
        self.events: list[tuple[float, str]] = []
        self.flights: list[Flight] = []
        self.swings: tuple[list[Swing], list[Swing]] = ([], [])

    def point(self) -> None:
        """One point: serve, some strokes, and a ball that nobody returns."""
        side = int(self.rng.integers(2))
        self._serve(side)
        strokes = int(self.rng.integers(1, 7))
        for stroke in range(strokes):
            side = 1 - side
            self._return(side, last=stroke == strokes - 1)
        self._miss(1 - side)

    def _serve(self, side: int) -> None:
        rng, sign = self.rng, _sign(side)
        hand = (rng.uniform(-2.4, 2.4), sign * (HALF_LENGTH + 0.1), 1.25)
        self.flights.append(Flight(self.time, self.time + rng.uniform(3, 5), hand, hand, gravity=0.0))
        self.time, self.place = self.flights[-1].end, hand
        released = self.time
        self._fly((hand[0], hand[1] - sign * 0.25, rng.uniform(2.3, 2.6)), rng.uniform(12, 17))
        self.swings[side].append(Swing(self.time, self.place, overhead=True, toss=released))
        self.events.append((self.time, "serve"))
        self._bounce(1 - side, depth=rng.uniform(2.2, 4.2), span=rng.uniform(9, 13))

    def _return(self, side: int, last: bool) -> None:
        """`side` meets the ball after its bounce or in the air and hits it over; the `last` may go long."""
        if self.rng.random() < 0.3:
            self._distract(1 - side)
        self._reach(side)
        self.swings[side].append(Swing(self.time, self.place, overhead=self.place[2] > 1.9))
        self.events.append((self.time, CLASSES[side]))
        other, rng = 1 - side, self.rng
        if rng.random() < 0.2:
            if not last:
                self._volley(other)
        else:
            self._bounce(other, depth=rng.uniform(2.4, 4.8), span=rng.uniform(12, 22))

    def _reach(self, side: int) -> None:
        rng = self.rng
        if self.events[-1][1] == "bounce":
            x = float(np.clip(self._onward(rng.uniform(0.2, 0.5)), -HALF_WIDTH * 0.95, HALF_WIDTH * 0.95))
            depth = rng.uniform(max(5.2, abs(self.place[1]) + 0.8), 6.8)
            self._fly((x, _sign(side) * depth, rng.uniform(0.55, 1.35)), rng.uniform(8, 14))

    def _onward(self, part: float) -> float:
        """How far right the ball comes if it goes on by `part` of its last flight."""
        return self.place[0] + part * (self.place[0] - self.flights[-1].origin[0])

    def _bounce(self, side: int, depth: float, span: float) -> None:
        x = self.rng.uniform(-0.85, 0.85) * HALF_WIDTH
        self._fly((x, _sign(side) * depth, BALL_RADIUS), span)
        self.events.append((self.time, "bounce"))

    def _volley(self, side: int) -> None:
        rng = self.rng
        height = rng.uniform(2.2, 2.5) if rng.random() < 0.4 else rng.uniform(0.9, 1.6)
        x = rng.uniform(-0.7, 0.7) * HALF_WIDTH
        self._fly((x, _sign(side) * rng.uniform(3.0, 5.5), height), rng.uniform(12, 22))

    def _miss(self, side: int) -> None:
        """The ball passes `side` for good: over the far boards, or past the camera."""
        rng, sign = self.rng, _sign(side)
        x = self._onward(0.4) if self.events[-1][1] == "bounce" else rng.uniform(-5, 5)
        end = BACK_WALL if side == 1 else HALF_LENGTH + 5.0
        self._fly((x, sign * end, rng.uniform(1.4, 2.4)), rng.uniform(12, 16))
        if rng.random() < 0.6:
            self._whiff(side)
        self.time += rng.uniform(1, 2)

    def _whiff(self, side: int) -> None:
        """A swing that misses the passing ball: a racket beside the ball is not yet a hit."""
        flight, sign = self.flights[-1], _sign(side)
        depth = max(HALF_LENGTH, abs(flight.origin[1]) + 0.5)
        part = (depth - abs(flight.origin[1])) / (abs(flight.target[1]) - abs(flight.origin[1]))
        time = flight.start + part * (flight.end - flight.start)
        x, y, z = flight.positions(np.array([time]))[0].tolist()
        aside = self.rng.choice([-1, 1]) * self.rng.uniform(0.55, 0.9)
        self.swings[side].append(Swing(time, (x + aside, sign * abs(y), min(z, 1.3))))

    def _distract(self, side: int) -> None:
        """A dry swing of the player who has just hit."""
        swings = self.swings[side]
        if swings and self.time - swings[-1].time > 10:
            x, y, _ = swings[-1].contact
            time = swings[-1].time + self.rng.uniform(15, 19)
            swings.append(Swing(time, (x * 0.6, y, self.rng.uniform(0.7, 1.3))))

    def _fly(self, target: Point, span: float) -> None:
        """Send the ball to `target`; slower if it would otherwise touch the net."""
        flight = Flight(self.time, self.time + span, self.place, target)
        while self.place[1] * target[1] < 0 and _height_at_net(flight) < _CLEARANCE and span < 30:
            span += 0.5
            flight = Flight(self.time, self.time + span, self.place, target)
        self.flights.append(flight)
        self.time, self.place = flight.end, target


def _height_at_net(flight: Flight) -> float:
    part = flight.origin[1] / (flight.origin[1] - flight.target[1])
    return float(flight.positions(np.array([flight.start + part * (flight.end - flight.start)]))[0, 2])


def _sign(side: int) -> float:
    """Which way from the net `side` (0 near, 1 far) stands."""
    return 1.0 if side else -1.0
