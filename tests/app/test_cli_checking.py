import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from spotting.errors import BadConfig


def label_file(folder: Path) -> Path:
    events = [("near_swing", 20), ("near_bounce", 26), ("far_bounce", 40), ("far_bounce", 41)]
    entry = {
        "video": "m_0_100",
        "num_frames": 100,
        "num_events": len(events),
        "events": [{"label": label, "frame": frame, "comment": ""} for label, frame in events],
        "fps": 25,
        "width": 1280,
        "height": 720,
    }
    again = {**entry, "video": "m_10_100", "num_frames": 90, "num_events": 1}
    again["events"] = [{"label": "near_swing", "frame": 11, "comment": ""}]
    (folder / "labels.json").write_text(json.dumps([entry, again]))
    return folder / "labels.json"


def test_a_label_file_is_checked_without_its_videos(tmp_path: Path):
    rules = tmp_path / "rules.toml"
    rules.write_text('never = [["near_swing", "near_bounce"]]')
    told = CliRunner().invoke(cli, ["rules", str(label_file(tmp_path)), "--rules", str(rules)]).stdout
    lines = told.splitlines()
    assert lines[0] == (
        "order      m_0_100, near_bounce at frame 26: near_bounce never follows near_swing (6 frames before)"
    )
    assert (
        "duplicate  m_0_100, far_bounce at frame 41: far_bounce stands there already, 1 frame before" in told
    )
    assert "overlap    m_10_100, near_swing at frame 11: m_0_100 shows the same frames" in told
    assert "     1 labels out of order" in lines
    assert "     1 labels written twice" in lines
    assert "     1 pairs of clips show the same frames" in lines


def test_a_rule_about_an_unknown_class_is_refused(tmp_path: Path):
    rules = tmp_path / "rules.toml"
    rules.write_text('first = ["serve"]')
    told = CliRunner().invoke(cli, ["rules", str(label_file(tmp_path)), "--rules", str(rules)])
    with pytest.raises(BadConfig, match="there is no class serve"):
        raise told.exception or AssertionError
