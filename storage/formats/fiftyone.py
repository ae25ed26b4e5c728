"""FiftyOne temporal detections (FiftyOneTemporalDetectionDataset labels.json): frames counted from 1."""

from collections.abc import Iterator

from spotting.errors import BadLabels
from storage.formats.intake import Draft, Intake, frame_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, Json, NewLabel
from storage.formats.outgoing import Outgoing, Part, as_written, json_members, json_text, noted
from storage.formats.rules import is_name
from storage.formats.strict_json import a_list, an_object, decode, parse

KNOWN = {"label", "support", "attributes", "confidence"}
BESIDE = {"comment", "annotator"}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in every video under `labels`; an event is the first frame of a support, which counts from 1."""
    file = parse(decode(data, name), name)
    labels = an_object(file).get("labels")
    if not isinstance(labels, dict):
        raise BadLabels(f"{name}: FiftyOne's temporal detections are an object with labels by video")
    intake.classes += [label for label in a_list(file.get("classes")) if is_name(label)]
    for video, detections in labels.items():
        if detections is None or isinstance(detections, list):
            drafts = [_draft(detection) for detection in detections or ()]
            intake.clip(video, drafts, raw=[video, detections])
        else:
            intake.left_out([video, detections], "the video has no list of detections", video)


def _draft(detection: Json) -> Draft:
    given = an_object(detection)
    support = a_list(given.get("support"))
    first = frame_of(support[0] if support else None)
    attributes = an_object(given.get("attributes"))
    extra = {key: value for key, value in given.items() if key not in KNOWN}
    extra |= {key: value for key, value in attributes.items() if key not in BESIDE}
    extra[AS_WRITTEN] = {"support": support}
    if "confidence" in given:
        extra["score"] = given["confidence"]
    return Draft(
        label=given.get("label"),
        at=first if isinstance(first, str) else first - 1,
        comment=attributes.get("comment"),
        annotator=attributes.get("annotator"),
        extra=extra,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one file; what FiftyOne has no key for is under `attributes`."""
    members = (f"{json_text(name)}: {json_text(detections)}" for name, detections in _videos(out))
    text = json_members({"classes": list(out.classes)}, "labels", members, "{}")
    yield Part(name=f"{out.name}.json", text=text)


def _videos(out: Outgoing) -> Iterator[tuple[str, Json]]:
    for clip in out.clips:
        if isinstance(clip, CarriedClip):
            yield clip.raw[0], clip.raw[1]
        else:
            yield clip.name, [_detection(label) for label in clip.labels]


def _detection(label: NewLabel) -> Extra:
    attributes = noted(label)
    frame = label.frame + 1
    before = a_list(label.extra.get(AS_WRITTEN, {}).get("support"))
    longer = before[1] - before[0] if len(before) == 2 and all(type(end) is int for end in before) else 0
    support = as_written(label).get("support") or [frame, frame + max(0, longer)]
    detection: Extra = {"label": label.label, "support": support}
    if "score" in attributes:
        detection["confidence"] = attributes.pop("score")
    return detection | ({"attributes": attributes} if attributes else {})
