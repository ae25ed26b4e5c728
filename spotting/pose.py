"""How a player stands, runs and swings: joints in metres for every frame of a rally."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from spotting.rally import HALF_LENGTH, Swing

Joints = NDArray[np.float64]
_READY = (0.25, 0.55, 1.15)
_STRIDE = 2.1


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """A player's joints over N frames, each [N, 3] in metres: x right, y away from the camera, z up."""

    hip: Joints
    neck: Joints
    head: Joints
    elbow: Joints
    grip: Joints
    racket: Joints
    other_elbow: Joints
    other_hand: Joints
    knees: tuple[Joints, Joints]
    feet: tuple[Joints, Joints]


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A swing, where the player stands for it (`body`), and on which side it is made (+1 right, -1 left)."""

    swing: Swing
    body: tuple[float, float]
    side: float


def pose(swings: Sequence[Swing], side: int, frames: int, rng: np.random.Generator) -> Pose:
    """Joints of player `side` (0 near, 1 far) who makes `swings`, for frames 0 .. frames - 1.

    The racket's centre passes through each swing's contact point at exactly its time.
    """
    facing = -1.0 if side else 1.0
    hand = facing * rng.choice([1, 1, 1, -1])
    strokes = [_place(swing, facing, hand, rng) for swing in swings]
    times_N = np.arange(frames, dtype=np.float64)
    ground_N3 = _ground(strokes, -facing, times_N)
    racket_N3 = ground_N3 + _curve(_racket_keys(strokes, facing, hand, rng), times_N)
    other_N3 = ground_N3 + _curve(_other_keys(strokes, facing, hand), times_N)
    return _skeleton(ground_N3, racket_N3, other_N3, hand, rng)


def _place(swing: Swing, facing: float, hand: float, rng: np.random.Generator) -> _Stroke:
    side = hand if swing.overhead or rng.random() < 0.6 else -hand
    aside, ahead = (0.25, 0.25) if swing.overhead else (0.8, 0.35)
    x, y, _ = swing.contact
    return _Stroke(swing, (x - side * aside, y - facing * ahead), side)


def _ground(strokes: Sequence[_Stroke], sign: float, times_N: NDArray[np.float64]) -> Joints:
    """Where the player stands [N, 3]: at each stroke in time, drifting back to the middle in between."""
    home = sign * (HALF_LENGTH - 0.2)
    keys = [(-80.0, 0.0, home)]
    for stroke in strokes:
        time, (x, y) = stroke.swing.time, stroke.body
        if time - 4 - keys[-1][0] > 14:
            middle = (keys[-1][0] + time - 4) / 2
            keys.append((middle, 0.35 * (x + keys[-1][1]), 0.5 * (y + home)))
        keys += [(max(time - 4, keys[-1][0] + 1), x, y), (max(time + 2, keys[-1][0] + 2), x, y)]
    keys.append((max(float(times_N[-1]), keys[-1][0]) + 40, 0.0, home))
    track_N2 = _curve(keys, times_N)
    return np.column_stack([track_N2, np.zeros(len(times_N))])


def _racket_keys(
    strokes: Sequence[_Stroke], facing: float, hand: float, rng: np.random.Generator
) -> list[tuple[float, ...]]:
    """Racket centre relative to the player's place on the ground: ready, back, contact, through, ready."""
    ready = (hand * _READY[0], facing * _READY[1], _READY[2])
    keys: list[tuple[float, ...]] = [(-80.0, *ready)]
    for stroke in strokes:
        time, side, (x, y, z) = stroke.swing.time, stroke.side, stroke.swing.contact
        contact = (x - stroke.body[0], y - stroke.body[1], z)
        back = (side * 0.95, -facing * 0.55, 0.6 * z + 0.35)
        through = (-side * 0.65, facing * 0.55, z + 0.5)
        if stroke.swing.overhead:
            back, through = (hand * 0.4, -facing * 0.5, 1.45), (-hand * 0.45, facing * 0.7, 0.8)
        lead, follow = rng.uniform(3, 5), rng.uniform(3, 4.5)
        keys += [(time - lead - 8, *ready), (time - lead - 3, *back), (time - lead, *back), (time, *contact)]
        keys += [(time + follow, *through), (time + follow + 3, *through), (time + follow + 10, *ready)]
    return [*_in_order(keys), (1e6, *ready)]


def _other_keys(strokes: Sequence[_Stroke], facing: float, hand: float) -> list[tuple[float, ...]]:
    """The free hand relative to the player's place: balancing, or holding and tossing the ball of a serve."""
    rest = (-hand * 0.3, facing * 0.45, 1.05)
    keys: list[tuple[float, ...]] = [(-80.0, *rest)]
    for stroke in strokes:
        time, released = stroke.swing.time, stroke.swing.toss
        if released is not None:
            hold = (hand * 0.25, facing * 0.02, 1.2)
            keys += [(released - 12, *rest), (released - 7, *hold), (released - 1, *hold)]
            keys += [(released + 4, hold[0], hold[1] + facing * 0.3, 1.95), (time - 3, 0, facing * 0.5, 1.8)]
            keys.append((time + 2, *rest))
    return [*_in_order(keys), (1e6, *rest)]


def _in_order(keys: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Keys by time, a key that comes within a third of a frame of its predecessor left out."""
    kept: list[tuple[float, ...]] = []
    for key in sorted(keys):
        if not kept or key[0] - kept[-1][0] > 0.34:
            kept.append(key)
    return kept


def _curve(keys: Sequence[tuple[float, ...]], times_N: NDArray[np.float64]) -> NDArray[np.float64]:
    table = np.array(keys)
    return np.asarray(PchipInterpolator(table[:, 0], table[:, 1:])(times_N))


def _skeleton(
    ground_N3: Joints, racket_N3: Joints, other_N3: Joints, hand: float, rng: np.random.Generator
) -> Pose:
    frames = np.arange(len(ground_N3))
    sway_N = 0.03 * np.sin(frames * rng.uniform(0.4, 0.6) + rng.uniform(0, 6))
    speed_N = np.linalg.norm(np.gradient(ground_N3, axis=0), axis=1)
    hip_N3 = ground_N3 + _up(0.93 + sway_N - np.minimum(speed_N, 0.2) * 0.3)
    lean_N3 = 0.25 * (racket_N3 - ground_N3) * np.array([0.6, 0.6, 0.0])
    neck_N3 = hip_N3 + lean_N3 + _up(np.full(len(frames), 0.56))
    shoulder = np.array([0.2 * hand, 0.0, -0.04])
    grip_N3 = _towards(racket_N3, neck_N3 + shoulder, 0.5)
    feet = _feet(ground_N3, speed_N)
    return Pose(
        hip=hip_N3,
        neck=neck_N3,
        head=neck_N3 + 0.15 * lean_N3 + np.array([0, 0, 0.27]),
        elbow=_bend(neck_N3 + shoulder, grip_N3, -0.12),
        grip=grip_N3,
        racket=racket_N3,
        other_elbow=_bend(neck_N3 - shoulder, other_N3, -0.12),
        other_hand=other_N3,
        knees=(_bend(hip_N3, feet[0], 0.08), _bend(hip_N3, feet[1], 0.08)),
        feet=feet,
    )


def _feet(ground_N3: Joints, speed_N: NDArray[np.float64]) -> tuple[Joints, Joints]:
    """Feet that step with the distance run: wide when standing, swinging when running."""
    phase_N = 2 * np.pi * np.cumsum(speed_N) / _STRIDE
    pace_N = np.clip(speed_N / 0.15, 0, 1)
    swing_N = 0.4 * pace_N * np.sin(phase_N)
    lift_N = 0.22 * pace_N * np.cos(phase_N)
    wide_N = 0.3 - 0.14 * pace_N
    step_N3 = np.column_stack([swing_N, 0.3 * swing_N, np.zeros_like(swing_N)])
    aside_N3 = np.column_stack([wide_N, np.zeros_like(wide_N), np.zeros_like(wide_N)])
    left = ground_N3 + step_N3 - aside_N3 + _up(np.maximum(lift_N, 0))
    return left, ground_N3 - step_N3 + aside_N3 + _up(np.maximum(-lift_N, 0))


def _up(heights_N: NDArray[np.float64]) -> Joints:
    return np.column_stack([np.zeros_like(heights_N), np.zeros_like(heights_N), heights_N])


def _towards(start_N3: Joints, end_N3: Joints, length: float) -> Joints:
    way_N3 = end_N3 - start_N3
    reach_N1 = np.maximum(np.linalg.norm(way_N3, axis=1, keepdims=True), 1e-6)
    return start_N3 + way_N3 * np.minimum(1.0, length / reach_N1)


def _bend(start_N3: Joints, end_N3: Joints, drop: float) -> Joints:
    """A joint half way between two others, pushed `drop` metres up."""
    return 0.5 * (start_N3 + end_N3) + np.array([0, 0, drop])
