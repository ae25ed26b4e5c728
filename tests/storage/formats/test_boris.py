"""BORIS projects and tables as BORIS writes them."""

import gzip
import json
from pathlib import Path

import pytest

from spotting.errors import BadLabels
from storage.formats import boris, boris_table, container
from storage.formats.intake import Options
from storage.formats.recognise import recognise
from storage.formats.table import read_labels
from tests.storage.formats.reading import frames, sent_back, taken

PROJECT = {
    "time_format": "hh:mm:ss",
    "project_name": "rallies",
    "project_format_version": "7.0",
    "subjects_conf": {"0": {"key": "1", "name": "near", "description": ""}},
    "behaviors_conf": {
        "0": {"type": "Point event", "key": "h", "code": "hit", "modifiers": {}},
        "1": {"type": "State event", "key": "r", "code": "run", "modifiers": {}},
    },
    "observations": {
        "first": {
            "file": {"1": ["/home/me/videos/match_3.mp4"], "2": []},
            "type": "MEDIA",
            "date": "2026-01-02T10:00:00",
            "time offset": 10.0,
            "events": [
                [10.041, "near", "hit", "topspin|deep", "late?", 1],
                [14.0, "", "run", "", "", "NA"],
                [15.0, "", "run", "", ""],
            ],
            "media_info": {"length": {"/home/me/videos/match_3.mp4": 60.0}, "fps": {}, "offset": {"1": 0.0}},
        },
        "both": {"file": {"1": ["a.mp4", "b.mp4"]}, "type": "MEDIA", "time offset": 0.0, "events": []},
        "live": {"file": [], "type": "LIVE", "time offset": 0.0, "events": [[1.0, "", "hit", "", ""]]},
    },
}


def test_a_project_is_read_by_time_less_its_offset():
    file = taken(boris.read, json.dumps(PROJECT), "rallies.boris", "floor")
    assert frames(file) == {"match_3": [("hit", 1), ("run", 100), ("run", 125)], "live": [("hit", 25)]}
    hit = file.clips[0].labels[0]
    assert (hit.comment, hit.extra["subject"], hit.extra["modifier"]) == ("late?", "near", "topspin|deep")
    assert file.classes == ("hit", "run")
    assert [str(finding) for finding in file.findings] == [
        "clip match_3: 2 starts and stops of state events are taken in, each as an event",
        "clip both: 2 media files one after the other share a time axis: observe them one by one",
    ]


def test_a_project_that_nobody_changed_goes_out_as_it_came():
    file = taken(boris.read, json.dumps(PROJECT), "rallies.boris", "floor")
    assert json.loads(sent_back(boris.write, file)) == PROJECT


def test_a_frame_index_that_is_not_known_leaves_its_observation_out():
    file = taken(boris.read, json.dumps(PROJECT), "rallies.boris", "frame")
    assert frames(file) == {}
    assert "clip match_3, event 1: frame must be a whole number, not 'NA'" in map(str, file.findings)


def test_pictures_of_a_folder_are_counted_from_one():
    event = ["NA", "", "hit", "", "", 140, "rally/000139.jpg"]
    about = {"file": [], "type": "IMAGES", "directories_list": ["rally"], "events": [event]}
    project = json.dumps(PROJECT | {"observations": {"rally": about}})
    file = taken(boris.read, project, "rallies.boris", "frame")
    assert frames(file) == {"rally": [("hit", 139)]}
    assert json.loads(sent_back(boris.write, file))["observations"]["rally"]["events"] == [event]


OLD = """Observation id\trally 1\t\t\t\t\t\t\t
\t\t\t\t\t\t\t\t
Player #1\tmatch_3.mp4\t\t\t\t\t\t\t
Time offset (s)\t0.0\t\t\t\t\t\t\t
\t\t\t\t\t\t\t\t
Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus
3.300\tmatch_3.mp4\t359.960\t25.0\tnear\thit\t\t\tPOINT
7.750\tmatch_3.mp4\t359.960\t25.0\tfar\trun\tmoves\tslow\tSTART
"""
ABOUT = ["2026-01-02 10:00:00", "", "60", "Media file(s)", "{}", "2.0", "60.000", "25.000", "near", "hit"]


def row(media: str, time: str, frame: str, comment: str) -> str:
    about = [cell.replace("{}", f"player #1:{media}") for cell in ABOUT]
    return "\t".join([f"obs {media}", *about, "", "deep", "POINT", time, media, frame, "NA", comment])


NEW = "\n".join(
    [
        "\t".join(boris_table.HEADER),
        row("one.mp4", "5.560", "89", ""),
        row("two.mp4", "2.000", "0", '"a ""b"""'),
    ]
)


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        (OLD, "floor", {"match_3": [("hit", 82), ("run", 193)]}),
        (NEW, "floor", {"one": [("hit", 89)], "two": [("hit", 0)]}),
        (NEW, "frame", {"one": [("hit", 89)], "two": [("hit", 0)]}),
    ],
)
def test_a_table_is_read_under_its_header(text: str, rule, expected):
    assert frames(taken(boris_table.read, text, "events.tsv", rule)) == expected


def test_a_table_keeps_its_columns_and_the_block_above_them():
    file = taken(boris_table.read, OLD, "events.tsv", "floor")
    assert file.clips[0].labels[1].extra["Subject"] == "far"
    added = "\toriginal_frame\tdecision\trespot"
    lines = [
        line.removesuffix(added).removesuffix("\t\t\t")
        for line in sent_back(boris_table.write, file).split("\n")
    ]
    assert lines == [line.removesuffix("\t\t\t") for line in OLD.split("\n")]
    assert taken(boris_table.read, NEW, "events.tsv", "floor").clips[1].labels[0].comment == 'a "b"'


def test_a_table_without_a_frame_column_is_not_read_by_frame():
    with pytest.raises(BadLabels, match="there is no column Image index: choose time rule floor or round"):
        taken(boris_table.read, OLD, "events.tsv", "frame")
    with pytest.raises(BadLabels, match="has a header with the columns Behavior and Time"):
        taken(boris_table.read, "a\tb\n", "events.tsv", "floor")


def test_media_one_after_the_other_are_left_out():
    rows = NEW.replace("obs two.mp4", "obs one.mp4")
    file = taken(boris_table.read, rows, "events.tsv", "floor")
    assert frames(file) == {}
    assert {f.message for f in file.findings} == {
        "several media share one time axis: observe them one by one"
    }


def test_a_gzipped_project_is_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "rallies.boris.gz"
    packed = gzip.compress(json.dumps(PROJECT).encode())
    path.write_bytes(packed)
    (tmp_path / "plain.boris").write_text(json.dumps(PROJECT))
    plain = read_labels(tmp_path / "plain.boris", "boris", Options(rule="frame"))
    assert recognise(path) == "boris"
    assert read_labels(path, "boris", Options(rule="frame")) == plain
    path.write_bytes(packed[:-9])
    with pytest.raises(BadLabels, match=r"rallies\.boris\.gz: not a gzip that can be read"):
        recognise(path)
    path.write_bytes(packed)
    monkeypatch.setattr(container, "LARGEST_FILE", 1 << 8)
    with pytest.raises(BadLabels, match=r"rallies\.boris\.gz: unpacked over"):
        recognise(path)
