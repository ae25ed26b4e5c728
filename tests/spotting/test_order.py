"""Neighbouring labels keep their order, and no two of one class meet."""

import numpy as np
import pytest
from numpy.typing import NDArray

from spotting.order import keep_apart, keep_order, least_gaps
from tests.spotting.simulated import moved, simulate

RADIUS = 5
Rows = list[int]


def peaks(*shifts: int, width: float = 1.0) -> NDArray[np.float64]:
    """Posteriors around the given shifts."""
    away = np.arange(-RADIUS, RADIUS + 1) - np.array(shifts)[:, None]
    rows = np.exp(-0.5 * (away / width) ** 2)
    return rows / rows.sum(axis=1, keepdims=True)


def test_labels_far_apart_or_in_other_clips_are_left_as_they_were() -> None:
    posterior = peaks(3, -3, 2, width=0.5)
    frames, clips = np.array([10, 30, 31]), np.array([0, 0, 1])
    kept = keep_order(posterior, frames, np.zeros(3, int), clips)
    assert (kept == posterior).all()


def test_two_of_one_class_cannot_pass_each_other() -> None:
    posterior = peaks(3, -3, width=2.0)
    kept = keep_order(posterior, np.array([10, 13]), np.array([0, 0]), np.array([0, 0]))
    places = kept @ np.arange(-RADIUS, RADIUS + 1) + [10, 13]
    assert places[0] + 1 <= places[1]
    assert kept.sum(axis=1) == pytest.approx([1, 1])


def test_labels_of_a_class_come_no_nearer_than_two_of_it_do() -> None:
    frames = np.concatenate([np.arange(0, 3000, 20), [3005]])
    frames[40] += 14
    zeros = np.zeros(len(frames), int)
    least = least_gaps(frames, zeros, zeros)
    assert (least[[0, 1, 41, -1]] == [0, 20, 6, 20]).all()
    assert least_gaps(frames[:50], zeros[:50], zeros[:50]).max() == 1
    near = np.repeat(peaks(0, width=0.5), len(frames), axis=0)
    near[10], near[11] = peaks(4, -4, width=2.0)
    kept = keep_order(near, frames, zeros, zeros)
    shifts = np.arange(-RADIUS, RADIUS + 1)
    assert kept[10] @ shifts <= kept[11] @ shifts < near[10] @ shifts


def test_two_classes_change_places_only_on_strong_evidence() -> None:
    frames, clips, classes = np.array([10, 13]), np.array([0, 0]), np.array([0, 1])
    weak = keep_order(peaks(2, -2, width=2.0), frames, classes, clips)
    strong = keep_order(peaks(4, -4, width=0.4), frames, classes, clips)
    shifts = np.arange(-RADIUS, RADIUS + 1)
    assert weak[0] @ shifts + 10 < weak[1] @ shifts + 13
    assert strong.argmax(axis=1).tolist() == [RADIUS + 4, RADIUS - 4]


def test_order_of_the_input_does_not_matter() -> None:
    posterior, frames = peaks(2, -3, 1, width=2.0), np.array([10, 13, 15])
    forward = keep_order(posterior, frames, np.zeros(3, int), np.zeros(3, int))
    backward = keep_order(posterior[::-1], frames[::-1], np.zeros(3, int), np.zeros(3, int))
    assert backward[::-1] == pytest.approx(forward)


@pytest.mark.parametrize(
    ("frames", "moves", "settled"),
    [
        ([10, 20], [2, -2], [2, -2]),  # nothing to settle
        ([10, 14], [2, -2], [2, -1]),  # one of the two gives way
        ([10, 12], [0, -2], [0, -1]),  # a label that stays keeps its frame
        ([10, 10], [1, 1], [1, 1]),  # they shared a frame from the start
        ([12, 10], [0, 4], [0, 1]),  # unsorted input; passing is not allowed either
    ],
)
def test_labels_that_would_meet_give_way(frames: Rows, moves: Rows, settled: Rows) -> None:
    found = keep_apart(np.array(moves), peaks(*moves), np.array(frames), np.zeros(2, int))
    assert found.tolist() == settled


def test_crowds_end_on_different_frames_in_order() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        frames = np.sort(rng.choice(20, 8, replace=False))
        moves = rng.integers(-4, 5, 8)
        groups = rng.integers(0, 2, 8)
        settled = frames + keep_apart(moves, peaks(*moves.tolist(), width=2.0), frames, groups)
        for group in (0, 1):
            assert (np.diff(settled[groups == group]) > 0).all()


def test_labels_that_noise_put_in_the_wrong_order_mostly_come_back_into_it() -> None:
    data = simulate(2.0, count=200)
    first = np.arange(0, 200, 2)
    closer = data.true[first] + np.random.default_rng(3).integers(1, 4, 100) - data.true[first + 1]
    data.true[first + 1] += closer
    data.frames[first + 1] += closer
    data.clips, data.classes = np.arange(200) // 2, ["hit", "bounce"] * 100

    def swaps(frames: NDArray[np.int64]) -> int:
        return int((frames[first + 1] < frames[first]).sum())

    assert swaps(data.true) == 0
    assert swaps(data.frames) > 15
    assert swaps(moved(data.suggest(60))) < swaps(data.frames) / 3
