"""SoccerNet Labels-v2.json: one file per game, the events of both halves, times in milliseconds as text."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import PurePosixPath

from spotting.errors import BadLabels
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.outgoing import Outgoing, Part, as_written, json_text, noted
from storage.formats.strict_json import an_object, decode, parse

KNOWN = {"gameTime", "label", "position", "frame", "comment", "annotator"}
STAMPS = ("gameTime", "position", "frame")


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the game of one file: each half that has events is a clip, `<UrlLocal or folder>/<half>`.

    Time rule: floor or round on `position`; frame on the `frame` that an export of Respot put beside it.
    """
    game = parse(decode(data, name), name)
    if not isinstance(game, dict) or not isinstance(game.get("annotations"), list):
        raise BadLabels(f"{name}: SoccerNet's Labels-v2.json is an object with a list of annotations")
    rule = intake.rule("frame", "floor", "round")
    about = {key: value for key, value in game.items() if key != "annotations"}
    halves: dict[str, list[Json]] = {}
    for event in game["annotations"]:
        halves.setdefault(_half(event), []).append(event)
    names = an_object(game.get("clips"))
    for half in sorted(halves | names):
        events = halves.get(half, [])
        clip = names.get(half, f"{_game_name(game, name)}/{half}")
        raw = {"game": about, "half": half, "annotations": events}
        extra = {"soccernet": about} if about else {}
        if half in ("1", "2"):
            intake.clip(clip, [_draft(event, rule == "frame") for event in events], raw=raw, extra=extra)
        else:
            intake.left_out(raw, 'gameTime must begin with the half: "1 - 00:08"', clip)


def _half(event: Json) -> str:
    game_time = event.get("gameTime") if isinstance(event, dict) else None
    return game_time.partition("-")[0].strip() if isinstance(game_time, str) else "?"


def _game_name(game: Extra, name: str) -> str:
    local = game.get("UrlLocal")
    if isinstance(local, str) and local.strip("/"):
        return local.strip("/")
    folder = PurePosixPath(name).parent.as_posix()
    return PurePosixPath(name).stem if folder in (".", "/") else folder


def _draft(event: Extra, by_frame: bool) -> Draft:
    extra = {key: value for key, value in event.items() if key not in KNOWN}
    if by_frame:
        at = frame_of(event.get("frame"))
    else:
        at = seconds_of(event.get("position"), Fraction(1, 1000), "position")
    extra[AS_WRITTEN] = {key: event[key] for key in STAMPS if key in event}
    return Draft(
        label=event.get("label"),
        at=at,
        comment=event.get("comment"),
        annotator=event.get("annotator"),
        extra=extra,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """One Labels-v2.json per game, in the game's folder; clips named `<game>/1` and `<game>/2` share one."""
    for game, halves in groupby(out.clips, _game_of):
        yield Part(name=f"{game}/Labels-v2.json", text=[json_text(_game(game, list(halves), out), 4), "\n"])


def _game_of(clip: FileClip | CarriedClip) -> str:
    if isinstance(clip, CarriedClip):
        return _game_name(clip.raw["game"], f"entry_{clip.position}/Labels-v2.json")
    game, slash, half = clip.name.rpartition("/")
    return game if slash and half in ("1", "2") else clip.name


def _game(game: str, halves: list[FileClip | CarriedClip], out: Outgoing) -> Extra:
    about: Extra = {"UrlLocal": f"{game}/", "UrlYoutube": ""}
    annotations: list[Json] = []
    names: dict[str, str] = {}
    for clip in halves:
        if isinstance(clip, CarriedClip):
            about = clip.raw["game"]
            annotations += clip.raw["annotations"]
            continue
        about = clip.extra.get("soccernet", about)
        half = clip.name[-1] if clip.name != game else "1"
        annotations += [_event(clip, label, half, out) for label in clip.labels]
        if clip.name != f"{game}/{half}" or not clip.labels:
            names[half] = clip.name
    return about | ({"clips": names} if names else {}) | {"annotations": annotations}


def _event(clip: FileClip, label: NewLabel, half: str, out: Outgoing) -> Extra:
    stamps = as_written(label)
    if "position" not in stamps:
        position = out.milliseconds(clip, label)
        seconds = position // 1000
        stamps = {
            "gameTime": f"{half} - {seconds // 60:02}:{seconds % 60:02}",
            "position": str(position),
            "frame": label.frame,
        }
    game_time = stamps["gameTime"]
    rest = {key: value for key, value in stamps.items() if key != "gameTime"}
    return {"gameTime": game_time, "label": label.label} | rest | noted(label)
