"""Folders of numbered pictures: the same access as a film, and no gap in silence."""

from pathlib import Path

import cv2
import pytest

from spotting.errors import UnreadableVideo
from spotting.folder import numbered_pictures
from spotting.verify import verify
from spotting.video import index_video, open_frames, open_source
from tests.spotting.media import draw, numbers_in, write_film


def write_pictures(folder: Path, names: dict[str, int]) -> None:
    """A picture per file name, saying a number."""
    folder.mkdir()
    for name, number in names.items():
        path = folder / name
        path.write_bytes(cv2.imencode(path.suffix, draw(number)[:, :, ::-1])[1].tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder `match` with 000000.jpg … 000011.jpg."""
    write_pictures(tmp_path / "match", {f"{k:06d}.jpg": k for k in range(12)})
    return tmp_path / "match"


def test_a_folder_reads_as_a_film_does(folder: Path, tmp_path: Path) -> None:
    (folder / "labels.json").write_text("{}")
    (folder / ".hidden.jpg").write_bytes(b"")
    index = index_video(folder, tmp_path / "index", first=0)
    for frames in (open_frames(tmp_path / "index"), open_source(folder, index)):
        assert numbers_in(frames.read([11, 0, 5])) == [11, 0, 5]


def test_numbers_from_one_are_frames_from_zero(tmp_path: Path) -> None:
    write_pictures(tmp_path / "match", {f"img{k}.png": k for k in range(1, 12)})
    index = index_video(tmp_path / "match", tmp_path / "index", first=1)
    assert numbers_in(open_source(tmp_path / "match", index).read([0, 9, 10])) == [1, 10, 11]


def test_where_numbering_begins_is_asked_and_checked(folder: Path) -> None:
    with pytest.raises(
        UnreadableVideo, match="match: pictures begin with 000000.jpg; say whether frame 0 is"
    ):
        numbered_pictures(folder, None)
    with pytest.raises(
        UnreadableVideo, match="match: numbers were said to begin at 1, but 000000.jpg is the"
    ):
        numbered_pictures(folder, 1)


def test_a_gap_names_the_first_missing_file(folder: Path, tmp_path: Path) -> None:
    for missing in ("000005.jpg", "000007.jpg"):
        (folder / missing).unlink()
    with pytest.raises(UnreadableVideo, match="^match: 000005.jpg is missing$"):
        index_video(folder, tmp_path / "index", first=0)


def test_pictures_that_do_not_belong_are_named(folder: Path) -> None:
    (folder / "cover.jpg").write_bytes(b"")
    with pytest.raises(UnreadableVideo, match="cover.jpg is not numbered like the other pictures"):
        numbered_pictures(folder, 0)
    (folder / "cover.jpg").rename(folder / "3.jpg")
    with pytest.raises(UnreadableVideo, match="000003.jpg and 3.jpg have the same number"):
        numbered_pictures(folder, 0)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideo, match="no pictures in this folder"):
        index_video(tmp_path, tmp_path / "index", first=0)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda data: data[: len(data) // 2], "000004.jpg is cut short"),
        (lambda data: b"words" + data, "000004.jpg is not a picture that can be read"),
        (lambda data: data[:2] + b"\0" * 40 + data[-2:], "000004.jpg cannot be decoded"),
        (
            lambda data: cv2.imencode(".jpg", draw(4, (80, 48)))[1].tobytes(),
            "pictures change from 160x96 to 80x48 at frame 4",
        ),
    ],
)
def test_a_bad_picture_is_named(spoil: object, reason: str, folder: Path, tmp_path: Path) -> None:
    assert callable(spoil)
    path = folder / "000004.jpg"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UnreadableVideo, match=f"^match: {reason}"):
        index_video(folder, tmp_path / "index", first=0)


def test_a_picture_replaced_after_import_is_not_given(folder: Path, tmp_path: Path) -> None:
    index = index_video(folder, tmp_path / "index", first=0)
    source = open_source(folder, index)
    (folder / "000003.jpg").write_bytes((folder / "000004.jpg").read_bytes())
    with pytest.raises(UnreadableVideo, match="000003.jpg is not the picture that it was at import"):
        source.read([3])


def test_a_folder_can_do_without_a_working_copy_and_a_film_cannot(folder: Path, tmp_path: Path) -> None:
    index = index_video(folder, tmp_path / "index", first=0, style=None)
    assert index_video(folder, tmp_path / "index", first=0, style=None).same_pictures(index)
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["index.npz"]
    frames = open_frames(tmp_path / "index")
    assert frames.read([0]).shape == (1, 96, 160, 3)
    assert numbers_in(frames.read([11, 0, 5])) == [11, 0, 5]
    assert verify(tmp_path / "index", folder) == ()
    (folder / "000005.jpg").write_bytes((folder / "000004.jpg").read_bytes())
    with pytest.raises(UnreadableVideo, match="000005.jpg is not the picture that it was at import"):
        frames.read([5])
    folder.rename(tmp_path / "moved")
    with pytest.raises(UnreadableVideo, match="match: there is no such file"):
        open_frames(tmp_path / "index").read([3, 4])
    write_film(tmp_path / "film.mp4", range(3))
    with pytest.raises(ValueError, match="only a folder of pictures can do without a working copy"):
        index_video(tmp_path / "film.mp4", tmp_path / "film", style=None)
