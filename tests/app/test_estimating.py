"""What an import takes is told before it starts, from headers alone."""

from pathlib import Path

import pytest

from app.actions.datasets import estimate_import
from app.estimating import ImportEstimate
from app.workspace import Workspace
from spotting.errors import BadLabels
from tests.app.tiny import TinyFiles, import_tiny


def test_the_pictures_and_bytes_of_an_import_are_guessed(work: Workspace, tiny: TinyFiles) -> None:
    told = estimate_import(work, tiny.request())
    assert (told["media"], told["known"], told["unsaid"]) == (6, 0, 0)
    assert told["frames"] == 6 * 64
    assert "6 videos and frame folders, 0 of them indexed already; about 384 pictures" in told["words"]
    assert list(work.settings.videos.glob("*")) == []
    import_tiny(work, tiny)
    made = sum(path.stat().st_size for path in work.settings.videos.glob("*/proxy.mp4"))
    assert told["copy_bytes"] / 5 < made < told["copy_bytes"] * 5
    again = estimate_import(work, tiny.request(name="again"))
    assert again["words"] == "6 videos and frame folders, 6 of them indexed already: nothing to decode."


def test_a_video_that_cannot_be_opened_does_not_stop_the_guess(
    work: Workspace, tiny: TinyFiles, tmp_path: Path
) -> None:
    files = tiny.copy(tmp_path / "files")
    min(files.media.iterdir()).write_bytes(b"no video")
    assert estimate_import(work, files.request())["frames"] == 6 * 64


def test_missing_files_are_said(work: Workspace, tiny: TinyFiles, tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="no such folder of videos"):
        estimate_import(work, tiny.request(media=tmp_path / "nowhere"))


def test_sizes_are_words_a_person_reads() -> None:
    told = ImportEstimate(
        media=3, known=1, unsaid=1, frames=1234, copy_bytes=2_300_000_000, seconds=170, free_bytes=10**10
    )
    assert str(told) == (
        "3 videos and frame folders, 1 of them indexed already; about 1,234 pictures to decode: "
        "2.3 GB of working copies (10.0 GB free), about 3 min. Some videos do not say how long they are."
    )
