"""Training-size copies: the same pictures, made once, whole or not at all."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spotting.cache import cached_clips
from spotting.config import TrainConfig
from spotting.events import LabelledClip
from spotting.progress import Stopped, silent
from spotting.windows import fit_pictures

Tiny = Callable[..., TrainConfig]
NAMES = ["a", "b", "c", "d"]


def test_cached_frames_are_the_clips_frames_at_training_size(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    model = replace(tiny().model, size=48)
    for cached, clip in zip(cached_clips(clips, NAMES, tmp_path, model, silent), clips, strict=True):
        assert (cached.name, cached.source, cached.events) == (clip.name, clip.source, clip.events)
        assert len(cached.frames) == 40
        expected = fit_pictures(clip.frames.read(range(40)), 48, "whole")
        assert np.array_equal(cached.frames.read(range(40)), expected)
        assert np.array_equal(cached.frames.read([7, 3, 3, 39]), expected[[7, 3, 3, 39]])
        assert np.array_equal(pickle.loads(pickle.dumps(cached.frames)).read([5]), expected[[5]])


@pytest.mark.parametrize("wanted", [[-1], [40], [3, 40], [39, 0, -40]])
def test_frames_outside_the_clip_are_an_error(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path, wanted: list[int]
) -> None:
    frames = cached_clips(clips[:1], NAMES[:1], tmp_path, tiny().model, silent)[0].frames
    with pytest.raises(IndexError, match="of a clip of 40"):
        frames.read(wanted)


def test_what_is_there_is_not_made_again(clips: list[LabelledClip], tiny: Tiny, tmp_path: Path) -> None:
    cached_clips(clips, NAMES, tmp_path, tiny().model, silent)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    cached_clips(clips, NAMES, tmp_path, tiny().model, silent)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    cached_clips(clips, NAMES, tmp_path, tiny(size=48).model, silent)
    assert len(list(tmp_path.iterdir())) == 2 * len(clips)


def test_stopping_leaves_whole_files_only(clips: list[LabelledClip], tiny: Tiny, tmp_path: Path) -> None:
    def stop_in_the_second_clip(done: float, total: float, note: str = "") -> None:
        assert total == 160
        if done > 40:
            raise Stopped

    with pytest.raises(Stopped):
        cached_clips(clips, NAMES, tmp_path, tiny().model, stop_in_the_second_clip)
    assert len(list(tmp_path.iterdir())) == 1


def test_other_pictures_under_an_old_name_are_read_anew(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path
) -> None:
    model = tiny().model
    cached_clips(clips, NAMES, tmp_path, model, silent)
    replaced = replace(clips[0], frames=clips[1].frames)
    (cached,) = cached_clips([replaced], ["e"], tmp_path, model, silent)
    assert np.array_equal(cached.frames.read(range(40)), clips[1].frames.read(range(40)))


def test_a_clip_without_room_on_the_disk_is_read_where_it_lies(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cached_clips(clips[:1], NAMES[:1], tmp_path, tiny().model, silent)
    monkeypatch.setattr("spotting.cache.LEAVE_BYTES", 1 << 60)
    kept, *others = cached_clips(clips, NAMES, tmp_path, tiny().model, silent)
    assert np.array_equal(kept.frames.read([3]), first[0].frames.read([3]))
    assert others == clips[1:]
    assert len(list(tmp_path.iterdir())) == 1
