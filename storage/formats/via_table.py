"""VIA 3 CSV: one row per metadata, cells of JSON, the attributes in a comment above."""

import csv
import io
from collections.abc import Iterator

from spotting.errors import BadLabels
from storage.formats.cells import cells_line
from storage.formats.intake import Intake
from storage.formats.labelfile import CarriedClip, Extra, FileClip, Json
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, first_written, json_text
from storage.formats.strict_json import a_list, an_object, decode, parse
from storage.formats.via_attributes import Attributes, draft, entry, is_event, others_noted

NATIVE = "via-csv"
COLUMNS = ("metadata_id", "file_list", "flags", "temporal_coordinates", "spatial_coordinates", "metadata")
NAMES = ("id", "files", "flg", "z", "xy", "av")
ATTRIBUTES = "# ATTRIBUTE = "
HEAD = "# Exported for VGG Image Annotator 3", f"# CSV_HEADER = {','.join(COLUMNS)}"


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the rows of every file list of one file as a clip; events and classes as in a project."""
    lines = decode(data, name).splitlines(keepends=True)
    comments = [line.rstrip("\r\n") for line in lines if line.startswith("#")]
    if not any(line.startswith("# CSV_HEADER") for line in comments):
        raise BadLabels(f"{name}: VIA 3's CSV says what its columns are in a comment, # CSV_HEADER = ...")
    intake.rule("floor", "round")
    told = next((line for line in comments if line.startswith(ATTRIBUTES)), ATTRIBUTES + "{}")
    table = an_object(parse(told.removeprefix(ATTRIBUTES), name))
    wanted = intake.options.columns.get("label")
    attributes = Attributes(table, wanted)
    intake.layout |= {"comments": comments, "attribute": table, "label": wanted}
    clips: dict[str, list[Extra]] = {}
    for row in _rows([line for line in lines if not line.startswith("#")], name):
        clips.setdefault(json_text(row["files"]), []).append(row)
    for rows in clips.values():
        _take(rows, attributes, name, intake)


def _rows(lines: list[str], name: str) -> Iterator[Extra]:
    reader = csv.reader(io.StringIO("".join(lines), newline=""), strict=True)
    try:
        for cells in reader:
            if cells and len(cells) != len(COLUMNS):
                raise BadLabels(f"{name}: {len(cells)} cells in a row of {len(COLUMNS)}: {cells[0][:40]}")
            if cells:
                values = [cells[0], *(parse(cell, name) for cell in cells[1:])]
                yield dict(zip(NAMES, values, strict=True))
    except csv.Error as error:
        raise BadLabels(f"{name}: {error}") from None


def _take(rows: list[Extra], attributes: Attributes, name: str, intake: Intake) -> None:
    files = a_list(rows[0]["files"])
    if len(files) != 1:
        intake.left_out(rows, f"the rows show {len(files)} files: one is needed")
        return
    others = [row for row in rows if not is_event(row)]
    drafts = [draft(row, attributes, name) for row in rows if is_event(row)]
    clip = media_name(files[0])
    intake.clip(clip, drafts, raw=rows, extra={NATIVE: {"files": files, "others": others}})
    others_noted({str(i): row for i, row in enumerate(others)}, clip or name, intake)


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one table."""
    yield Part(name=f"{out.name}.csv", text=_lines(out))


def _lines(out: Outgoing) -> Iterator[str]:
    table = an_object(out.layout.get("attribute"))
    attributes = Attributes(table, out.layout.get("label")).with_ours(out.classes)
    for line in out.layout.get("comments") or [HEAD[0], ATTRIBUTES, HEAD[1]]:
        told = ATTRIBUTES + json_text(attributes.table) if line.startswith(ATTRIBUTES) else line
        yield told + "\n"
    for clip in out.clips:
        for row in clip.raw if isinstance(clip, CarriedClip) else _clip_rows(clip, attributes, out):
            yield cells_line([row["id"], *(json_text(row[name]) for name in NAMES[1:])], ",")


def _clip_rows(clip: FileClip, attributes: Attributes, out: Outgoing) -> Iterator[dict[str, Json]]:
    about = clip.extra.get(NATIVE) or {"files": [out.media(clip)], "others": []}
    for i, label in enumerate(clip.labels):
        times, values = entry(clip, label, attributes, out)
        identity = first_written(label).get("id") or f"{clip.position + 1}_respot{i:06}"
        yield {"id": identity, "files": about["files"], "flg": 0, "z": times, "xy": [], "av": values}
    yield from about["others"]
