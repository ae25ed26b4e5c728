"""An index survives being stored, says when it is not what it should be, and compares pictures."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from spotting.errors import UnreadableVideo
from spotting.index import NO_PTS, VideoIndex, digest, stamp
from spotting.video import index_video
from tests.spotting.media import write_film


@pytest.fixture
def index(tmp_path: Path) -> VideoIndex:
    """The index of a film of 20 pictures, stored in the folder `index`."""
    write_film(tmp_path / "film.mp4", range(20))
    return index_video(tmp_path / "film.mp4", tmp_path / "index")


def test_storing_and_loading_changes_nothing(index: VideoIndex, tmp_path: Path) -> None:
    index = dataclasses.replace(index, suspect=((3, 5), (9, 20)), notes=("ünï",), claimed_seconds=None)
    index.save(tmp_path)
    loaded = VideoIndex.load(tmp_path)
    for field in dataclasses.fields(VideoIndex):
        assert np.array_equal(getattr(loaded, field.name), getattr(index, field.name)), field.name
    assert loaded.usable == 3


def test_what_is_no_index_is_said(index: VideoIndex, tmp_path: Path) -> None:
    stored = (tmp_path / "index" / "index.npz").read_bytes()
    for content in (b"", stored[: len(stored) // 2], stored.replace(b'"schema": 2', b'"schema": 0')):
        (tmp_path / "index.npz").write_bytes(content)
        with pytest.raises(UnreadableVideo, match="import the video again"):
            VideoIndex.load(tmp_path)


def test_the_first_picture_that_differs_is_named(index: VideoIndex) -> None:
    other = index.crc_N.copy()
    other[[7, 12]] ^= 1
    assert index.same_pictures(index)
    assert index.first_difference(dataclasses.replace(index, crc_N=other)) == 7
    assert index.first_difference(dataclasses.replace(index, crc_N=index.crc_N[:15])) == 15


def test_time_stamps_name_pictures_only_when_all_are_there_and_rise(index: VideoIndex) -> None:
    assert index.timed
    for wrong in (NO_PTS, int(index.pts_N[4])):
        pts_N = index.pts_N.copy()
        pts_N[5] = wrong
        assert not dataclasses.replace(index, pts_N=pts_N).timed


def test_the_stamp_sees_names_and_times_the_digest_content(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"pictures")
    second.write_bytes(b"pictures")
    assert digest([first]) == digest([second])
    assert stamp([first]) != stamp([second])
    second.write_bytes(b"Pictures")
    assert digest([first]) != digest([second])
