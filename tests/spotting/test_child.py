"""Indexing in a child process: the same index, errors passed on, and nobody harmed when it dies."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from spotting.child import GIB, IndexingChild, index_in_child
from spotting.errors import Stopped, UnreadableVideo
from spotting.video import ProxyStyle, index_video
from tests.spotting.media import write_film


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of 60 pictures."""
    write_film(tmp_path / "film.mp4", range(60))
    return tmp_path / "film.mp4"


def test_a_child_indexes_one_video_after_another_and_passes_errors_on(film: Path, tmp_path: Path) -> None:
    told: list[float] = []
    (tmp_path / "text.mp4").write_text("no film")
    with IndexingChild() as child:
        index = child.index(film, tmp_path / "a", progress=lambda done, total, note="": told.append(done))
        with pytest.raises(UnreadableVideo, match=r"^text.mp4: not a video"):
            child.index(tmp_path / "text.mp4", tmp_path / "b")
        again = child.index(film, tmp_path / "c", style=ProxyStyle(48))
    assert told
    assert index.same_pictures(index_video(film, tmp_path / "d"))
    assert (again.proxy_height, again.num_frames) == (48, 60)


def test_what_is_known_needs_no_child(film: Path, tmp_path: Path) -> None:
    index_video(film, tmp_path / "index")
    started = time.process_time()
    assert index_in_child(film, tmp_path / "index").num_frames == 60
    assert time.process_time() - started < 0.2


def test_a_silent_child_is_ended_and_named(film: Path, tmp_path: Path) -> None:
    with (
        IndexingChild(timeout=0) as child,
        pytest.raises(UnreadableVideo, match=r"film.mp4: the decoder hung"),
    ):
        child.index(film, tmp_path / "index")
    assert list((tmp_path / "index").glob("*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of address space on Windows")
def test_a_crash_is_an_error_and_the_next_video_starts_afresh(film: Path, tmp_path: Path) -> None:
    with (
        IndexingChild(memory=GIB // 8) as child,
        pytest.raises(UnreadableVideo, match=r"the decoder crashed"),
    ):
        child.index(film, tmp_path / "index")
    with IndexingChild() as child:
        child.index(film, tmp_path / "a")
        assert child._process is not None
        os.kill(child._process.pid, signal.SIGKILL)
        child._process.wait()
        assert child.index(film, tmp_path / "b").num_frames == 60


def test_a_stop_ends_the_child_and_leaves_nothing(film: Path, tmp_path: Path) -> None:
    def stop(done: float, total: float, note: str = "") -> None:
        raise Stopped

    with IndexingChild() as child, pytest.raises(Stopped):
        child.index(film, tmp_path / "index", progress=stop)
    assert list((tmp_path / "index").glob("*")) == []
