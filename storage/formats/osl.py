"""OpenSportsLab JSON v2: clips with their inputs, events by head and position in milliseconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from spotting.errors import BadLabels, Conflict
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import (
    Outgoing,
    Part,
    as_written,
    clip_keys,
    first_written,
    json_members,
    json_text,
    noted,
)
from storage.formats.rules import is_number
from storage.formats.strict_json import a_list, an_object, decode, parse

HEAD = "event"
STAMPS = ("position_ms", "timestamp_utc", "frame")
KNOWN = {"label", "comment", "annotator", "confidence_score", *STAMPS}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in every item of `data` that has events; the clip is named by its first input's path, else its id.

    Time rule: floor or round on the position (`timestamp_utc` wins over `position_ms`, as in the format's own
    reader); frame on the `frame` that an export of Respot put beside it.
    """
    file = parse(decode(data, name), name)
    if not isinstance(file, dict) or not isinstance(file.get("data"), list):
        raise BadLabels(f"{name}: OpenSportsLab JSON is an object with a list of data")
    rule = intake.rule("frame", "floor", "round")
    intake.layout["root"] = {key: value for key, value in file.items() if key != "data"}
    intake.classes += _classes(file.get("labels"))
    for item in file["data"]:
        if isinstance(item, dict) and isinstance(item.get("events"), list):
            _take(item, rule == "frame", intake)
        else:
            intake.left_out(item, "the item has no list of events")


def _classes(heads: Json) -> list[str]:
    values = heads.values() if isinstance(heads, dict) else []
    lists = [
        head["labels"] for head in values if isinstance(head, dict) and isinstance(head.get("labels"), list)
    ]
    return [label for labels in lists for label in labels if isinstance(label, str)]


def _take(item: Extra, by_frame: bool, intake: Intake) -> None:
    first = an_object(next(iter(a_list(item.get("inputs"))), None))
    intake.clip(
        media_name(first.get("path")) or item.get("id"),
        [_draft(event, first, by_frame) for event in item["events"]],
        raw=item,
        fps=first.get("fps"),
        extra={"osl": {key: value for key, value in item.items() if key != "events"}},
    )


def _draft(event: Json, source: Extra, by_frame: bool) -> Draft:
    if not isinstance(event, dict):
        return Draft(label=None, at=0)
    extra = {key: value for key, value in event.items() if key not in KNOWN}
    if extra.get("head") == HEAD:
        del extra["head"]
    extra[AS_WRITTEN] = {key: event[key] for key in STAMPS if key in event}
    if "confidence_score" in event:
        extra["score"] = event["confidence_score"]
    return Draft(
        label=event.get("label"),
        at=frame_of(event.get("frame")) if by_frame else _seconds(event, source),
        comment=event.get("comment"),
        annotator=event.get("annotator"),
        extra=extra,
    )


def _seconds(event: Extra, source: Extra) -> Fraction | str:
    moment, start = _moment(event.get("timestamp_utc")), _moment(source.get("UTC_time_start"))
    if moment is not None and start is not None and (moment.tzinfo is None) == (start.tzinfo is None):
        return Fraction((moment - start) // timedelta(microseconds=1), 10**6)
    return seconds_of(event.get("position_ms"), Fraction(1, 1000), "position_ms")


def _moment(value: Json) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one file."""
    heads = {HEAD: {"type": "multi_label", "labels": list(out.classes)}}
    root = out.layout.get("root") or {"version": "2.0", "dataset_name": out.name, "labels": heads}
    items = (json_text(clip.raw if isinstance(clip, CarriedClip) else _item(clip, out)) for clip in out.clips)
    yield Part(name=f"{out.name}.json", text=json_members(root, "data", items))


def _item(clip: FileClip, out: Outgoing) -> Extra:
    rate = out.rate(clip)
    source = {"type": "video", "path": out.media(clip)} | ({} if rate is None else {"fps": rate})
    fallback: Extra = {"id": clip.name, "inputs": [source]}
    about = clip.extra.get("osl", fallback)
    return about | clip_keys(clip, "osl") | {"events": [_event(clip, label, out) for label in clip.labels]}


def _event(clip: FileClip, label: NewLabel, out: Outgoing) -> Extra:
    keys = noted(label)
    if "score" in keys:
        keys["confidence_score"] = keys.pop("score")
    event = {"head": keys.pop("head", HEAD), "label": label.label}
    stamps = as_written(label)
    return event | (stamps or _stamps(clip, label, out)) | keys


def _stamps(clip: FileClip, label: NewLabel, out: Outgoing) -> Extra:
    """New stamps of a label that moved or came from elsewhere; a time of day moves with the position."""
    position = out.milliseconds(clip, label)
    stamps: Extra = {"position_ms": position, "frame": label.frame}
    before = first_written(label)
    moment, old = _moment(before.get("timestamp_utc")), before.get("position_ms")
    if moment is not None and is_number(old):
        stamps["timestamp_utc"] = _shifted(moment, position - old)
    return stamps


def _shifted(moment: datetime, milliseconds: float) -> str:
    try:
        return (moment + timedelta(milliseconds=milliseconds)).isoformat()
    except OverflowError:
        raise Conflict(f"time of day {moment.isoformat()}: it cannot be moved by {milliseconds} ms") from None
