"""Label Studio timeline labels: tasks with annotations and predictions, frames counted from 1."""

from collections.abc import Iterator
from fractions import Fraction

from spotting.errors import BadLabels, Conflict
from storage.formats.clock import Constant, exact_rate, frame_at
from storage.formats.intake import Draft, Intake, frame_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import (
    Outgoing,
    Part,
    as_written,
    clip_keys,
    first_written,
    json_list,
    json_text,
    told,
)
from storage.formats.rules import is_name
from storage.formats.strict_json import a_list, an_object, decode, parse

KIND = "timelinelabels"


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the annotations of every task that were not cancelled; a range's start is an event.

    Time rule: frame takes the tool's frame as a picture of the video; floor or round take it as a time on the
    grid of the frame rate set in the tool's configuration (`Options.fps`).
    """
    tasks = parse(decode(data, name), name)
    if not isinstance(tasks, list):
        raise BadLabels(f"{name}: Label Studio's export is a list of tasks")
    rule = intake.rule("frame", "floor", "round")
    if rule != "frame" and intake.options.fps is None:
        raise BadLabels(f"{name}: say the frame rate set in Label Studio's configuration, its grid of times")
    grid = None if rule == "frame" else exact_rate(intake.options.fps or 1)
    if grid is not None:
        intake.layout["grid"] = str(grid)
    for task in tasks:
        annotations = an_object(task).get("annotations")
        if not isinstance(annotations, list):
            intake.left_out(task, "the task has no list of annotations")
            continue
        about = {key: value for key, value in task.items() if key not in ("annotations", "predictions")}
        intake.clip(
            media_name(an_object(task.get("data")).get("video")),
            [draft for annotation in annotations for draft in _drafts(annotation, grid)],
            raw=task,
            extra={"label_studio": about},
        )


def _drafts(annotation: Json, grid: Fraction | None) -> Iterator[Draft]:
    given = an_object(annotation)
    if given.get("was_cancelled"):
        return
    for region in a_list(given.get("result")):
        value = an_object(an_object(region).get("value"))
        for span in a_list(value.get("ranges")):
            for label in a_list(value.get(KIND)):
                yield _draft(label, an_object(span), an_object(region), _who(given.get("completed_by")), grid)


def _who(completed_by: Json) -> str | None:
    email = an_object(completed_by).get("email")
    if is_name(email):
        return email
    return str(completed_by) if isinstance(completed_by, str | int) else None


def _draft(label: Json, span: Extra, region: Extra, who: str | None, grid: Fraction | None) -> Draft:
    meta = an_object(region.get("meta"))
    text = meta.get("text")
    extra = {key: value for key, value in meta.items() if key not in ("text", "annotator")}
    if "score" in region:
        extra["score"] = region["score"]
    extra[AS_WRITTEN] = {key: span[key] for key in ("start", "end") if key in span}
    first = frame_of(span.get("start"))
    at = first if isinstance(first, str) else first - 1 if grid is None else (first - 1) / grid
    return Draft(
        label=label,
        at=at,
        comment=text[0] if isinstance(text, list) and len(text) == 1 else text,
        annotator=meta.get("annotator", who),
        extra=extra,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """One task per clip: the labels that hold as its annotation, suggestions as predictions with scores."""
    tasks = (json_text(clip.raw if isinstance(clip, CarriedClip) else _task(clip, out)) for clip in out.clips)
    yield Part(name=f"{out.name}.json", text=json_list(tasks))


def _task(clip: FileClip, out: Outgoing) -> Extra:
    about = clip.extra.get("label_studio") or {"data": {"video": out.media(clip)}}
    regions = [_region(clip, label, f"r{i}", out) for i, label in enumerate(clip.labels)]
    task = about | clip_keys(clip, "label_studio") | {"annotations": [{"result": regions}]}
    return task | {"predictions": list(_predictions(clip, out))}


def _region(clip: FileClip, label: NewLabel, identity: str, out: Outgoing) -> Extra:
    meta = told(label)
    score = {"score": meta.pop("score")} if "score" in meta else {}
    if label.comment is not None:
        meta["text"] = [label.comment]
    if label.annotator is not None:
        meta["annotator"] = label.annotator
    span = as_written(label) or _span(clip, label, out)
    return _labelled(identity, label.label, span) | score | ({"meta": meta} if meta else {})


def _span(clip: FileClip, label: NewLabel, out: Outgoing) -> Extra:
    """The range of a label that moved or came from elsewhere; it keeps the length that it had."""
    first = _number(clip, label.frame, out)
    before = first_written(label)
    whole = all(type(before.get(end)) is int for end in ("start", "end"))
    return {"start": first, "end": first + (before["end"] - before["start"] if whole else 0)}


def _number(clip: FileClip, frame: int, out: Outgoing) -> int:
    """The tool's number of a frame: counted from 1, on the grid on which the file was read."""
    grid = out.layout.get("grid")
    if grid is None:
        return frame + 1
    clock, rate = out.clock(clip), Fraction(grid)
    number = frame_at(Constant(rate), clock.start(frame), "round")
    number += frame_at(clock, number / rate, "floor") < frame
    if frame_at(clock, number / rate, out.layout["rule"]) != frame:
        raise Conflict(f"clip {clip.name}: frame {frame} is not on the grid of {float(rate):g} per second")
    return number + 1


def _labelled(identity: str, label: str, span: Extra) -> Extra:
    value = {"ranges": [span], KIND: [label]}
    return {"id": identity, "type": KIND, "from_name": "timeline", "to_name": "video", "value": value}


def _predictions(clip: FileClip, out: Outgoing) -> Iterator[Extra]:
    """One prediction per label with a suggestion, so that each keeps its own score and run."""
    for i, label in enumerate(clip.labels):
        review = label.review
        if review is None or review.suggested_frame is None:
            continue
        frame = _number(clip, review.suggested_frame, out)
        region = _labelled(f"p{i}", label.label, {"start": frame, "end": frame})
        yield {"model_version": f"respot run {review.run}", "score": review.confidence, "result": [region]}
