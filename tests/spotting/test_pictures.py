"""Pictures: upright, of the right colour, fingerprinted by what is visible, resized one way."""

from fractions import Fraction

import av
import numpy as np
import pytest

from spotting.pictures import Converter, Orientation, display_size, fingerprint
from spotting.scaling import resize

PICTURE = np.arange(6, dtype=np.uint8).reshape(2, 3)


@pytest.mark.parametrize(
    ("turn", "upright"),
    [
        (Orientation(), [[0, 1, 2], [3, 4, 5]]),
        (Orientation(mirror_x=True), [[2, 1, 0], [5, 4, 3]]),
        (Orientation(mirror_x=True, mirror_y=True), [[5, 4, 3], [2, 1, 0]]),
        (Orientation(transposed=True, mirror_x=True), [[3, 0], [4, 1], [5, 2]]),
        (Orientation(transposed=True, mirror_y=True), [[2, 5], [1, 4], [0, 3]]),
    ],
)
def test_turning_is_transposing_then_mirroring(turn: Orientation, upright: list[list[int]]) -> None:
    assert turn.apply(PICTURE).tolist() == upright


def test_the_shown_size_is_in_square_pixels_and_upright() -> None:
    assert display_size(720, 576, Fraction(64, 45), Orientation()) == (1024, 576)
    assert display_size(640, 480, Fraction(1), Orientation(transposed=True)) == (480, 640)


@pytest.mark.parametrize(
    ("layout", "row_bytes"),
    [
        ("yuv420p", [50, 25, 25]),
        ("yuv420p10le", [100, 50, 50]),
        ("nv12", [50, 50]),
        ("rgb24", [150]),
        ("gray", [50]),
        ("gbrp", [50, 50, 50]),
        ("yuyv422", [100]),
    ],
)
def test_the_fingerprint_sees_pictures_not_padding(layout: str, row_bytes: list[int]) -> None:
    def frame(padding: int, first: int) -> av.VideoFrame:
        made = av.VideoFrame(50, 38, layout)
        for plane, row in zip(made.planes, row_bytes, strict=True):
            stored = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
            stored[:] = padding
            stored[: plane.height, :row] = np.arange(row)
            stored[0, 0] = first
        return made

    assert fingerprint(frame(7, 0)) == fingerprint(frame(200, 0))
    assert fingerprint(frame(7, 0)) != fingerprint(frame(7, 1))


@pytest.mark.parametrize("matrix", ["ITU601", "ITU709"])
@pytest.mark.parametrize("layout", ["yuv444p", "yuvj444p", "rgb24"])
def test_colours_survive_the_way_to_the_proxy_and_back(matrix: str, layout: str) -> None:
    colours = np.repeat(np.array([[[200, 30, 60]], [[20, 180, 90]]], np.uint8), 32, axis=1).repeat(16, axis=0)
    stored = av.VideoFrame.from_ndarray(colours, "rgb24").reformat(format=layout, dst_colorspace=matrix)
    small = Converter().planes(stored, 32, 32)
    assert small.format.name == "yuv420p"
    seen = Converter().rgb(small, 32, 32).astype(int)
    assert np.abs(seen - colours)[[4, 28]].max() <= 6


def test_shrinking_averages_areas_and_the_same_size_is_the_same() -> None:
    checks = np.indices((8, 8)).sum(0) % 2 * 200
    pictures = np.repeat(checks[None, :, :, None], 3, 3).astype(np.uint8)
    assert (resize(pictures, 2, 2) == 100).all()
    assert resize(pictures, 8, 8) is pictures
    assert resize(pictures[:0], 3, 5).shape == (0, 3, 5, 3)
    assert resize(pictures, 16, 12).shape == (1, 16, 12, 3)
