"""What a label file holds, before anything is imported: its format, its clips, all that is wrong with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spotting.errors import BadConfig, BadLabels
from storage.formats.cells import read_cells
from storage.formats.clock import Rule
from storage.formats.container import members
from storage.formats.delimited import FIELDS
from storage.formats.findings import Finding
from storage.formats.intake import Options
from storage.formats.labelfile import LabelFile
from storage.formats.recognise import recognise
from storage.formats.strict_json import decode
from storage.formats.table import Format, find_format, read_labels
from storage.formats.via_attributes import attribute_names

SHOWN = 200
"""Findings that are told one by one; equal ones count as one."""
LEVELS = ("refused", "fixed", "noted")
GRIDS = ("label-studio",)
"""Formats whose times stand on a grid of their own, which must be told."""
BY_FRAME = ("csv", "tsv")
"""Formats with times that are read by frame where nobody says anything."""
BY_ATTRIBUTE = ("via", "via-csv")
"""Formats whose events have several attributes, one of which is the class."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a person says of a label file so far (`app.importing.ImportRequest`)."""

    labels: Path
    format: str | None = None
    time_rule: Rule | None = None
    fps: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def preview_labels(asked: Preview) -> Json:
    """The file's format with the rules by which it can be read, its counts and its findings.

    `fields`, `header`: what a person can say of its columns or attributes. `needs_rule`: its times mean
    nothing before a rule is chosen, and `advice` says which one is likely.
    `error` says why it cannot be read, as things stand; then there are no counts.
    """
    told: Json = {"labels_file": str(asked.labels), "format": asked.format, "title": "", "rules": []}
    told |= {"needs_rule": False, "advice": "", "needs_rate": False, "error": None}
    told |= {"clips": 0, "labels": 0, "classes": [], "findings": [], "more": 0, "fields": [], "header": []}
    try:
        format = find_format(asked.format or recognise(asked.labels))
        told |= {"format": format.name, "title": format.title, "rules": list(format.rules)}
        told |= _columns(asked.labels) if format.name in BY_FRAME else {}
        return told | _read(asked, format)
    except (BadLabels, BadConfig) as error:
        return told | {"error": str(error)}


def _columns(path: Path) -> Json:
    """The columns of a table, and what they may hold: where they have other names, a person says which."""
    name, data = next(iter(members(path, (".csv", ".tsv", ".txt"))))
    first = decode(data, name).partition("\n")[0].rstrip("\r")
    delimiter = "\t" if "\t" in first else ","
    return {"fields": FIELDS, "header": read_cells(first, name, delimiter).header}


def _read(asked: Preview, format: Format) -> Json:
    chosen = asked.time_rule if asked.time_rule in format.rules else None
    needs = chosen is None and len(format.rules) > 1 and format.name not in BY_FRAME
    rate = format.name in GRIDS and chosen in ("floor", "round") and asked.fps is None
    said = {"needs_rule": needs, "needs_rate": rate, "advice": _advice(asked, format) if needs else ""}
    if rate:
        return said
    file = _file(asked, format, next(reversed(format.rules)) if needs else chosen)
    return said | _counted(file) | (_attributes(file) if format.name in BY_ATTRIBUTE else {})


def _file(asked: Preview, format: Format, rule: Rule | None) -> LabelFile:
    options = Options(rule=rule, fps=asked.fps or 25.0, columns=asked.columns)
    return read_labels(asked.labels, format.name, options)


def _attributes(file: LabelFile) -> Json:
    """The attributes that may be the class, where there is a choice."""
    names = attribute_names(file.layout)
    return {"fields": ["label"], "header": names} if len(names) > 1 else {}


def _advice(asked: Preview, format: Format) -> str:
    """Which rule is likely right: the frames beside the times where every event has one."""
    if "frame" in format.rules:
        with_frames = _file(replace(asked, time_rule="frame"), format, "frame")
        if with_frames.clips and not any(finding.level == "refused" for finding in with_frames.findings):
            return "every event has a frame number: frame"
    return "round for times written by a program, floor for times taken from a player"


def _counted(file: LabelFile) -> Json:
    waiting = [label.label for pending in file.pending for label in pending.labels]
    labels = [label.label for clip in file.clips for label in clip.labels] + waiting
    counts = Counter(labels)
    findings = _grouped(file.findings)
    return {
        "clips": len(file.clips) + len(file.pending),
        "labels": len(labels),
        "classes": [{"name": name, "labels": counts[name]} for name in file.classes],
        "findings": findings[:SHOWN],
        "more": max(0, len(findings) - SHOWN),
    }


def _grouped(findings: Sequence[Finding]) -> list[Json]:
    """Equal findings counted, the worst first; `clip` is the first one."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.level, finding.message), finding)
    counts = Counter((finding.level, finding.message) for finding in findings)
    ordered = sorted(first, key=lambda key: LEVELS.index(key[0]))
    return [
        {"level": key[0], "message": key[1], "clip": first[key].clip, "count": counts[key]} for key in ordered
    ]
