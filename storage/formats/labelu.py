"""LabelU JSON: points in time of a video, in seconds, as its frame tool writes them."""

from collections.abc import Iterator

from spotting.errors import BadLabels
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, as_written, clip_keys, json_list, json_text, noted
from storage.formats.strict_json import an_object, decode, parse

TOOL = "videoFrameTool"
KNOWN = {"id", "type", "label", "time", "order", "attributes"}
BESIDE = {"comment", "annotator", "frame"}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in every sample with results of the frame tool; its clip is named by `fileName` or `url`.

    Time rule: floor or round on `time`; frame on the `frame` that an export of Respot put in the attributes.
    """
    samples = parse(decode(data, name), name)
    if not isinstance(samples, list):
        raise BadLabels(f"{name}: LabelU JSON is a list of samples")
    by_frame = intake.rule("frame", "floor", "round") == "frame"
    for sample in samples:
        events = _events(sample, name)
        if events is None:
            intake.left_out(sample, f"the sample has no results of {TOOL}")
            continue
        about = {key: value for key, value in sample.items() if key not in ("result", "annotations")}
        intake.clip(
            media_name(sample.get("fileName")) or media_name(sample.get("url")),
            [_draft(event, by_frame) for event in events],
            raw=sample,
            extra={"labelu": about},
        )


def _events(sample: Json, name: str) -> list[Json] | None:
    """The points of a sample: under `annotations`, or `result`, which may be JSON text of its own."""
    given = an_object(sample)
    result = given.get("annotations", given.get("result"))
    if isinstance(result, str):
        result = parse(result, name)
    found = an_object(an_object(result).get(TOOL)).get("result")
    return found if isinstance(found, list) else None


def _draft(event: Json, by_frame: bool) -> Draft:
    given = an_object(event)
    attributes = an_object(given.get("attributes"))
    extra = {key: value for key, value in given.items() if key not in KNOWN}
    extra |= {key: value for key, value in attributes.items() if key not in BESIDE}
    stamps = {"time": given.get("time"), "id": given.get("id"), "frame": attributes.get("frame")}
    extra[AS_WRITTEN] = {key: value for key, value in stamps.items() if value is not None}
    return Draft(
        label=given.get("label"),
        at=frame_of(attributes.get("frame")) if by_frame else seconds_of(given.get("time")),
        comment=attributes.get("comment"),
        annotator=attributes.get("annotator"),
        extra=extra,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one list of samples; what LabelU has no key for is in the attributes."""
    samples = (
        json_text(clip.raw if isinstance(clip, CarriedClip) else _sample(clip, out)) for clip in out.clips
    )
    yield Part(name=f"{out.name}.json", text=json_list(samples))


def _sample(clip: FileClip, out: Outgoing) -> Extra:
    about = clip.extra.get("labelu") or {"id": clip.position + 1, "fileName": out.media(clip)}
    points = [_point(clip, label, order, out) for order, label in enumerate(clip.labels, 1)]
    tool = {"toolName": TOOL, "result": points}
    return about | clip_keys(clip, "labelu") | {"annotations": {TOOL: tool}}


def _point(clip: FileClip, label: NewLabel, order: int, out: Outgoing) -> Extra:
    stamps = as_written(label)
    time = stamps["time"] if stamps else out.milliseconds(clip, label) / 1000
    identity = label.extra.get(AS_WRITTEN, {}).get("id", f"{clip.position}-{order}")
    frame = {"frame": label.frame} if not stamps or "frame" in stamps else {}
    return {
        "id": identity,
        "type": "frame",
        "label": label.label,
        "time": time,
        "order": order,
        "attributes": noted(label) | frame,
    }
