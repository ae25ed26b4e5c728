"""CVAT's XML for images, of a video's task and of folders of pictures, as CVAT writes it."""

from xml.etree import ElementTree

import pytest

from spotting.errors import BadLabels
from storage.formats import cvat
from tests.storage.formats.reading import frames, sent_back, taken

VIDEO = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><id>7</id><name>rally</name><mode>interpolation</mode>
    <labels><label><name>hit</name><type>tag</type></label><label><name>bounce</name></label></labels>
    <source>match_3.mp4</source></task></meta>
  <image id="0" name="frame_000000" width="1280" height="720"/>
  <image id="139" name="frame_000139" width="1280" height="720">
    <tag label="hit" source="manual"><attribute name="stroke">topspin</attribute></tag>
    <tag label="bounce" source="auto"/>
    <box label="ball" source="manual" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4" z_order="0"/>
  </image>
</annotations>"""
FOLDERS = """<annotations>
  <meta><task><id>7</id><name>rallies</name></task></meta>
  <image id="0" name="one/img_00001.jpg" width="64" height="64"><tag label="hit" source="manual"/></image>
  <image id="9" name="two/img_00140.jpg" width="64" height="64"><tag label="hit" source="manual"/></image>
</annotations>"""


def test_the_tags_of_a_video_are_read_at_the_frames_of_their_pictures():
    file = taken(cvat.read, VIDEO, "annotations.xml", "frame")
    assert frames(file) == {"match_3": [("hit", 139), ("bounce", 139)]}
    hit, bounce = file.clips[0].labels
    assert (hit.extra, bounce.extra) == ({"stroke": "topspin"}, {"source": "auto"})
    assert file.classes == ("hit", "bounce")
    assert str(file.findings[-1]) == "clip match_3: 1 shapes are not taken in and do not go out again"


@pytest.mark.parametrize(("first", "expected"), [(0, (1, 140)), (1, (0, 139))])
def test_pictures_of_folders_are_numbered_by_their_names(first: int, expected):
    file = taken(cvat.read, FOLDERS, "annotations.xml", "frame", first_picture=first)
    assert frames(file) == {
        "rallies": [],
        "one": [("hit", expected[0])],
        "two": [("hit", expected[1])],
    }


@pytest.mark.parametrize("text", [VIDEO, FOLDERS])
def test_tags_go_out_on_the_pictures_they_came_from(text: str):
    file = taken(cvat.read, text, "annotations.xml", "frame", first_picture=1)
    again = ElementTree.fromstring(sent_back(cvat.write, file))
    assert tags(again) == tags(ElementTree.fromstring(text))
    assert again.findtext("meta/task/id") == "7"


def tags(root: ElementTree.Element) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (image.get("name"), tag.get("label"), tag.get("source"))
        for image in root.iter("image")
        for tag in image.iter("tag")
    ]


def test_the_video_format_which_has_no_tags_is_refused():
    with pytest.raises(BadLabels, match="CVAT's video format has no tags: export as CVAT for images 1.1"):
        taken(cvat.read, '<annotations><track id="0"/></annotations>', "a.xml", "frame")
