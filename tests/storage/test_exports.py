import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from sqlalchemy.orm import Session

from spotting.errors import Conflict, NotFound
from storage import datasets, exports, label_files, reviews, suggestions
from storage.formats.labelfile import LabelFile
from storage.formats.spot import parse_spot
from storage.formats.table import find_format
from storage.records import NewClip, NewDataset, NewDecision, NewVideo

FILE = """[
  {
    "video": "match_3",
    "num_frames": 300,
    "num_events": 3,
    "site": {"court": "clay"},
    "events": [
      {"frame": 139, "label": "serve", "comment": "=HYPERLINK(1)", "by": "eva"},
      {"frame": 120, "label": "bounce", "comment": ""},
      {"frame": 150, "label": "bounce", "original_frame": 148}
    ],
    "fps": 25
  },
  {"video": "match_4", "num_frames": 10, "num_events": 1, "events": [{"frame": 10, "label": "serve"}]},
  {"video": "match_5", "num_frames": 100, "num_events": 0, "events": []}
]"""


def add(session: Session, file: LabelFile) -> int:
    video = NewVideo(
        path="", kind="file", folder="", num_frames=300, fps=25, width=224, height=224, identity=""
    )
    clips = tuple(
        NewClip(
            clip=clip,
            source=clip.name,
            video=replace(video, path=clip.name, num_frames=clip.num_frames or 1),
        )
        for clip in file.clips
    )
    new = NewDataset(
        name="rally",
        label_file="labels.json",
        classes=file.classes,
        clips=clips,
        report=file.findings,
        carried=file.carried,
        layout=file.layout,
    )
    return datasets.add_dataset(session, new)


@pytest.fixture
def dataset_id(session: Session) -> int:
    return add(session, parse_spot(FILE.encode(), "labels.json"))


@pytest.fixture
def labels(session: Session, dataset_id: int) -> list[int]:
    return [label.id for label in datasets.labels(session, dataset_id)]


def decide(session: Session, label_id: int, verdict: str, frame: int | None = None, **more) -> None:
    new = {"key": f"{label_id} {verdict}", "annotator": "ann"} | more
    reviews.record(session, NewDecision(label_id=label_id, verdict=verdict, frame=frame, **new))


def spot_json(session: Session, dataset_id: int, **more) -> str:
    (part,) = label_files.write(session, dataset_id, find_format("spot"), **more)
    return "".join(part.text)


def exported(session: Session, dataset_id: int, **more) -> list[dict]:
    return json.loads(spot_json(session, dataset_id, **more))


def audit(session: Session, dataset_id: int) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(exports.audit_csv(session, dataset_id)), newline="")))


def test_an_undecided_dataset_goes_out_as_it_came_in_with_the_original_frames(session: Session, dataset_id):
    expected = json.loads(FILE)
    for event in expected[0]["events"]:
        event.setdefault("original_frame", event["frame"])
    assert exported(session, dataset_id) == expected


def test_decisions_move_frames_and_nothing_else(session: Session, dataset_id, labels):
    decide(session, labels[0], "set", 141)
    decide(session, labels[1], "keep")
    decide(session, labels[2], "set", 151)
    events = exported(session, dataset_id)[0]["events"]
    assert [(event["frame"], event["original_frame"]) for event in events] == [
        (141, 139),
        (120, 120),
        (151, 148),  # the earliest frame that is known
    ]
    assert [event["decision"] for event in events] == ["set", "keep", "set"]
    assert events[0]["by"] == "eva"


def test_an_undone_decision_does_not_go_out(session: Session, dataset_id, labels):
    decide(session, labels[0], "set", 141)
    reviews.undo(session, dataset_id, "ann", "u")
    assert exported(session, dataset_id)[0]["events"][0]["frame"] == 139


def test_removed_labels_stop_the_export_until_it_may_leave_them_out(session: Session, dataset_id, labels):
    decide(session, labels[1], "remove")
    message = r"1 labels are marked removed \(clip match_3, bounce at frame 120\)"
    with pytest.raises(Conflict, match=message):
        spot_json(session, dataset_id)
    clip = exported(session, dataset_id, drop_removed=True)[0]
    assert clip["num_events"] == 2
    assert [event["frame"] for event in clip["events"]] == [139, 150]
    assert [row["decision"] for row in audit(session, dataset_id)] == ["", "remove", ""]


def test_a_refused_clip_goes_out_as_it_came(session: Session, dataset_id):
    assert exported(session, dataset_id)[1] == json.loads(FILE)[1]


def test_an_export_can_be_imported_and_exported_again_without_a_change(session: Session, dataset_id, labels):
    decide(session, labels[0], "set", 141)
    text = spot_json(session, dataset_id)
    datasets.delete_dataset(session, dataset_id)
    again = add(session, parse_spot(text.encode(), "labels.json"))
    assert spot_json(session, again) == text


def test_the_audit_has_one_row_per_label_with_what_was_shown(session: Session, dataset_id, labels, suggest):
    run_id = suggest(session, dataset_id, {labels[0]: 2.3, labels[1]: -0.001}, confidence=0.9)
    shown = suggestions.for_label(session, labels[0])
    assert shown is not None
    decide(session, labels[0], "accept", suggestion_id=shown.id)
    decide(session, labels[2], "flag", reason="unseen")
    suggest(session, dataset_id, {labels[0]: 5.0})
    first, second, third = audit(session, dataset_id)
    when = first.pop("decided_at")
    assert when.endswith("+00:00")
    assert first == {
        "video": "match_3",
        "label": "serve",
        "original_frame": "139",
        "shifted_frame": "139",
        "suggested_frame": "141",
        "final_frame": "141",
        "offset": "2.30",
        "confidence": "0.900",
        "decision": "accept",
        "flag_reason": "",
        "annotator": "ann",
        "run": str(run_id),
        "comment": "'=HYPERLINK(1)",
    }
    assert (second["suggested_frame"], second["offset"], second["decision"]) == ("120", "0.00", "")
    assert (third["final_frame"], third["decision"], third["flag_reason"]) == ("150", "flag", "unseen")


@pytest.mark.parametrize("comment", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_the_audit_is_safe_to_open_in_a_spreadsheet(session: Session, comment: str):
    text = json.loads(FILE)
    text[0]["events"][0]["comment"] = comment
    dataset_id = add(session, parse_spot(json.dumps(text).encode(), "labels.json"))
    assert audit(session, dataset_id)[0]["comment"] == f"'{comment}"


def test_what_is_not_there_is_named(session: Session):
    for export in (spot_json, exports.audit_csv):
        with pytest.raises(NotFound, match="there is no dataset 9"):
            export(session, 9)
