"""BORIS event tables (TSV): one row per event under a header that may stand below a block of facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from spotting.errors import BadLabels
from storage.formats.attributes import REST, as_texts, from_texts
from storage.formats.cells import Row, cells_line, number_in, read_cells
from storage.formats.intake import Draft, Intake, frame_of, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, as_written
from storage.formats.strict_json import decode

NATIVE = "boris-tsv"
HEADER = (
    *("Observation id", "Observation date", "Description", "Observation duration", "Observation type"),
    *("Source", "Time offset (s)", "Media duration (s)", "FPS", "Subject", "Behavior"),
    *("Behavioral category", "Modifier #1", "Behavior type", "Time", "Media file name", "Image index"),
    *("Image file path", "Comment"),
)
"""The columns of the tool's tabular events; aggregated events and older versions name some otherwise."""
NAMES = {
    "time": ("Time", "Start (s)"),
    "frame": ("Image index", "Image index start"),
    "media": ("Media file name", "Media file path", "Media file"),
    "comment": ("Comment", "Comment start"),
    "rate": ("FPS", "FPS (frame/s)"),
}
UNKNOWN = ("", "NA", "Not found")
PICTURES = "From directories of images"
POINT = {"Behavior type": "POINT"}
PATH = "Image file path"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """How one file is read: its columns by what they hold, the facts above the header, the time rule."""

    name: str
    columns: dict[str, str | None]
    facts: Row
    by_frame: bool

    def cell(self, row: Row, field: str) -> str:
        return row.get(self.columns[field] or "", "")

    def offset(self, row: Row) -> str:
        return row.get("Time offset (s)") or self.facts.get("Time offset (s)") or "0"

    def about(self, row: Row) -> Row:
        """The cells that tell of the observation, not of the event."""
        header = list(row)
        left = set(header[: header.index("Behavior")]) | {PATH, *NAMES["media"]}
        moving = {self.columns[field] for field in ("time", "frame", "comment")} | {"Subject"}
        return {column: cell for column, cell in row.items() if column in left - moving}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the rows of each medium as a clip; rows without a medium by their observation.

    Starts and stops of state events are both events. Time rule: frame on the image index; floor or round on
    the time, less the observation's time offset.
    """
    table = read_cells(decode(data, name), name, "\t", is_header)
    if not table.header:
        raise BadLabels(f"{name}: a BORIS table has a header with the columns Behavior and Time")
    by_frame = intake.rule("frame", "floor", "round") == "frame"
    columns = {field: _column(field, table.header) for field in NAMES}
    if by_frame and columns["frame"] is None:
        raise BadLabels(f"{name}: there is no column {NAMES['frame'][0]}: choose time rule floor or round")
    facts = {line[0]: line[1] for line in table.before if len(line) > 1 and line[0]}
    intake.layout |= {"before": table.before, "header": table.header}
    sheet = _Sheet(name, columns, facts, by_frame)
    observations: dict[str, dict[str, list[Row]]] = {}
    for row in table.rows:
        title = row.get("Observation id") or facts.get("Observation id") or name.rpartition(".")[0]
        medium = sheet.cell(row, "media")
        media = observations.setdefault(title, {})
        media.setdefault("" if medium in UNKNOWN else medium, []).append(row)
    for title, media in observations.items():
        for medium, rows in media.items():
            _take(media_name(medium) or title, rows, len(media) > 1, sheet, intake)


def is_header(line: Sequence[str]) -> bool:
    """Whether a line names the columns."""
    return "Behavior" in line and any(time in line for time in NAMES["time"])


def _column(field: str, header: Sequence[str]) -> str | None:
    return next((column for column in NAMES[field] if column in header), None)


def _take(clip: str, rows: list[Row], mixed: bool, sheet: _Sheet, intake: Intake) -> None:
    if mixed or any(";" in rows[0].get(column, "") for column in ("Source", "Media duration (s)")):
        intake.left_out(rows, "several media share one time axis: observe them one by one", clip)
        return
    about = sheet.about(rows[0])
    drafts = [_draft(row, about, sheet) for row in rows]
    intake.clip(clip, drafts, raw=rows, fps=number_in(sheet.cell(rows[0], "rate")), extra={NATIVE: about})


def _draft(row: Row, about: Row, sheet: _Sheet) -> Draft:
    read_otherwise = {sheet.columns[field] for field in ("time", "frame", "comment")} | {"Behavior"}
    own = {
        column: cell
        for column, cell in row.items()
        if cell and column not in read_otherwise and about.get(column) != cell and POINT.get(column) != cell
    }
    time, frame, offset = sheet.cell(row, "time"), sheet.cell(row, "frame"), sheet.offset(row)
    extra = from_texts(own, sheet.name)
    return Draft(
        label=row["Behavior"],
        at=_by_frame(row, frame) if sheet.by_frame else _by_time(time, offset),
        comment=sheet.cell(row, "comment") or None,
        annotator=extra.pop("annotator", None),
        extra=extra | {AS_WRITTEN: {"time": time, "frame": frame, "offset": offset}},
    )


def _by_frame(row: Row, cell: str) -> int | str:
    frame = frame_of(number_in(cell))
    return frame if isinstance(frame, str) else frame - _first(row)


def _by_time(cell: str, offset: str) -> Fraction | str:
    time = seconds_of(cell)
    shift = seconds_of("0" if offset in UNKNOWN else offset, what="Time offset (s)")
    if isinstance(time, str) or isinstance(shift, str):
        return time if isinstance(time, str) else shift
    return time - shift


def _first(row: Row) -> int:
    """The number of the first picture: folders of pictures are counted from 1, frames of videos from 0."""
    return 1 if PICTURES in (row.get("Observation type"), row.get("Source")) else 0


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one table; what BORIS has no column for is JSON in one more."""
    yield Part(name=f"{out.name}.tsv", text=_lines(out))


def _lines(out: Outgoing) -> Iterator[str]:
    header = list(out.layout.get("header") or HEADER)
    header += [column for column in ("original_frame", "decision", REST) if column not in header]
    for line in out.layout.get("before", ()):
        yield cells_line(line, "\t")
    yield cells_line(header, "\t")
    for clip in out.clips:
        rows = clip.raw if isinstance(clip, CarriedClip) else _rows(clip, header, out)
        yield from (cells_line([row.get(column, "") for column in header], "\t") for row in rows)


def _rows(clip: FileClip, header: Sequence[str], out: Outgoing) -> Iterator[Row]:
    about = clip.extra.get(NATIVE) or _about(clip, out)
    columns = {field: _column(field, header) for field in NAMES}
    for label in clip.labels:
        kept = as_written(label)
        cells = about | POINT | as_texts(replace(label, comment=None), header) | {"Behavior": label.label}
        if not kept:
            cells[PATH] = "NA"
        stamps = kept or _stamps(clip, label, about, out)
        for field, cell in (*stamps.items(), ("comment", label.comment)):
            column = columns.get(field)
            if column is not None and cell is not None:
                cells[column] = cell
        yield cells


def _about(clip: FileClip, out: Outgoing) -> Row:
    media, rate = out.media(clip), out.rate(clip)
    known = {"FPS": "NA" if rate is None else f"{rate:.3f}", "Media file name": media}
    kind = {"Observation type": "Media file(s)", "Source": f"player #1:{media}"}
    return {"Observation id": clip.name, "Time offset (s)": "0.0", PATH: "NA"} | kind | known


def _stamps(clip: FileClip, label: NewLabel, about: Row, out: Outgoing) -> Row:
    frame = {"frame": str(label.frame + _first(about))}
    if not out.timed(clip):
        return frame | {"time": "NA"}
    written: Extra = label.extra.get(AS_WRITTEN, {})
    offset = seconds_of(written.get("offset", "0"))
    shift = offset if isinstance(offset, Fraction) else Fraction(0)
    time = round((Fraction(out.milliseconds(clip, label), 1000) + shift) * 1000)
    return frame | {"time": f"{time // 1000}.{time % 1000:03}"}
