"""CSV and TSV: one row per label, columns of any name; a row without a label is a clip without events."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from spotting.errors import BadLabels
from storage.formats.cells import Row, cells_line, number_in, read_cells
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.outgoing import Outgoing, Part, as_written, json_text, noted
from storage.formats.rules import is_number
from storage.formats.strict_json import an_object, decode, parse

FIELDS = ("video", "frame", "label", "comment", "annotator", "score", "time_s", "position_ms", "more")
"""What a column may hold; `more` is a JSON object of the label's other keys."""


def reader(delimiter: str) -> Callable[[bytes, str, Intake], None]:
    """A reader of files with that delimiter."""
    return lambda data, name, intake: _read(data, name, intake, delimiter)


def _read(data: bytes, name: str, intake: Intake, delimiter: str) -> None:
    """Take in the rows of a table; `Options.columns` names the columns that are not called as the fields are.

    Rows with one video are a clip. Time rule: frame (also where none is said) on the frame column; floor or
    round on seconds, else on milliseconds.
    """
    columns = {field: intake.options.columns.get(field, field) for field in FIELDS}
    unknown = intake.options.columns.keys() - set(FIELDS)
    if unknown:
        raise BadLabels(f"{name}: {', '.join(sorted(unknown))} is no field: choose of {', '.join(FIELDS)}")
    table = read_cells(decode(data, name), name, delimiter)
    header = table.header
    if intake.options.rule in ("floor", "round"):
        at = next((field for field in ("time_s", "position_ms") if columns[field] in header), "time_s")
    else:
        at = "frame"
    for field in ("video", "label", at):
        if columns[field] not in header:
            raise BadLabels(
                f"{name}: there is no column {columns[field]} for {field}: say which one holds it"
            )
    intake.layout |= {"columns": columns, "header": header}
    clips: dict[str, list[Row]] = {}
    for row in table.rows:
        clips.setdefault(row[columns["video"]], []).append(row)
    for video, found in clips.items():
        labelled = [row for row in found if row[columns["label"]] or row[columns[at]]]
        intake.clip(video, [_draft(row, columns, at, name) for row in labelled], raw=found)


def _draft(row: Row, columns: dict[str, str], at: str, name: str) -> Draft:
    known = set(columns.values())
    more = row.get(columns["more"], "")
    extra: Extra = {key: cell for key, cell in row.items() if key not in known and cell != ""}
    extra |= an_object(parse(more, name)) if more else {}
    score = row.get(columns["score"], "")
    if score:
        extra["score"] = number_in(score)
    stamps = {field: row[columns[field]] for field in ("time_s", "position_ms") if row.get(columns[field])}
    if stamps:
        extra[AS_WRITTEN] = stamps
    cell = row[columns[at]]
    if at == "frame":
        place = frame_of(int(cell) if cell.strip().isdecimal() and len(cell) < 12 else cell)
    else:
        place = seconds_of(cell, Fraction(1) if at == "time_s" else Fraction(1, 1000), at)
    return Draft(
        label=row[columns["label"]],
        at=place,
        comment=row.get(columns["comment"]) or None,
        annotator=row.get(columns["annotator"]) or None,
        extra=extra,
    )


def writer(delimiter: str, suffix: str) -> Callable[[Outgoing], Iterator[Part]]:
    """A writer of files with that delimiter, called by that suffix."""
    return lambda out: iter([Part(name=out.name + suffix, text=_lines(out, delimiter))])


def _lines(out: Outgoing, delimiter: str) -> Iterator[str]:
    columns: dict[str, str] = out.layout.get("columns") or {field: field for field in FIELDS}
    header = list(out.layout.get("header") or columns.values())
    header += [name for name in (*columns.values(), "original_frame", "decision") if name not in header]
    yield cells_line(header, delimiter)
    for clip in out.clips:
        rows = clip.raw if isinstance(clip, CarriedClip) else _clip_rows(clip, columns, header, out)
        yield from (cells_line([row.get(name, "") for name in header], delimiter) for row in rows)


def _clip_rows(clip: FileClip, columns: dict[str, str], header: list[str], out: Outgoing) -> Iterator[Row]:
    if not clip.labels:
        yield {columns["video"]: clip.name}
    for label in clip.labels:
        yield _row(clip, label, columns, header, out)


def _row(clip: FileClip, label: NewLabel, columns: dict[str, str], header: list[str], out: Outgoing) -> Row:
    keys = noted(label)
    cells: Row = {"video": clip.name, "frame": str(label.frame), "label": label.label}
    cells |= {key: str(keys.pop(key)) for key in ("comment", "annotator") if key in keys}
    if is_number(keys.get("score")):
        cells["score"] = json_text(keys.pop("score"))
    cells |= as_written(label) or _times(clip, label, out)
    own = {key: keys.pop(key) for key in list(keys) if key in header and _plain(keys[key], key)}
    cells["more"] = json_text(keys) if keys else ""
    return {columns[field]: cell for field, cell in cells.items()} | {
        key: str(value) for key, value in own.items()
    }


def _plain(value: Json, key: str) -> bool:
    """Whether a cell of its own says it all: text, or what the review adds."""
    return (isinstance(value, str) and value != "") or key in ("original_frame", "decision")


def _times(clip: FileClip, label: NewLabel, out: Outgoing) -> Row:
    if not out.timed(clip):
        return {}
    position = out.milliseconds(clip, label)
    return {"time_s": f"{position // 1000}.{position % 1000:03}", "position_ms": str(position)}
