"""What the survey says of a video besides its pictures."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from spotting.child import IndexingChild
from spotting.errors import UnreadableVideo
from spotting.estimate import estimate
from spotting.survey import suspect_spans
from spotting.video import ProxyStyle, index_video
from tests.spotting import surgery
from tests.spotting.films import COMPLETE
from tests.spotting.media import write_film


@pytest.mark.parametrize(
    ("stumbles", "keys", "spans"),
    [
        ([], [0], ()),
        ([3], [0, 6], ((3, 6),)),
        ([3, 4, 4], [0, 6], ((3, 6),)),
        ([3, 6], [0, 6, 8], ((3, 8),)),
        ([6, 1], [0, 3, 6], ((1, 3), (6, 10))),
        ([10], [0, 5], ()),
    ],
)
def test_doubt_lasts_from_a_stumble_to_the_next_key_frame(
    stumbles: Sequence[int], keys: Sequence[int], spans: tuple[tuple[int, int], ...]
) -> None:
    assert suspect_spans(stumbles, np.isin(np.arange(10), keys)) == spans


@pytest.mark.parametrize(
    ("name", "fps", "variable"),
    [
        ("29.97.mp4", 30000 / 1001, False),
        ("59.94.mkv", 60000 / 1001, False),
        ("120.mp4", 120, False),
        ("start at 100 s.ts", 25, False),
        ("h264 without time stamps.avi", 25, False),
        ("gap of 20 s.mp4", 25, True),
        ("variable rate.mkv", 6.25, True),
    ],
)
def test_the_rate_is_nominal_and_its_changes_are_said(
    name: str, fps: float, variable: bool, tmp_path: Path
) -> None:
    COMPLETE[name](tmp_path / name, 40)
    index = index_video(tmp_path / name, tmp_path / "index")
    assert index.fps == pytest.approx(fps, rel=1e-5)
    assert index.variable_rate == variable


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("header says 12.avi", "the header says 12 pictures, 60 were put out"),
        ("gap of 20 s.mp4", "a pause of 20.04 s after frame 30: pictures may be missing there"),
    ],
)
def test_what_does_not_fit_together_is_noted(name: str, note: str, tmp_path: Path) -> None:
    COMPLETE[name](tmp_path / name, 60)
    assert note in index_video(tmp_path / name, tmp_path / "index").notes


def test_stored_and_shown_size_are_told_apart(tmp_path: Path) -> None:
    COMPLETE["turned 90.mp4"](tmp_path / "turned.mp4", 3)
    turned = index_video(tmp_path / "turned.mp4", tmp_path / "turned")
    assert (turned.width, turned.height) == (160, 96)
    assert (turned.stored_width, turned.stored_height) == (96, 160)
    COMPLETE["stretched pixels.mp4"](tmp_path / "stretched.mp4", 3)
    stretched = index_video(tmp_path / "stretched.mp4", tmp_path / "stretched", style=ProxyStyle(48))
    assert (stretched.width, stretched.height, stretched.sample_aspect) == (160, 96, Fraction(4, 3))
    assert (stretched.proxy_width, stretched.proxy_height) == (80, 48)


def test_interlaced_pictures_are_said_to_be(tmp_path: Path) -> None:
    COMPLETE["interlaced h264.mp4"](tmp_path / "film.mp4", 5)
    assert index_video(tmp_path / "film.mp4", tmp_path / "index").interlaced


def test_of_several_films_in_a_file_the_choice_is_told(tmp_path: Path) -> None:
    surgery.write_two_films(tmp_path / "film.mkv", [(160, 96), (320, 192)])
    index = index_video(tmp_path / "film.mkv", tmp_path / "index")
    assert (index.width, index.height) == (320, 192)
    assert index.notes == ("2 video streams: number 1 is used",)


def test_an_estimate_is_of_the_right_size(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", range(200), size=(320, 192))
    guess = estimate(tmp_path / "film.mp4")
    index = index_video(tmp_path / "film.mp4", tmp_path / "index")
    assert guess.num_frames == index.num_frames == 200
    assert guess.proxy_bytes / 4 < index.proxy_bytes < guess.proxy_bytes * 4
    assert 0.01 < guess.seconds < 10
    with IndexingChild() as child:
        assert child.estimate(tmp_path / "film.mp4") == guess
        finer = child.estimate(tmp_path / "film.mp4", style=ProxyStyle(quality=12))
        assert finer.proxy_bytes == 2 * guess.proxy_bytes
        with pytest.raises(UnreadableVideo, match="nothing.mp4: there is no such file"):
            child.estimate(tmp_path / "nothing.mp4")
