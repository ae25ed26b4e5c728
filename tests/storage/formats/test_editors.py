"""Markers for video editors and players, as independent readers see them."""

from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from spotting.errors import Conflict
from storage.formats import fcpxml, premiere, sportscode
from storage.formats.clock import Clock, Constant, Table
from storage.formats.labelfile import FileClip, NewLabel, Reviewed
from tests.storage.formats.reading import PAL
from tests.storage.formats.tables import NTSC, outgoing

LABELS = (
    NewLabel(label="bounce <1>", frame=139, comment='a "b"\nc', extra={"team": "home"}),
    NewLabel(label="hit", frame=0),
    NewLabel(label="hit", frame=9001, review=Reviewed(original_frame=9000, decision="set")),
)
CLIP = FileClip(name="train/match 3", position=0, num_frames=10_000, width=1280, height=720, labels=LABELS)


def text_of(module, clock: Clock = PAL) -> str:
    (part,) = module.write(outgoing([CLIP], clock))
    return "".join(part.text)


def test_final_cut_markers_are_read_at_their_frames():
    (timeline,) = otio.adapters.read_from_string(text_of(fcpxml), "fcpx_xml")
    (clip,) = timeline.find_clips()
    assert timeline.name == clip.name == "train/match 3"
    assert clip.source_range.duration == otio.opentime.RationalTime(10_000, 25)
    found = [(marker.name, marker.marked_range) for marker in clip.markers]
    one = otio.opentime.RationalTime(1, 25)
    at = [("hit", 0), ("bounce <1>", 139), ("hit", 9001)]
    assert found == [
        (name, otio.opentime.TimeRange(otio.opentime.RationalTime(frame, 25), one)) for name, frame in at
    ]


def test_final_cut_times_are_whole_pictures_at_an_ntsc_rate():
    root = ElementTree.fromstring(text_of(fcpxml, NTSC))
    starts = [seconds(marker.get("start", "")) for marker in root.iter("marker")]
    assert [start * NTSC.rate for start in starts] == [0, 139, 9001]
    form = root.find("resources/format")
    assert form is not None
    assert seconds(form.get("frameDuration", "")) == 1 / NTSC.rate
    media = root.find("resources/asset/media-rep")
    assert media is not None
    assert media.get("src") == "./match%203.mp4"


def seconds(time: str) -> Fraction:
    return Fraction(time.removesuffix("s"))


@pytest.mark.parametrize(("clock", "rate"), [(PAL, 25), (NTSC, 30000 / 1001)])
def test_premiere_markers_are_read_at_their_frames(clock: Clock, rate: float):
    timeline = otio.adapters.read_from_string(text_of(premiere, clock), "fcp_xml")
    found = [(marker.name, marker.marked_range.start_time.value) for marker in timeline.tracks.markers]
    assert found == [("hit", 0), ("bounce <1>", 139), ("hit", 9001)]
    assert timeline.tracks.markers[0].marked_range.start_time.rate == pytest.approx(rate)
    (clip,) = timeline.find_clips()
    assert clip.media_reference.target_url == "match%203.mp4"


def test_what_an_editor_has_no_place_for_is_in_the_note():
    notes = [marker.get("note") for marker in ElementTree.fromstring(text_of(fcpxml)).iter("marker")]
    assert notes == [
        None,
        '{"comment": "a \\"b\\"\\nc", "team": "home"}',
        '{"original_frame": 9000, "decision": "set"}',
    ]
    comments = [
        marker.findtext("comment") for marker in ElementTree.fromstring(text_of(premiere)).iter("marker")
    ]
    assert comments == [note or "" for note in notes]


@pytest.mark.parametrize(
    ("module", "clock", "message"),
    [
        (fcpxml, Table([0, 1, 3], Fraction(1, 25)), "its rate varies"),
        (premiere, Constant(Fraction("29.869")), "29.869 pictures per second is no rate of Premiere's"),
    ],
)
def test_a_rate_that_an_editor_does_not_have_is_refused(module, clock: Clock, message: str):
    with pytest.raises(Conflict, match=f"clip train/match 3: {message}"):
        text_of(module, clock)


def test_an_instance_of_sportscode_lasts_from_its_picture_to_the_next():
    root = ElementTree.fromstring(text_of(sportscode, NTSC))
    instances = [
        [instance.findtext(tag) for tag in ("ID", "start", "end", "code")]
        for instance in root.iter("instance")
    ]
    assert instances == [
        ["1", "4.638", "4.672", "bounce <1>"],
        ["2", "0.001", "0.034", "hit"],
        ["3", "300.334", "300.367", "hit"],
    ]
    labels = [(label.findtext("group"), label.findtext("text")) for label in root.iter("label")]
    assert labels == [
        ("comment", 'a "b"\nc'),
        ("team", "home"),
        ("original_frame", "9000"),
        ("decision", "set"),
    ]
