"""BORIS projects (.boris): an observation per video, its events as rows of time, subject, code and more."""

from collections.abc import Iterator
from fractions import Fraction

from spotting.errors import BadLabels
from storage.formats.findings import Finding
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, as_written, first_written, json_members, json_text
from storage.formats.rules import is_name
from storage.formats.strict_json import a_list, an_object, decode, parse

PICTURES = "IMAGES"
"""The type of an observation of a folder of pictures, which are counted from 1 (frames of videos from 0)."""
KEYS = ("subject", "modifier")
PLAYERS = [str(player) for player in range(1, 9)]


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in every observation of one medium; its first player's file names the clip.

    Starts and stops of state events are both events. Time rule: frame on the frame index beside an event;
    floor or round on its time, less the observation's time offset.
    """
    project = parse(decode(data, name), name)
    observations = an_object(project).get("observations")
    if not isinstance(observations, dict):
        raise BadLabels(f"{name}: a BORIS project is an object with observations")
    by_frame = intake.rule("frame", "floor", "round") == "frame"
    intake.layout["root"] = {key: value for key, value in project.items() if key != "observations"}
    behaviors = [an_object(one) for one in an_object(project.get("behaviors_conf")).values()]
    intake.classes += [one["code"] for one in behaviors if is_name(one.get("code"))]
    states = {str(one.get("code")) for one in behaviors if str(one.get("type")).startswith("State")}
    for title, observation in observations.items():
        _take(title, observation, by_frame, states, intake)


def _take(title: str, observation: Json, by_frame: bool, states: set[str], intake: Intake) -> None:
    about = an_object(observation)
    files = a_list(an_object(about.get("file")).get("1"))
    problem = _problem(about, files, by_frame)
    if problem:
        intake.left_out([title, observation], problem, title)
        return
    offset = seconds_of(about.get("time offset", 0), what="time offset")
    drafts = [_draft(event, about, by_frame, offset) for event in about["events"]]
    clip = media_name(files[0]) if files else title
    rates = an_object(an_object(about.get("media_info")).get("fps"))
    intake.clip(
        clip,
        drafts,
        raw=[title, observation],
        fps=rates.get(files[0]) if files and isinstance(files[0], str) else None,
        extra={"boris": [title, {key: value for key, value in about.items() if key != "events"}]},
    )
    lasting = sum(draft.label in states for draft in drafts if isinstance(draft.label, str))
    if lasting:
        message = f"{lasting} starts and stops of state events are taken in, each as an event"
        intake.findings.append(Finding("noted", clip or title, message))


def _problem(about: Extra, files: list[Json], by_frame: bool) -> str | None:
    """Why an observation cannot be a clip, or None."""
    if not isinstance(about.get("events"), list):
        return "the observation has no list of events"
    if len(files) > 1:
        return f"{len(files)} media files one after the other share a time axis: observe them one by one"
    if not by_frame and about.get("media_creation_date_as_offset") is True:
        return "its times are times of day: choose the time rule frame"
    return None


def _draft(event: Json, about: Extra, by_frame: bool, offset: Fraction | str) -> Draft:
    row = a_list(event)
    time, subject, code, modifier, comment, *more = row + [None] * (5 - len(row))
    keys = {key: value for key, value in zip(KEYS, (subject, modifier), strict=True) if value}
    at = seconds_of(time)
    if by_frame:
        at = _frame(more, about)
    elif isinstance(at, Fraction):
        at = at - offset if isinstance(offset, Fraction) else offset
    return Draft(
        label=code,
        at=at,
        comment=comment or None,
        extra=keys | {AS_WRITTEN: {"time": time, "more": more}},
    )


def _frame(more: list[Json], about: Extra) -> int | str:
    frame = frame_of(more[0] if more else None)
    return frame if isinstance(frame, str) else frame - _first(about)


def _first(about: Extra) -> int:
    return 1 if about.get("type") == PICTURES else 0


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one project; classes are point events of its ethogram."""
    members = (f"{json_text(title)}: {json_text(about)}" for title, about in _observations(out))
    root = out.layout.get("root") or _project(out)
    yield Part(name=f"{out.name}.boris", text=json_members(root, "observations", members, "{}"))


def _project(out: Outgoing) -> Extra:
    behavior = {"type": "Point event", "key": "", "description": "", "color": "", "category": ""}
    behavior |= {"modifiers": {}, "excluded": "", "coding map": ""}
    return {
        "time_format": "hh:mm:ss",
        "project_date": "",
        "project_name": out.name,
        "project_description": "",
        "project_format_version": "7.0",
        "subjects_conf": {},
        "behaviors_conf": {str(i): behavior | {"code": name} for i, name in enumerate(out.classes)},
        "behavioral_categories": [],
        "behavioral_categories_config": {},
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }


def _observations(out: Outgoing) -> Iterator[tuple[str, Json]]:
    for clip in out.clips:
        if isinstance(clip, CarriedClip):
            yield clip.raw[0], clip.raw[1]
            continue
        title, about = clip.extra.get("boris") or (clip.name, _about(clip, out))
        yield title, about | {"events": [_event(clip, label, about, out) for label in clip.labels]}


def _about(clip: FileClip, out: Outgoing) -> Extra:
    media, rate = out.media(clip), out.rate(clip)
    length = None if rate is None or clip.num_frames is None else round(clip.num_frames / rate, 3)
    return {
        "file": {player: [media] if player == "1" else [] for player in PLAYERS},
        "type": "MEDIA",
        "date": "2000-01-01T00:00:00",
        "description": "",
        "time offset": 0.0,
        "observation time interval": [0, 0],
        "independent_variables": {},
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "media_creation_date_as_offset": False,
        "media_scan_sampling_duration": 0,
        "image_display_duration": 1,
        "close_behaviors_between_videos": False,
        "media_info": {
            "length": {} if length is None else {media: length},
            "fps": {} if rate is None else {media: rate},
            "hasVideo": {media: True},
            "hasAudio": {media: False},
            "offset": {"1": 0.0},
        },
    }


def _event(clip: FileClip, label: NewLabel, about: Extra, out: Outgoing) -> list[Json]:
    stamps = as_written(label) or _stamps(clip, label, about, out)
    subject, modifier = (label.extra.get(key, "") for key in KEYS)
    return [stamps["time"], subject, label.label, modifier, label.comment or "", *stamps["more"]]


def _stamps(clip: FileClip, label: NewLabel, about: Extra, out: Outgoing) -> Extra:
    """New stamps; the time of an event that was placed by its frame alone may stay unknown ("NA")."""
    before = first_written(label).get("time")
    offset = seconds_of(about.get("time offset", 0))
    if isinstance(before, str) and before == "NA":
        return {"time": before, "more": [label.frame + _first(about)]}
    shift = offset if isinstance(offset, Fraction) else Fraction(0)
    time = Fraction(out.milliseconds(clip, label), 1000) + shift
    return {"time": round(float(time), 3), "more": [label.frame + _first(about)]}
