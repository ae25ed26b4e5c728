from pathlib import Path

import pytest

from spotting.errors import BadLabels
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.recognise import recognise
from storage.formats.table import Format
from tests.storage.formats.tables import ROUND_TRIP, written


@pytest.mark.parametrize("format", ROUND_TRIP, ids=lambda format: format.name)
def test_every_export_is_recognised(format: Format, tmp_path: Path):
    clips = [
        FileClip(name=name, position=i, num_frames=900, labels=(NewLabel(label="hit", frame=3),))
        for i, name in enumerate(("one", "two"))
    ]
    path = tmp_path / f"export{'.zip' if format.many else format.extensions[0]}"
    path.write_bytes(written(format, clips))
    assert recognise(path) == format.name


def test_a_folder_is_recognised_by_its_first_file(tmp_path: Path):
    (tmp_path / "game").mkdir()
    (tmp_path / "game" / "Labels-v2.json").write_text('{"annotations": [{"gameTime": "1 - 00:08"}]}')
    assert recognise(tmp_path) == "soccernet"


@pytest.mark.parametrize(
    "text", ["[]", "{}", "3", '[{"a": 1}]', '{"annotations": 5}', '{"a": {"annotations": 5}}']
)
def test_other_json_is_left_to_the_spot_reader(text: str, tmp_path: Path):
    (tmp_path / "a.json").write_text(text)
    assert recognise(tmp_path / "a.json") == "spot"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", '[{"a":\n1,}]', "a.json, line 2, column 3"),
        ("a.xml", "<file/>", "a.xml: XML that begins with file is in no label format that is read"),
        ("a.csv", "\xff", "a.csv: not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_with_its_place(
    name: str, text: str, message: str, tmp_path: Path
):
    (tmp_path / name).write_text(text, encoding="latin-1")
    with pytest.raises(BadLabels, match=message):
        recognise(tmp_path / name)
