"""How a JSON file was written (order of keys, indentation), so that an export shows only what changed."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from storage.formats.labelfile import Extra, Json

_FIRST_LINES = re.compile(r"\s*\[\r?\n([ \t]*)\{")


def read_layout(text: str, entries: Sequence[Json]) -> Extra:
    """The layout of a file with a list of clips, as plain JSON values (stored with the dataset)."""
    clips = [entry for entry in entries if isinstance(entry, dict)]
    lists = [clip["events"] for clip in clips if isinstance(clip.get("events"), list)]
    events = [event for found in lists for event in found if isinstance(event, dict)]
    indented = _FIRST_LINES.match(text)
    return {
        "indent": indented[1] if indented else None,
        "compact": '": ' not in text,
        "ascii": text.isascii(),
        "newline": text.endswith("\n"),
        "clip_keys": _order(clips),
        "event_keys": _order(events),
    }


def _order(objects: Sequence[Extra]) -> list[str]:
    """The keys of all objects in the order in which they are first seen."""
    return list(dict.fromkeys(key for value in objects for key in value))


def ordered(value: Extra, keys: Sequence[str]) -> Extra:
    """`value` with `keys` first, in their order, and the others after them."""
    return {key: value[key] for key in keys if key in value} | value


def chunks(entries: Iterable[Json], layout: Extra) -> Iterator[str]:
    """The text of a JSON list, piece by piece: one entry in memory at a time."""
    indent: str | None = layout.get("indent", "  ")
    comma = "," if indent is not None or layout.get("compact") else ", "
    start = "" if indent is None else "\n" + indent
    yield "["
    before = start
    for entry in entries:
        yield before + _text(entry, layout, indent)
        before = comma + start
    empty = before == start
    yield "]" if indent is None or empty else "\n]"
    yield "\n" if layout.get("newline", True) else ""


def _text(entry: Json, layout: Extra, indent: str | None) -> str:
    ascii_only = layout.get("ascii", True)
    text = _written(entry, layout, indent, ascii_only)
    return text if ascii_only or _encodable(text) else _written(entry, layout, indent, True)


def _written(entry: Json, layout: Extra, indent: str | None, ascii_only: bool) -> str:
    compact = bool(layout.get("compact"))
    if indent is not None:
        return _indented(entry, "\n" + indent, indent, ":" if compact else ": ", ascii_only)
    return _encoder("," if compact else ", ", ":" if compact else ": ", ascii_only).encode(entry)


def _indented(value: Json, line: str, indent: str, colon: str, ascii_only: bool) -> str:
    """The text that `json.dumps(indent=...)` gives, `line` being the break and the indent in front of it.

    Python's encoder is an order of magnitude faster where it does not indent, so it writes whatever holds no
    object and no list, with the line breaks as separators.
    """
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = line + indent
    if not members:
        return _encoder(",", colon, ascii_only).encode(value)
    if not any(isinstance(member, dict | list) for member in members):
        text = _encoder("," + inner, colon, ascii_only).encode(value)
        return text[0] + inner + text[1:-1] + line + text[-1]
    within = [_indented(member, inner, indent, colon, ascii_only) for member in members]
    if isinstance(value, dict):
        keys = (_encoder(",", colon, ascii_only).encode(str(key)) for key in value)
        within = [key + colon + text for key, text in zip(keys, within, strict=True)]
    return f"{inner}{f',{inner}'.join(within)}{line}".join("{}" if isinstance(value, dict) else "[]")


@lru_cache(64)
def _encoder(comma: str, colon: str, ascii_only: bool) -> json.JSONEncoder:
    return json.JSONEncoder(separators=(comma, colon), ensure_ascii=ascii_only)


def _encodable(text: str) -> bool:
    """Whether the text is UTF-8 (JSON allows half a surrogate pair; UTF-8 does not)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
