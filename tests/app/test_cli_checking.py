import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from spotting.errors import BadConfig

FOLDER = os.environ.get("RESPOT_TEST_SPOT_LABELS", "")


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


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="RESPOT_TEST_SPOT_LABELS names no folder of label files")
def test_impossible_bounces_and_clips_of_the_same_frames_are_found_in_public_tennis_labels(tmp_path: Path):
    rules = tmp_path / "rules.toml"
    never = [[f"{side}_court_swing", f"{side}_court_bounce"] for side in ("near", "far")]
    rules.write_text(f"never = {json.dumps(never)}")
    (labels,) = Path(FOLDER).rglob("tennis/test.json")
    lines = CliRunner().invoke(cli, ["rules", str(labels), "--rules", str(rules)]).stdout.splitlines()
    found = {
        side: sum(f"{side}_court_bounce never follows {side}_court_swing" in line for line in lines)
        for side in ("near", "far")
    }
    assert found == {"near": 36, "far": 44}
    assert sum(line.startswith("overlap ") for line in lines) == 25
    assert "    80 labels out of order" in lines
    assert "     2 pairs of clips show the same frames" in lines


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="RESPOT_TEST_SPOT_LABELS names no folder of label files")
def test_clips_whose_names_tell_seconds_are_not_taken_to_show_the_same_frames():
    (labels,) = Path(FOLDER).rglob("finegym/val.json")
    lines = CliRunner().invoke(cli, ["rules", str(labels)]).stdout.splitlines()
    assert "     0 labels labelled differently in two clips" in lines
    assert "     0 pairs of clips show the same frames" in lines
