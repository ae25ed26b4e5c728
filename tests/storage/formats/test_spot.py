import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spotting.errors import BadLabels
from storage.formats.classes import read_classes
from storage.formats.findings import Finding
from storage.formats.labelfile import CarriedClip, FileClip, LabelFile, NewLabel
from storage.formats.spot import parse_spot, read, write

CLIP: dict[str, Any] = {
    "video": "match_3",
    "num_frames": 800,
    "num_events": 2,
    "events": [
        {"frame": 139, "label": "serve", "comment": "clear"},
        {"frame": 150, "label": "bounce", "comment": ""},
    ],
    "fps": 29.97,
    "width": 1920,
    "height": 1080,
}


def parsed(*clips: Any) -> LabelFile:
    return parse_spot(json.dumps(clips).encode(), "labels.json")


def messages(file: LabelFile) -> list[tuple[str, str, int | None]]:
    return [(finding.level, finding.message, finding.event) for finding in file.findings]


def with_events(*events: Any) -> dict[str, Any]:
    return CLIP | {"events": list(events), "num_events": len(events)}


def test_a_clip_is_read_whole():
    file = parsed(CLIP)
    assert file == LabelFile(
        classes=("bounce", "serve"),
        clips=(
            FileClip(
                name="match_3",
                position=0,
                num_frames=800,
                fps=29.97,
                width=1920,
                height=1080,
                labels=(
                    NewLabel(label="serve", frame=139, comment="clear"),
                    NewLabel(label="bounce", frame=150, comment=""),
                ),
            ),
        ),
        layout=file.layout,
    )


@pytest.mark.parametrize(
    ("clip", "message", "event"),
    [
        (with_events({"frame": 812, "label": "hit"}), "frame 812 is past the end (800 frames)", 0),
        (with_events({"frame": 800, "label": "hit"}), "frame 800 is past the end (800 frames)", 0),
        (with_events({"frame": -1, "label": "hit"}), "frame -1 is before the start", 0),
        (with_events({"frame": 1.5, "label": "hit"}), "frame must be a whole number, not 1.5", 0),
        (with_events({"frame": "7", "label": "hit"}), "frame must be a whole number, not '7'", 0),
        (with_events({"frame": True, "label": "hit"}), "frame must be a whole number, not True", 0),
        (
            with_events({"frame": 10**40, "label": "hit"}),
            f"frame must be a whole number, not 1{'0' * 36}...",
            0,
        ),
        (with_events({"label": "hit"}), "frame must be a whole number, not None", 0),
        (with_events({"frame": 1}), "label must be a name of one or more characters", 0),
        (with_events({"frame": 1, "label": " "}), "label must be a name of one or more characters", 0),
        (with_events({"frame": 1, "label": "a\0"}), "label must be a name of one or more characters", 0),
        (with_events({"frame": 1, "label": "hit"}, 7), "the event is not an object", 1),
        (CLIP | {"events": {}}, "events must be a list", None),
        (CLIP | {"num_frames": 0}, "num_frames must be a whole number from 1, not 0", None),
        (CLIP | {"num_frames": "800"}, "num_frames must be a whole number from 1, not '800'", None),
    ],
)
def test_a_clip_that_breaks_a_rule_is_left_out_and_carried(clip, message: str, event: int | None):
    file = parsed(clip)
    assert ("refused", message, event) in messages(file)
    assert {finding.level for finding in file.findings} == {"refused"}
    assert file.clips == ()
    assert file.carried == (CarriedClip(position=0, raw=clip),)
    assert json.loads(write(file)) == [clip]


@pytest.mark.parametrize(
    "entry", [None, 7, "match", [], {}, {"video": ""}, {"video": 3}, {"video": "\ud800"}]
)
def test_an_entry_without_a_name_is_named_by_its_place(entry):
    file = parsed(CLIP, entry)
    assert [finding.clip for finding in file.findings] == ["entry 1"]
    assert json.loads(write(file)) == [CLIP, entry]


def test_the_second_clip_of_a_name_is_left_out():
    file = parsed(CLIP, CLIP)
    assert len(file.clips) == 1
    assert file.findings == (
        Finding("refused", "match_3", "the name is taken by entry 0: entry 1 is left out"),
    )
    assert json.loads(write(file)) == [CLIP, CLIP]


@pytest.mark.parametrize(
    ("clip", "level", "message"),
    [
        (CLIP | {"num_events": 3}, "fixed", "num_events is 3 for 2 events: counted"),
        (CLIP | {"num_events": None}, "fixed", "num_events is None for 2 events: counted"),
        (
            {k: v for k, v in CLIP.items() if k != "num_events"},
            "fixed",
            "num_events is missing: counted",
        ),
        (CLIP | {"fps": -1}, "noted", "fps -1 is no rate: seconds are unknown, frames stay valid"),
        (CLIP | {"fps": 0.0}, "noted", "fps 0.0 is no rate: seconds are unknown, frames stay valid"),
        (CLIP | {"fps": "25"}, "noted", "fps '25' is no rate: seconds are unknown, frames stay valid"),
        (CLIP | {"width": 0}, "noted", "width 0 is no size: kept as it stands"),
        (
            with_events({"frame": 9, "label": "a"}, {"frame": 3, "label": "a"}),
            "noted",
            "events are not in order of frame: their order is kept",
        ),
        (
            with_events({"frame": 3, "label": "a"}, {"frame": 3, "label": "b"}),
            "noted",
            "frame 3: labels of several classes (legal)",
        ),
        (
            with_events({"frame": 3, "label": "a"}, {"frame": 3, "label": "a"}),
            "noted",
            "a stands 2 times at frame 3: all kept",
        ),
        (with_events({"frame": 3.0, "label": "a"}), "fixed", "frame 3.0 is read as 3"),
        (
            with_events({"frame": 3, "label": "a", "comment": 5}),
            "noted",
            "comment is not plain text: kept as it stands, not shown",
        ),
    ],
)
def test_what_can_be_taken_in_is_taken_in_and_told(clip, level: str, message: str):
    file = parsed(clip)
    assert [(finding.level, finding.message) for finding in file.findings] == [(level, message)]
    expected = clip | {"num_events": len(clip["events"])}
    assert json.loads(write(file)) == [expected]


def test_half_a_surrogate_pair_in_an_unknown_key_goes_out_again():
    clip = CLIP | {"note": "\ud800", "größe": 1}
    data = json.dumps([clip], ensure_ascii=False).replace("\ud800", "\\ud800").encode()
    assert json.loads(write(parse_spot(data, "labels.json"))) == [clip]


def test_a_clip_without_its_length_leaves_it_to_the_pictures():
    file = parsed({k: v for k, v in CLIP.items() if k != "num_frames"})
    assert messages(file) == [("fixed", "num_frames is missing: the pictures are counted instead", None)]
    assert file.clips[0].num_frames is None


@pytest.mark.parametrize("data", [b"{}", b"null", b'"clips"', b"7", b"true", b"\xff", b"["])
def test_what_is_no_spot_json_is_refused(data: bytes):
    with pytest.raises(BadLabels, match=r"^labels\.json"):
        parse_spot(data, "labels.json")


@pytest.mark.parametrize(
    "dumped",
    [
        json.dumps([CLIP, CLIP | {"video": "b"}], indent=2),
        json.dumps([CLIP, CLIP | {"video": "b"}], indent=1) + "\n",
        json.dumps([CLIP], indent="\t", sort_keys=True),
        json.dumps([CLIP, CLIP | {"video": "b"}], indent=0),
        json.dumps([CLIP, CLIP | {"video": "b"}]),
        json.dumps([CLIP, CLIP | {"video": "b"}], separators=(",", ":")),
        json.dumps([CLIP | {"video": "größe 球"}], ensure_ascii=False, indent=4),
        json.dumps([CLIP | {"video": "größe 球"}], indent=4),
        json.dumps(
            [with_events({"by": "eva", "frame": 1, "label": "a"}) | {"_source_info": {"pad": [25, 1]}}]
        ),
        "[]",
        "[]\n",
    ],
)
def test_a_file_comes_back_character_by_character(dumped: str):
    assert write(parse_spot(dumped.encode(), "labels.json")) == dumped


def test_classes_come_from_the_file_named_or_beside_or_the_labels(tmp_path: Path):
    labels = tmp_path / "rally.json"
    labels.write_text(json.dumps([CLIP]))
    assert read(labels).classes == ("bounce", "serve")
    (tmp_path / "class.txt").write_text("serve\nbounce\nswing")
    assert read(labels).classes == ("serve", "bounce", "swing")
    (tmp_path / "rally.class.txt").write_text("serve\r\nbounce\r\n")
    assert read(labels).classes == ("serve", "bounce")
    (tmp_path / "other.txt").write_text("serve\n")
    other = read(labels, tmp_path / "other.txt")
    assert other.classes == ("serve", "bounce")
    assert other.findings == (
        Finding("fixed", "match_3", "class bounce is not in the class list: added at its end"),
    )


@pytest.mark.parametrize(
    ("text", "message"), [("a\nb\na\n", "class a stands twice"), (" \n", "there is no class in it")]
)
def test_a_class_list_without_one_meaning_is_refused(tmp_path: Path, text: str, message: str):
    path = tmp_path / "class.txt"
    path.write_text(text)
    with pytest.raises(BadLabels, match=rf"class\.txt: {message}"):
        read_classes(path)


def test_a_finding_reads_as_a_sentence():
    assert str(Finding("refused", "match_3", "frame 812 is past the end (800 frames)", 4)) == (
        "clip match_3, event 4: frame 812 is past the end (800 frames)"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAME = st.text(min_size=1).filter(lambda text: text.strip() != "" and "\0" not in text)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
EVENT = st.dictionaries(st.text(), JSON, max_size=2).flatmap(
    lambda extra: st.fixed_dictionaries(
        {"frame": st.integers(0, 99), "label": NAME}, optional={"comment": st.text() | JSON}
    ).map(lambda event: extra | event)
)


@st.composite
def files(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(NAME, unique=True, max_size=3))
    clips = []
    for name in names:
        events = draw(st.lists(EVENT, max_size=4))
        known = {"video": name, "num_frames": 100, "num_events": len(events), "events": events}
        optional = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(("fps", "width", "height"), JSON)))
        clips.append(draw(st.dictionaries(st.text(), JSON, max_size=2)) | known | optional)
    return clips


@PATIENT
@given(files(), st.sampled_from([None, 2]), st.booleans())
def test_whatever_is_taken_in_goes_out_again(clips, indent, ascii_only: bool):
    data = json.dumps(clips, indent=indent, ensure_ascii=ascii_only).encode()
    file = parse_spot(data, "labels.json")
    assert len(file.clips) == len(clips)
    assert json.loads(write(file)) == clips


@PATIENT
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(data: bytes):
    try:
        file = parse_spot(data, "labels.json")
    except BadLabels:
        return
    assert json.loads(write(file)) == json.loads(data.decode("utf-8-sig"))


MUTATED = st.dictionaries(
    st.sampled_from(["video", "num_frames", "num_events", "events", "fps", "width", "comment", "frame"]), JSON
)


@PATIENT
@given(st.lists(st.tuples(MUTATED, st.lists(MUTATED, max_size=2)), max_size=3))
def test_any_values_under_the_known_keys_are_read_or_refused(entries):
    clips = [
        CLIP | {"events": [CLIP["events"][0] | event for event in events]} | clip for clip, events in entries
    ]
    file = parse_spot(json.dumps(clips).encode(), "labels.json")
    assert len(file.clips) + len(file.carried) == len(clips)
    written = json.loads(write(file))
    for before, after in zip(clips, written, strict=True):
        counted = {"num_events": after["num_events"]} if isinstance(after.get("events"), list) else {}
        assert before | counted == after
