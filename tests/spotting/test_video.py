"""The proof: for every kind of film, picture k is the k-th picture, in sequence and at random."""

import os
from pathlib import Path

import numpy as np
import pytest

from spotting.errors import Stopped, UnreadableVideo
from spotting.frames import StoredFrames
from spotting.video import ProxyStyle, index_video, open_frames, open_source
from tests.spotting.broken import DAMAGED, REFUSED
from tests.spotting.films import COMPLETE, JOINED, QUICK, Film
from tests.spotting.media import number_in, numbers_in, write_film

HEIGHT = 64


def read_shuffled(frames: StoredFrames) -> list[int]:
    """Every picture by its own read, in shuffled order; their numbers put back into sequence."""
    numbers = [0] * len(frames)
    for place in np.random.default_rng(7).permutation(len(frames)):
        numbers[place] = number_in(frames.read([int(place)])[0])
    return numbers


def assert_every_picture_right(path: Path, write: Film, count: int) -> None:
    truth = list(write(path, count))
    index = index_video(path, path.parent / "index", style=ProxyStyle(HEIGHT))
    assert index.num_frames == len(truth)
    assert index.suspect == () or path.name in JOINED
    for frames in (open_frames(path.parent / "index"), open_source(path, index)):
        assert numbers_in(frames.read(range(len(frames)))) == truth
        assert read_shuffled(frames) == truth


@pytest.mark.parametrize("name", QUICK)
def test_every_picture_is_right_in_sequence_and_at_random(name: str, tmp_path: Path) -> None:
    assert_every_picture_right(tmp_path / name, QUICK[name], 40)


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="no such priorities on this system")
def test_writing_a_film_leaves_the_priority_of_the_process_as_it_was(tmp_path: Path) -> None:
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    QUICK["av1.mp4"](tmp_path / "av1.mp4", 3)
    assert (os.sched_getscheduler(0), os.sched_getparam(0)) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLETE)
def test_every_picture_of_a_long_film_is_right(name: str, tmp_path: Path) -> None:
    assert_every_picture_right(tmp_path / name, COMPLETE[name], 300)


@pytest.mark.parametrize("name", DAMAGED)
def test_the_beginning_of_a_damaged_film_is_usable_and_the_damage_is_said(name: str, tmp_path: Path) -> None:
    DAMAGED[name](tmp_path / name)
    index = index_video(tmp_path / name, tmp_path / "index", style=ProxyStyle(HEIGHT))
    proxy, source = open_frames(tmp_path / "index"), open_source(tmp_path / name, index)
    in_sequence = numbers_in(source.read(range(len(source))))
    assert index.notes
    assert 10 <= index.usable <= index.num_frames
    assert in_sequence[: index.usable] == list(range(index.usable))
    assert numbers_in(proxy.read(range(index.usable))) == list(range(index.usable))
    assert read_shuffled(source) == in_sequence


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_numbered_is_refused_by_name(name: str, tmp_path: Path) -> None:
    write, reason = REFUSED[name]
    write(tmp_path / name)
    with pytest.raises(UnreadableVideo, match=f"^{name}: {reason}"):
        index_video(tmp_path / name, tmp_path / "index")
    assert list((tmp_path / "index").glob("*")) == []


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of 25 pictures."""
    path = tmp_path / "film.mp4"
    write_film(path, range(25))
    return path


def test_a_known_video_is_not_decoded_again(film: Path, tmp_path: Path) -> None:
    index = index_video(film, tmp_path / "index")
    os.utime(film, (1, 1))
    told: list[str] = []
    again = index_video(film, tmp_path / "index", progress=lambda done, total, note="": told.append(note))
    assert told == []
    assert again.same_pictures(index)


def test_a_changed_video_and_another_height_are_indexed_anew(film: Path, tmp_path: Path) -> None:
    index_video(film, tmp_path / "index")
    assert index_video(film, tmp_path / "index", style=ProxyStyle(48)).proxy_height == 48
    write_film(film, range(100, 130))
    index_video(film, tmp_path / "index", style=ProxyStyle(48))
    assert numbers_in(open_frames(tmp_path / "index").read(range(30))) == list(range(100, 130))


def test_labels_forbid_other_pictures_but_not_another_file_with_the_same(film: Path, tmp_path: Path) -> None:
    index_video(film, tmp_path / "index")
    write_film(film, range(25), muxing={"movflags": "faststart"})
    index_video(film, tmp_path / "index", labelled=True)
    write_film(film, [*range(12), *range(13, 26)])
    with pytest.raises(
        UnreadableVideo, match=r"^film.mp4: has labels, but its pictures changed at frame \d+ "
    ):
        index_video(film, tmp_path / "index", labelled=True)
    assert numbers_in(open_frames(tmp_path / "index").read(range(25))) == list(range(25))


def test_a_stop_leaves_nothing_behind(film: Path, tmp_path: Path) -> None:
    def stop(done: float, total: float, note: str = "") -> None:
        raise Stopped

    with pytest.raises(Stopped):
        index_video(film, tmp_path / "index", progress=stop)
    assert list((tmp_path / "index").iterdir()) == []


def test_what_changed_since_its_index_is_not_read(film: Path, tmp_path: Path) -> None:
    index = index_video(film, tmp_path / "index")
    write_film(film, range(100, 125))
    with pytest.raises(UnreadableVideo, match=r"^film.mp4: changed since it was indexed"):
        open_source(film, index)
    (tmp_path / "index" / "proxy.mp4").write_bytes(b"half a file")
    with pytest.raises(UnreadableVideo, match="working copy is missing or incomplete"):
        open_frames(tmp_path / "index")
