"""The commands about videos: probe, frames, verify."""

import shutil
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from spotting.errors import NotFound
from tests.app.tiny import TinyFiles
from tests.spotting.media import number_in, write_film


def respot(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_probe_sums_up_what_the_decoder_put_out(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", range(30))
    told = respot("probe", tmp_path / "film.mp4", "--data", tmp_path / "data")
    assert told.exit_code == 0, told.output
    facts = dict(line.split(maxsplit=1) for line in told.output.splitlines())
    assert facts["pictures"] == "30"
    assert facts["rate"] == "25.000 per second, constant"
    assert facts["size"] == "160 x 96 as shown, 160 x 96 stored"


def test_frames_writes_the_pictures_asked_for(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", range(30))
    asked = ("frames", tmp_path / "film.mp4", 29, 3, "--out", tmp_path / "out", "--data", tmp_path / "data")
    assert respot(*asked).exit_code == 0
    written = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written] == ["film_000003_pts1536.png", "film_000029_pts14848.png"]
    assert [number_in(cv2.imread(str(path))) for path in written] == [3, 29]


def test_frames_past_the_end_write_nothing(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", range(3))
    told = respot(
        "frames", tmp_path / "film.mp4", 1, 3, "--out", tmp_path / "out", "--data", tmp_path / "data"
    )
    assert isinstance(told.exception, NotFound)
    assert str(told.exception) == "film.mp4: there is no frame 3 (frames 0 to 2)"
    assert not (tmp_path / "out").exists()


def test_verify_names_the_video_that_changed(tiny: TinyFiles, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    media = shutil.copytree(tiny.media, tmp_path / "media")
    assert respot("import", tiny.labels, "--media", media, "--name", "tiny", *data).exit_code == 0
    assert respot("verify", "tiny", *data).exit_code == 0
    changed = min(media.iterdir())
    write_film(changed, range(9))
    told = respot("verify", "tiny", *data)
    assert told.exit_code == 1
    assert f"{changed.name}: changed since it was indexed; import it again" in told.output


@pytest.mark.parametrize("name", ["probe", "frames", "verify"])
def test_each_command_explains_itself(name: str) -> None:
    assert respot(name, "--help").exit_code == 0
