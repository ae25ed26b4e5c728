"""VIA 3 projects and CSV files as VIA writes them."""

import json

from storage.formats import via, via_table
from tests.storage.formats.reading import frames, sent_back, taken

PROJECT = {
    "project": {
        "pid": "__VIA_PROJECT_ID__",
        "pname": "rallies",
        "created": 1700000000000,
        "vid_list": ["1", "2"],
    },
    "config": {"file": {"loc_prefix": {"1": "", "2": "", "3": "", "4": ""}}},
    "attribute": {
        "1": {
            "aname": "notes",
            "anchor_id": "FILE1_Z2_XY0",
            "type": 1,
            "options": {},
            "default_option_id": "",
        },
        "2": {
            "aname": "stroke",
            "anchor_id": "FILE1_Z2_XY0",
            "type": 4,
            "options": {"0": "hit", "1": "bounce"},
            "default_option_id": "",
        },
    },
    "file": {
        "1": {"fid": "1", "fname": "match_3.mp4", "type": 4, "loc": 1, "src": ""},
        "2": {"fid": "2", "fname": "two", "type": 4, "loc": 2, "src": "https://host/a/match_4.mp4"},
    },
    "view": {"1": {"fid_list": ["1"]}, "2": {"fid_list": [2]}},
    "metadata": {
        "1_j5sJvB9h": {"vid": "1", "flg": 0, "z": [1.124, 5.31493], "xy": [], "av": {"2": "0", "1": "late?"}},
        "1_zYQJk2sM": {"vid": "1", "flg": 0, "z": [2.41892], "xy": [2, 162.2, 176.2, 639.4, 192.4], "av": {}},
        "2_vL68gsEX": {"vid": "2", "flg": 0, "z": [4.633], "xy": [], "av": {"2": "1"}},
    },
}
CSV = """# Exported using VGG Image Annotator (http://www.robots.ox.ac.uk/~vgg/software/via)
# SHAPE_ID = {"POINT":1,"RECTANGLE":2}
# ATTRIBUTE = {"1":{"aname":"Scene","anchor_id":"FILE1_Z2_XY0","type":1,"desc":"","options":{}}}
# CSV_HEADER = metadata_id,file_list,flags,temporal_coordinates,spatial_coordinates,metadata
"1_j5sJvB9h","[""match_3.mp4""]",0,"[1.124,5.31493]","[]","{""1"":""main title""}"
"1_zYQJk2sM","[""match_3.mp4""]",0,"[2.41892]","[2,162.262,176.2]","{""1"":""AOI""}"
"""


def test_a_project_is_read_by_the_attribute_with_options():
    file = taken(via.read, json.dumps(PROJECT), "rallies.json", "floor")
    assert frames(file) == {"match_3": [("hit", 28)], "match_4": [("bounce", 115)]}
    assert file.clips[0].labels[0].extra["notes"] == "late?"
    assert "1 regions and notes without a time are no events: they go out as they came" in str(
        file.findings[0]
    )


def test_another_attribute_can_be_named_as_the_class():
    file = taken(via.read, json.dumps(PROJECT), "rallies.json", "floor", columns={"label": "notes"})
    assert frames(file) == {"match_3": [("late?", 28)]}
    assert file.clips[0].labels[0].extra["stroke"] == "hit"
    assert file.findings[-1].message == "label must be a name of one or more characters"


def test_a_project_that_nobody_changed_goes_out_with_our_attributes_and_no_other_change():
    again = json.loads(sent_back(via.write, taken(via.read, json.dumps(PROJECT), "rallies.json", "round")))
    ours = {again["attribute"].pop(key)["aname"] for key in ("3", "4", "5")}
    options = again["attribute"]["2"]["options"]
    assert ours == {"comment", "annotator", "respot"}
    assert {key: options.pop(key) for key in list(options) if key not in "01"}.keys() == set("234")
    assert again == PROJECT


def test_a_view_of_several_files_is_left_out_and_carried():
    project = PROJECT | {"view": {"1": {"fid_list": ["1", "2"]}, "2": {"fid_list": ["2"]}}}
    file = taken(via.read, json.dumps(project), "rallies.json", "floor")
    assert frames(file) == {"match_4": [("bounce", 115)]}
    assert "the view shows 2 files: one is needed" in str(file.findings[0])
    assert json.loads(sent_back(via.write, file))["metadata"] == PROJECT["metadata"]


def test_a_csv_is_read_and_goes_out_row_by_row():
    file = taken(via_table.read, CSV, "rallies.csv", "floor")
    assert frames(file) == {"match_3": [("main title", 28)]}
    again = sent_back(via_table.write, file).splitlines()
    assert again[:2] == CSV.splitlines()[:2]
    assert again[4] == ('1_j5sJvB9h,"[""match_3.mp4""]",0,"[1.124, 5.31493]",[],"{""1"": ""main title""}"')
    assert frames(taken(via_table.read, "\n".join(again), "rallies.csv", "floor")) == frames(file)
