"""Spot JSON (E2E-Spot, T-DEED): a list of clips, each with its size, rate and events."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from spotting.errors import BadLabels
from storage.formats.findings import Finding
from storage.formats.labelfile import CarriedClip, Extra, FileClip, Json, LabelFile, NewLabel
from storage.formats.layout import chunks, ordered, read_layout
from storage.formats.spot_clip import read_clip
from storage.formats.strict_json import decode, parse, read_bytes


def read(path: Path, class_file: Path | None = None) -> LabelFile:
    """Read a Spot JSON file; classes from `class_file`, else `<stem>.class.txt` or `class.txt` beside it.

    Clips that break a rule are left out, carried for the export, and told in `findings`, as is all that was
    fixed. Raises `BadLabels` for what is no such file at all.
    """
    beside = [path.with_name(f"{path.stem}.class.txt"), path.with_name("class.txt")]
    chosen = class_file or next((file for file in beside if file.is_file()), None)
    classes = None if chosen is None else read_classes(chosen)
    return parse_spot(read_bytes(path), path.name, classes)


def read_classes(path: Path) -> tuple[str, ...]:
    """The class list of a `class.txt`: one name per line. Raises `BadLabels` for none, or one twice."""
    lines = [line.strip() for line in decode(read_bytes(path), path.name).splitlines()]
    classes = [line for line in lines if line]
    twice = next((name for name in classes if classes.count(name) > 1), None)
    if twice is not None:
        raise BadLabels(f"{path.name}: class {twice} stands twice")
    if not classes:
        raise BadLabels(f"{path.name}: there is no class in it (one name per line)")
    return tuple(classes)


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
    listed, added = _classes(clips, classes)
    return LabelFile(
        classes=listed,
        clips=tuple(clips),
        findings=tuple(findings + added),
        carried=tuple(carried),
        layout=read_layout(text, entries),
    )


def _kind(value: Json) -> str:
    return {dict: "an object", str: "a string", bool: "a truth value", type(None): "null"}.get(
        type(value), "a number"
    )


def _classes(clips: Sequence[FileClip], given: Sequence[str] | None) -> tuple[tuple[str, ...], list[Finding]]:
    """The class list, and what had to be added to the one given."""
    first_clip: dict[str, str] = {}
    for clip in clips:
        for label in clip.labels:
            first_clip.setdefault(label.label, clip.name)
    if given is None:
        return tuple(sorted(first_clip)), []
    missing = [name for name in first_clip if name not in set(given)]
    message = "class {} is not in the class list: added at its end"
    added = [Finding("fixed", first_clip[name], message.format(name)) for name in missing]
    return tuple(given) + tuple(missing), added


def write(file: LabelFile) -> str:
    """The file as Spot JSON, in its layout: what `read` took in or carried, entry by entry in its place."""
    return "".join(lines(file.clips, file.carried, file.layout))


def lines(clips: Iterable[FileClip], carried: Iterable[CarriedClip], layout: Extra) -> Iterator[str]:
    """The text of `write`, piece by piece; `clips` and `carried` come in order of position."""
    merged = heapq.merge(clips, carried, key=attrgetter("position"))
    return chunks((e.raw if isinstance(e, CarriedClip) else entry(e, layout) for e in merged), layout)


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
    value: Extra = {"frame": label.frame, "label": label.label}
    if label.comment is not None:
        value["comment"] = label.comment
    return ordered(value | label.extra, layout.get("event_keys", ()))
