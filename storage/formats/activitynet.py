"""ActivityNet JSON (also THUMOS and mmaction2): segments in seconds, by the name of the video."""

from collections.abc import Iterator
from fractions import Fraction

from spotting.errors import BadLabels
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.outgoing import (
    Outgoing,
    Part,
    as_written,
    clip_keys,
    json_list,
    json_members,
    json_text,
    noted,
)
from storage.formats.strict_json import a_list, an_object, decode, parse

STAMPS = ("segment", "frame")
KNOWN = {"label", "comment", "annotator", *STAMPS}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the videos under `database`, or at the top where there is none; an event is a segment's start.

    Time rule: floor or round on the start; frame on the `frame` that an export of Respot put beside it.
    """
    file = parse(decode(data, name), name)
    if not isinstance(file, dict) or not isinstance(file.get("database", {}), dict):
        raise BadLabels(f"{name}: ActivityNet JSON is an object of videos, or has one under database")
    by_frame = intake.rule("frame", "floor", "round") == "frame"
    if "database" in file:
        intake.layout["root"] = {key: value for key, value in file.items() if key != "database"}
    else:
        intake.layout["flat"] = True
    for video, about in file.get("database", file).items():
        events = an_object(about).get("annotations")
        if not isinstance(events, list):
            intake.left_out([video, about], "the video has no list of annotations", video)
            continue
        intake.clip(
            video,
            [_draft(event, by_frame) for event in events],
            raw=[video, about],
            fps=about.get("fps"),
            extra={"activitynet": {key: value for key, value in about.items() if key != "annotations"}},
        )


def _draft(event: Json, by_frame: bool) -> Draft:
    given = an_object(event)
    start = next(iter(a_list(given.get("segment"))), None)
    extra = {key: value for key, value in given.items() if key not in KNOWN}
    extra[AS_WRITTEN] = {key: given[key] for key in STAMPS if key in given}
    return Draft(
        label=given.get("label"),
        at=frame_of(given.get("frame")) if by_frame else seconds_of(start, what="segment start"),
        comment=given.get("comment"),
        annotator=given.get("annotator"),
        extra=extra,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one file; an event lasts until the next picture."""
    members = (f"{json_text(name)}: {json_text(about)}" for name, about in _videos(out))
    if out.layout.get("flat"):
        text = json_list(members, "{}")
    else:
        text = json_members(out.layout.get("root", {"version": "respot"}), "database", members, "{}")
    yield Part(name=f"{out.name}.json", text=text)


def _videos(out: Outgoing) -> Iterator[tuple[str, Extra]]:
    for clip in out.clips:
        if isinstance(clip, CarriedClip):
            yield clip.raw[0], clip.raw[1]
            continue
        about = clip.extra.get("activitynet") or _facts(clip, out)
        events = [_event(clip, label, out) for label in clip.labels]
        yield clip.name, about | clip_keys(clip, "activitynet") | {"annotations": events}


def _facts(clip: FileClip, out: Outgoing) -> Extra:
    rate = out.rate(clip)
    facts: Extra = {} if clip.num_frames is None else {"duration_frame": clip.num_frames}
    if rate is not None and clip.num_frames is not None:
        facts["duration_second"] = round(clip.num_frames / rate, 3)
    return facts if rate is None else facts | {"fps": rate}


def _event(clip: FileClip, label: NewLabel, out: Outgoing) -> Extra:
    stamps = as_written(label) or {"segment": _segment(clip, label, out), "frame": label.frame}
    return {"label": label.label} | stamps | noted(label)


def _segment(clip: FileClip, label: NewLabel, out: Outgoing) -> list[float]:
    """From this picture to the next one; a segment that was longer keeps its length."""
    start = Fraction(out.milliseconds(clip, label), 1000)
    clock = out.clock(clip)
    lasting = clock.start(label.frame + 1) - clock.start(label.frame)
    before = a_list(label.extra.get(AS_WRITTEN, {}).get("segment"))
    if len(before) > 1:
        first, last = (seconds_of(value) for value in before[:2])
        if isinstance(first, Fraction) and isinstance(last, Fraction) and last > first:
            lasting = last - first
    return [float(start), round(float(start + lasting), 3)]
