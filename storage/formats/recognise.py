"""Which format a label file is in, from its name and what it holds."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from spotting.errors import BadLabels
from storage.formats import boris_table
from storage.formats.container import members
from storage.formats.labelfile import Json
from storage.formats.strict_json import a_list, an_object, decode, parse
from storage.formats.strict_xml import parse_xml
from storage.formats.table import FORMATS

LOOKED_AT = 50
"""Entries of a list or an object that are looked at."""


def recognise(path: Path) -> str:
    """The name of the format of the label file at `path`, or of the first one in a folder or zip.

    JSON in which no format is recognised is taken to be Spot's, whose reader says what is wrong with it.
    Raises `BadLabels` for what is no JSON, XML or text table, with the line, and for XML of no known format.
    """
    extensions = tuple({ending for format in FORMATS if format.read for ending in format.extensions})
    name, data = next(iter(members(path, extensions)))
    ending = name[name.rfind(".") :].lower()
    if ending in (".xml", ".eaf"):
        return _of_xml(data, name)
    if ending in (".csv", ".tsv", ".txt"):
        return _of_table(decode(data, name), ending)
    value = parse(decode(data, name), name)
    return next((format for format, fits in JSON.items() if fits(value)), "spot")


def _of_xml(data: bytes, name: str) -> str:
    known = {"ANNOTATION_DOCUMENT": "eaf", "annotations": "cvat"}
    tag = parse_xml(data, name).tag
    if tag not in known:
        raise BadLabels(f"{name}: XML that begins with {tag[:40]} is in no label format that is read")
    return known[tag]


def _of_table(text: str, ending: str) -> str:
    head = text[:20_000].splitlines()
    if any(line.startswith("# CSV_HEADER") for line in head):
        return "via-csv"
    if any(boris_table.is_header(line.split("\t")) for line in head):
        return "boris-tsv"
    tabs = bool(head) and head[0].count("\t") > head[0].count(",")
    return "tsv" if tabs or ending == ".tsv" else "csv"


def _any(values: object, holds: Callable[[Json], bool]) -> bool:
    """Whether it holds for one of the first values of a list or an object."""
    some = list(values.values()) if isinstance(values, dict) else a_list(values)
    return any(holds(value) for value in islice(some, LOOKED_AT))


def _has(value: Json, *keys: str) -> bool:
    return isinstance(value, dict) and all(key in value for key in keys)


def _is_activitynet(file: Json) -> bool:
    return _any(an_object(file).get("database", file), lambda about: isinstance(file, dict) and _timed(about))


def _timed(about: Json) -> bool:
    return _any(an_object(about).get("annotations"), lambda event: _has(event, "segment"))


JSON: dict[str, Callable[[Json], bool]] = {
    "spot": lambda file: isinstance(file, list) and _any(file, lambda clip: _has(clip, "video", "events")),
    "soccernet": lambda file: _any(an_object(file).get("annotations"), lambda event: _has(event, "gameTime")),
    "osl": lambda file: _any(an_object(file).get("data"), lambda item: _has(item, "events")),
    "boris": lambda file: _has(file, "observations", "behaviors_conf"),
    "via": lambda file: _has(file, "view", "file", "metadata"),
    "fiftyone": lambda file: isinstance(an_object(file).get("labels"), dict) and not _has(file, "data"),
    "activitynet": _is_activitynet,
    "label-studio": lambda file: isinstance(file, list) and _any(file, lambda task: _has(task, "data")),
    "labelu": lambda file: (
        isinstance(file, list)
        and _any(file, lambda sample: _has(sample, "result") or _has(sample, "annotations"))
    ),
}
"""What each format of JSON has that no other one has; asked in this order."""
