"""ELAN documents as ELAN writes them, and XML that is no label file."""

import pytest

from spotting.errors import BadLabels, Conflict
from storage.formats import eaf
from storage.formats.intake import Intake, Options
from storage.formats.labelfile import LabelFile
from storage.formats.strict_xml import DEEPEST, element, parse_xml

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-10-09T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///media/match_3.mp4" MIME_TYPE="video/mp4"{origin}/>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts9" TIME_VALUE="4640"/>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="4700"/>
    <TIME_SLOT TIME_SLOT_ID="ts2"/>
  </TIME_ORDER>
  <TIER ANNOTATOR="eva" LINGUISTIC_TYPE_REF="default-lt" TIER_ID="serve">
    <ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="{slot}" TIME_SLOT_REF2="ts1">
        <ANNOTATION_VALUE/>
      </ALIGNABLE_ANNOTATION>
    </ANNOTATION>
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="gloss" PARENT_REF="serve" TIER_ID="role"/>
  <CONTROLLED_VOCABULARY CV_ID="strokes"/><CONTROLLED_VOCABULARY CV_ID="sides"/>
</ANNOTATION_DOCUMENT>"""


def read(origin: str = "", slot: str = "ts9") -> LabelFile:
    intake = Intake("one.eaf", Options(rule="floor"))
    eaf.read(DOCUMENT.format(origin=origin, slot=slot).encode(), "one.eaf", intake)
    return intake.finish()


def test_a_document_of_the_tool_is_one_clip_named_by_its_media():
    (waiting,) = read().pending
    (label,) = waiting.labels
    assert (waiting.clip.name, label.label, label.annotator) == ("match_3", "serve", "eva")
    assert label.seconds * 1000 == 4640


def test_the_offset_of_the_media_is_added():
    (waiting,) = read(origin=' TIME_ORIGIN="1000"').pending
    assert waiting.labels[0].seconds * 1000 == 5640


def test_an_annotation_without_a_time_leaves_its_clip_out():
    file = read(slot="ts2")
    assert file.pending == ()
    assert [str(finding) for finding in file.findings if finding.level == "refused"] == [
        "clip match_3, event 0: TIME_VALUE must be a number, not None"
    ]


def test_what_is_not_taken_in_is_told():
    assert [str(finding) for finding in read().findings] == [
        "clip match_3: 1 dependent tiers (role): not taken in, and not in the export",
        "clip match_3: 2 controlled vocabularies (strokes ...): not taken in, and not in the export",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f: not XML"),
        ("<a>", "f: not XML"),
        ("<a>&b;</a>", "f: not XML"),
        ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "f, line 1: a document type"),
        ("\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "f, line 2: a document type"),
        ("<a>" * 100_000, f"f, line 1: elements nested over {DEEPEST} deep"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "f: not XML"),
    ],
)
def test_xml_that_is_not_safe_to_read_is_refused(text: str, message: str):
    with pytest.raises(BadLabels, match=f"^{message}"):
        parse_xml(text.encode(), "f")


def test_characters_that_xml_cannot_write_are_named():
    assert element("a", {"b": '"<\n'}, "<&>") == "<a b='\"&lt;&#10;'>&lt;&amp;&gt;</a>"
    with pytest.raises(Conflict, match=r"U\+0008 cannot stand in XML"):
        element("a", {}, "x\b")
