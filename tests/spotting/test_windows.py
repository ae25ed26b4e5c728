"""Where windows lie and what is in them."""

from collections.abc import Callable

import numpy as np
import pytest

from spotting.config import TrainConfig
from spotting.errors import BadLabels
from spotting.events import Event, LabelledClip
from spotting.windows import (
    batches,
    class_numbers,
    fit_pictures,
    label_rows,
    place_windows,
    read_batch,
    read_window,
)

Tiny = Callable[..., TrainConfig]


def test_even_windows_see_every_frame_about_once(tiny: Tiny) -> None:
    config = tiny(blank_frames=2)
    lengths = [70, 33, 120, 97]
    seen = np.zeros((4, 130), int)
    for epoch in range(40):
        for clip, start in (placed for batch in place_windows(lengths, config, epoch) for placed in batch):
            seen[clip, max(0, start) : start + 16] += 1
    for clip, length in enumerate(lengths):
        rate = seen[clip, 8 : length - 8] / 40
        assert rate.mean() == pytest.approx(1, abs=0.25)
        assert rate.min() > 0.5


@pytest.mark.parametrize("sampling", ["even", "random"])
def test_windows_stick_out_of_a_clip_by_the_blank_frames_at_most(tiny: Tiny, sampling: str) -> None:
    config = tiny(blank_frames=3, sampling=sampling, frames_per_epoch=16 * 400)
    starts = [start for batch in place_windows([40, 41], config, 0) for _, start in batch]
    assert min(starts) == -3
    assert max(starts) in (40 + 3 - 16, 41 + 3 - 16)


@pytest.mark.parametrize("sampling", ["even", "random"])
def test_a_clip_shorter_than_a_window_starts_after_the_blank_frames(tiny: Tiny, sampling: str) -> None:
    config = tiny(blank_frames=3, sampling=sampling)
    assert {start for batch in place_windows([5], config, 0) for _, start in batch} == {-3}


def test_random_windows_prefer_long_clips(tiny: Tiny) -> None:
    config = tiny(sampling="random", frames_per_epoch=16 * 3000)
    clips = [clip for batch in place_windows([300, 100], config, 0) for clip, _ in batch]
    assert np.mean(clips) == pytest.approx(0.25, abs=0.03)


def test_an_epoch_is_a_function_of_its_number_and_the_seed(tiny: Tiny) -> None:
    lengths = [70, 33]
    assert place_windows(lengths, tiny(), 3) == place_windows(lengths, tiny(), 3)
    assert place_windows(lengths, tiny(), 3) != place_windows(lengths, tiny(), 4)
    assert place_windows(lengths, tiny(), 3) != place_windows(lengths, tiny(seed=1), 3)


def test_an_epoch_has_as_many_frames_as_asked(tiny: Tiny) -> None:
    assert batches([640], tiny()) == 10
    assert batches([640], tiny(frames_per_epoch=128)) == 2
    assert batches([3], tiny()) == 1
    assert [len(batch) for batch in place_windows([640], tiny(), 0)] == [4] * 10


def test_frames_outside_the_clip_are_black_and_marked(clips: list[LabelledClip]) -> None:
    frames = clips[0].frames
    for start in (-5, 30):
        pictures, present = read_window(frames, start, 16, 32, "whole")
        inside = [frame for frame in range(start, start + 16) if 0 <= frame < 40]
        assert present.tolist() == [0 <= frame < 40 for frame in range(start, start + 16)]
        assert np.array_equal(pictures[present], frames.read(inside))
        assert not pictures[~present].any()


def test_labels_of_a_window_are_those_inside_it(clips: list[LabelledClip], classes: tuple[str, ...]) -> None:
    numbers = class_numbers(clips, classes)
    rows = label_rows(clips, numbers, [(2, -3), (1, 10)], 16)
    expected = [
        (window, event.frame - start, classes.index(event.label), clip, number)
        for window, (clip, start) in enumerate([(2, -3), (1, 10)])
        for number, event in enumerate(clips[clip].events)
        if start <= event.frame < start + 16
    ]
    found = zip(rows.window_K, rows.frame_K, rows.class_K, rows.clip_K, rows.event_K, strict=True)
    assert [tuple(map(int, row)) for row in found] == expected
    assert len(expected) > 2


def test_a_batch_shows_each_windows_own_frames(
    clips: list[LabelledClip], classes: tuple[str, ...], tiny: Tiny
) -> None:
    batch = read_batch(clips, class_numbers(clips, classes), [(1, 4), (3, 20)], tiny())
    assert np.array_equal(batch.pictures[0], clips[1].frames.read(range(4, 20)))
    assert np.array_equal(batch.pictures[1], clips[3].frames.read(range(20, 36)))
    assert batch.present_BT.all()


def test_pictures_are_squeezed_whole_or_kept_in_proportion_for_cropping() -> None:
    pictures = np.zeros((2, 90, 160, 3), np.uint8)
    assert fit_pictures(pictures, 64, "whole").shape == (2, 64, 64, 3)
    assert fit_pictures(pictures, 64, "crop").shape == (2, 64, 114, 3)
    assert fit_pictures(pictures.swapaxes(1, 2), 64, "crop").shape == (2, 64, 64, 3)


def test_an_unknown_class_is_refused_by_name(clips: list[LabelledClip]) -> None:
    odd = LabelledClip("odd", "odd", (Event("green", 3),), clips[0].frames)
    with pytest.raises(BadLabels, match="clip odd: 'green' is not one of the classes"):
        class_numbers([odd], ("red", "blue"))
