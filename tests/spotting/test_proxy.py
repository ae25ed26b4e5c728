"""The proxy: any reader finds picture k at pts k, and a spoilt one is an error."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from spotting.errors import UnreadableVideo
from spotting.proxy import GROUP, proxy_shape
from spotting.video import ProxyStyle, VideoIndex, index_video, open_frames
from tests.spotting.films import COMPLETE
from tests.spotting.media import number_in, numbers_in, write_film


@pytest.mark.parametrize(
    ("shown", "size"),
    [((1280, 720), (398, 224)), ((720, 1280), (126, 224)), ((161, 91), (160, 90)), ((64, 64), (64, 64))],
)
def test_a_proxy_is_even_and_never_larger_than_its_source(
    shown: tuple[int, int], size: tuple[int, int]
) -> None:
    shape = proxy_shape(*shown, Fraction(25), 224)
    assert (shape.width, shape.height) == size


@pytest.mark.parametrize("name", ["variable rate.mp4", "29.97.mp4", "one frame.mp4", "turned 90.mp4"])
def test_every_reader_finds_picture_k_at_pts_k(name: str, tmp_path: Path) -> None:
    truth = COMPLETE[name](tmp_path / name, 35)
    index = index_video(tmp_path / name, tmp_path / "index")
    with av.open(str(tmp_path / "index" / "proxy.mp4")) as proxy:
        stream = proxy.streams.video[0]
        packets = [packet for packet in proxy.demux(stream) if packet.size]
    assert [p.pts * stream.time_base * index.proxy_rate for p in packets] == list(range(len(truth)))
    assert [p.dts for p in packets] == [p.pts for p in packets]
    assert [k for k, p in enumerate(packets) if p.is_keyframe] == list(range(0, len(truth), GROUP))
    capture = cv2.VideoCapture(str(tmp_path / "index" / "proxy.mp4"))
    for k in np.random.default_rng(0).permutation(len(truth)):
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(k))
        assert number_in(capture.read()[1]) == k


def test_long_films_are_read_without_losing_count(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", range(130), rate=Fraction(24000, 1001))
    index_video(tmp_path / "film.mp4", tmp_path / "index", style=ProxyStyle(48))
    frames = open_frames(tmp_path / "index")
    for first in (0, 120, 7, 9, 10, 11, 99):
        window = list(range(first, min(first + 25, 130)))
        assert numbers_in(frames.read(window)) == window
        assert numbers_in(frames.read(window[::-3])) == window[::-3]


def test_a_proxy_of_another_film_is_an_error_not_a_wrong_picture(tmp_path: Path) -> None:
    for name, count, rate in (("a", 40, 25), ("b", 40, 30), ("c", 35, 25)):
        write_film(tmp_path / f"{name}.mp4", range(count), rate=Fraction(rate))
        index_video(tmp_path / f"{name}.mp4", tmp_path / name)
    frames = open_frames(tmp_path / "a")
    proxy = tmp_path / "a" / "proxy.mp4"
    proxy.write_bytes((tmp_path / "b" / "proxy.mp4").read_bytes())
    with pytest.raises(UnreadableVideo, match=r"holds picture .* for 10"):
        frames.read([12])
    proxy.write_bytes((tmp_path / "c" / "proxy.mp4").read_bytes())
    with pytest.raises(UnreadableVideo, match="the working copy ends before picture 37"):
        frames.read([37])
    proxy.unlink()
    with pytest.raises(UnreadableVideo, match="the working copy cannot be opened"):
        frames.read([1])
    assert VideoIndex.load(tmp_path / "a").num_frames == 40
