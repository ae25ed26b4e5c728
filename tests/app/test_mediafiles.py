"""The medium of a clip is found by name, and an unclear one is not guessed."""

from pathlib import Path

import pytest

from app.mediafiles import MediaFolder, meant
from spotting.errors import BadLabels


def folder_of(tmp_path: Path, *files: str) -> MediaFolder:
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return MediaFolder(tmp_path)


@pytest.mark.parametrize("file", ["match.mp4", "match.MKV", "deep/down/match.avi", "match/000000.jpg"])
def test_a_clip_is_found_by_its_name(tmp_path: Path, file: str) -> None:
    found = folder_of(tmp_path, file, "other.mp4").find("match")
    assert [medium.path.stem for medium in found] == ["match"]


def test_a_name_with_a_suffix_or_a_folder_means_that_file(tmp_path: Path) -> None:
    media = folder_of(tmp_path, "a/match.mp4", "b/match.mp4", "c/v1.2.mp4")
    assert [medium.name for medium in media.find("a/match")] == ["a/match"]
    assert [medium.name for medium in media.find("b/match.mp4")] == ["b/match"]
    assert [medium.name for medium in media.find("v1.2")] == ["c/v1.2"]


def test_two_media_of_one_name_are_both_told(tmp_path: Path) -> None:
    assert len(folder_of(tmp_path, "a/match.mp4", "b/match.mkv").find("match")) == 2
    assert len(folder_of(tmp_path / "x", "match.mp4", "match/000000.png").find("match")) == 2


def test_letter_case_matters_only_where_it_decides(tmp_path: Path) -> None:
    media = folder_of(tmp_path, "Match.mp4", "match.mp4", "Other.mp4")
    assert [medium.name for medium in media.find("Match")] == ["Match"]
    assert [medium.name for medium in media.find("other")] == ["Other"]


def test_a_half_is_found_by_its_game_whatever_its_size(tmp_path: Path) -> None:
    game = "england_epl/2014-2015/2015-02-21 Chelsea 1 - 1 Burnley"
    files = [f"{game}/1_224p.mkv", f"{game}/2_720p.mkv", "other game/1.mkv"]
    media = folder_of(tmp_path, *files)
    assert [medium.path.name for medium in media.find(f"{game}/1")] == ["1_224p.mkv"]
    season = MediaFolder(tmp_path / "england_epl" / "2014-2015")
    assert [medium.path.name for medium in season.find(f"{game}/2")] == ["2_720p.mkv"]
    alone = MediaFolder(tmp_path / game)
    assert [medium.path.name for medium in alone.find(f"{game}/1")] == ["1_224p.mkv"]
    assert media.find("england_epl/2014-2015/a game whose video is missing/1") == []


def test_of_a_half_in_several_sizes_the_smallest_is_meant(tmp_path: Path) -> None:
    media = folder_of(tmp_path, "game/1_720p.mkv", "game/1_224p.mkv", "game/1_1080p.mkv", "game/2.mkv")
    both = media.find("game/1")
    assert len(both) == 3
    assert (found := meant(both)) is not None
    assert found.path.name == "1_224p.mkv"
    assert meant([*both, *media.find("game/2")]) is None
    assert meant(folder_of(tmp_path, "game/1.mkv").find("game/1")) is None
    assert meant([]) is None


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert folder_of(tmp_path, "match.txt", ".hidden/lost.mp4", ".lost.mp4").find("lost") == []
    with pytest.raises(BadLabels, match="no such folder"):
        MediaFolder(tmp_path / "nowhere")


def test_the_key_is_of_the_place_alone(tmp_path: Path) -> None:
    media = folder_of(tmp_path, "match.mp4", "other.mp4")
    (medium,), (other,) = media.find("match"), media.find("other")
    before = medium.key()
    assert before != other.key()
    medium.path.write_bytes(b"other content")
    assert medium.key() == before


@pytest.mark.parametrize(("first", "begins"), [("000000.jpg", True), ("000001.jpg", False)])
def test_the_number_of_the_first_picture_is_seen(tmp_path: Path, first: str, begins: bool) -> None:
    (medium,) = folder_of(tmp_path, f"match/{first}", "match/000007.jpg", "match/notes.txt").find("match")
    assert medium.begins_at_zero() is begins
