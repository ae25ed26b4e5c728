"""Checking an index again finds what changed, and nothing when nothing did."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from spotting.index import VideoIndex
from spotting.verify import verify
from spotting.video import index_video
from tests.spotting.media import write_film


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """An indexed film of 30 pictures; its index lies in the folder `index` beside it."""
    write_film(tmp_path / "film.mp4", range(30))
    index_video(tmp_path / "film.mp4", tmp_path / "index")
    return tmp_path / "film.mp4"


def test_an_untouched_film_has_no_faults(film: Path) -> None:
    assert verify(film.parent / "index", film) == ()


def test_other_pictures_are_counted(film: Path) -> None:
    index = VideoIndex.load(film.parent / "index")
    crc_N = index.crc_N.copy()
    crc_N[[7, 20]] ^= 1
    dataclasses.replace(index, crc_N=crc_N).save(film.parent / "index")
    faults = verify(film.parent / "index", film, samples=30)
    assert faults[0] == "film.mp4: 2 pictures are not as at import, the first is frame 7"
    assert set(faults[1:]) == {f"film.mp4: frame {k} does not decode as it did at import" for k in (7, 20)}


def test_a_replaced_film_and_a_lost_index_are_faults(film: Path) -> None:
    write_film(film, range(31))
    assert any(
        "not as at import" in fault or "changed" in fault for fault in verify(film.parent / "index", film)
    )
    (film.parent / "index" / "index.npz").write_bytes(np.random.default_rng(0).bytes(99))
    assert "import the video again" in verify(film.parent / "index", film)[0]
