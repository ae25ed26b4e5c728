"""Spot JSON (E2E-Spot, T-DEED): a list of clips, each with its size, rate and events."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from spotting.errors import BadLabels
from storage.formats.classes import class_list, classes_of
from storage.formats.findings import Finding
from storage.formats.intake import Options
from storage.formats.labelfile import CarriedClip, Extra, FileClip, Json, LabelFile, NewLabel
from storage.formats.layout import chunks, ordered, read_layout
from storage.formats.outgoing import Outgoing, Part, noted
from storage.formats.spot_clip import read_clip
from storage.formats.strict_json import decode, parse, read_bytes


def read(path: Path, class_file: Path | None = None) -> LabelFile:
    """Read a Spot JSON file; classes from `class_file`, else `<stem>.class.txt` or `class.txt` beside it.

    Clips that break a rule are left out, carried for the export, and told in `findings`, as is all that was
    fixed. Raises `BadLabels` for what is no such file at all.
    """
    return parse_spot(read_bytes(path), path.name, classes_of(path, class_file))


def read_members(files: Iterable[tuple[str, bytes]], options: Options) -> LabelFile:
    """Read the one file of `files`. Raises `BadLabels` for what is no Spot JSON, and for several files."""
    (name, data), *more = files
    if more:
        raise BadLabels(f"{more[0][0]}: Spot JSON is one file for all clips: import each by itself")
    return parse_spot(data, name, options.classes)


def parse_spot(data: bytes, name: str, classes: Sequence[str] | None = None) -> LabelFile:
    """Read the bytes of a Spot JSON file called `name`; without `classes` they are the labels', sorted.

    Raises `BadLabels` for what is no Spot JSON at all.
    """
    text = decode(data, name)
    entries = parse(text, name)
    if not isinstance(entries, list):
        raise BadLabels(f"{name}: Spot JSON is a list of clips, not {_kind(entries)}")
    findings: list[Finding] = []
    clips: list[FileClip] = []
    carried: list[CarriedClip] = []
    names: dict[str, int] = {}
    for position, entry in enumerate(entries):
        clip, found = read_clip(entry, position, names)
        findings += found
        if clip is None:
            carried.append(CarriedClip(position=position, raw=entry))
        else:
            clips.append(clip)
    listed, added = class_list([(clip.name, label.label) for clip in clips for label in clip.labels], classes)
    return LabelFile(
        classes=listed,
        clips=tuple(clips),
        findings=tuple(findings + added),
        carried=tuple(carried),
        raw=dict(enumerate(entries)),
        layout=read_layout(text, entries),
    )


def _kind(value: Json) -> str:
    return {dict: "an object", str: "a string", bool: "a truth value", type(None): "null"}.get(
        type(value), "a number"
    )


def parts(out: Outgoing) -> Iterator[Part]:
    """The dataset as one file."""
    yield Part(name=f"{out.name}.json", text=lines(out.clips, out.layout))


def write(file: LabelFile) -> str:
    """The file as Spot JSON, in its layout: what `read` took in or carried, entry by entry in its place."""
    return "".join(lines(heapq.merge(file.clips, file.carried, key=attrgetter("position")), file.layout))


def lines(clips: Iterable[FileClip | CarriedClip], layout: Extra) -> Iterator[str]:
    """The text of `write`, piece by piece."""
    return chunks((e.raw if isinstance(e, CarriedClip) else entry(e, layout) for e in clips), layout)


def entry(clip: FileClip, layout: Extra) -> Extra:
    """One clip as its entry in the file, num_events counted."""
    value: Extra = {
        "video": clip.name,
        "num_frames": clip.num_frames,
        "num_events": len(clip.labels),
        "events": [_event(label, layout) for label in clip.labels],
        "fps": clip.fps,
        "width": clip.width,
        "height": clip.height,
    }
    known = {key: part for key, part in value.items() if part is not None}
    return ordered(known | clip.extra, layout.get("clip_keys", ()))


def _event(label: NewLabel, layout: Extra) -> Extra:
    value: Extra = {"frame": label.frame, "label": label.label} | noted(label)
    return ordered(value, layout.get("event_keys", ()))
