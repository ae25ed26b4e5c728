"""JSON read strictly: one meaning per file, or a message that says where it has none."""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from spotting.errors import BadLabels
from storage.formats.labelfile import Json

DEEPEST = 50
"""Lists and objects within one another; deeper ones are refused (label files need five)."""

_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')


LARGEST_FILE = 512 << 20
"""Bytes of the largest label file that is read."""
TIMES_THE_FILE = 25
"""The memory that reading a label file takes at most, in sizes of the file (Spot JSON 8, a CSV 23)."""


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises `BadLabels` if it cannot be read, or is larger than `LARGEST_FILE`."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadLabels(f"{path}: over {LARGEST_FILE >> 20} MiB: split the file")
        return path.read_bytes()
    except OSError as error:
        raise BadLabels(f"{path}: {error.strerror or error}") from error


def decode(data: bytes, name: str) -> str:
    """The text of a UTF-8 file, with or without a byte order mark. Raises `BadLabels` otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"0x{data[error.start]:02x}"
        raise BadLabels(f"{name}: not UTF-8 text (byte {byte} at offset {error.start})") from error


def parse(text: str, name: str) -> Json:
    """The value that `text` stands for. Raises `BadLabels` with line and column for what is not JSON, for NaN
    and infinities, a key twice in one object, numbers beyond a double's range, and nesting over `DEEPEST`.
    """
    repeated: list[_Repeated] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(items)
        if len(value) == len(items):
            return value
        repeated.append(_Repeated(items))
        return repeated[-1]

    def constant(token: str) -> NoReturn:
        found = (m.start() for m in _STRING_OR_CONSTANT.finditer(text) if m[0] == token)
        raise BadLabels(f"{name}{_place(text, next(found))}: {token} is not JSON: leave the key out instead")

    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=constant,
            parse_float=lambda token: _float(token, name),
        )
    except json.JSONDecodeError as error:
        raise BadLabels(f"{name}{_place(text, error.pos)}: {error.msg}") from error
    except RecursionError as error:
        raise BadLabels(f"{name}: lists or objects nested over {DEEPEST} deep") from error
    except ValueError as error:
        raise BadLabels(f"{name}: a number has too many digits") from error
    _check_nesting(value, name)
    if repeated:
        outermost = repeated[-1]
        path = _path_to(value, outermost)
        raise BadLabels(f"{name}, at {path}: key {outermost.key!r} stands twice: say which one is meant")
    return value


def an_object(value: Json) -> dict[str, Json]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: Json) -> list[Json]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


class _Repeated(dict[str, Any]):
    """An object in which `key` stood more than once."""

    def __init__(self, items: list[tuple[str, Any]]) -> None:
        super().__init__(items)
        keys = [key for key, _ in items]
        self.key = next(key for key in keys if keys.count(key) > 1)


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f", line {line}, column {position - text.rfind(chr(10), 0, position)}"


def _float(token: str, name: str) -> float:
    value = float(token)
    if not math.isfinite(value):
        raise BadLabels(f"{name}: the number {token[:20]} is out of range")
    return value


def _children(value: Json) -> list[tuple[str, Json]]:
    if isinstance(value, dict):
        return [(f".{key}", child) for key, child in value.items()]
    if isinstance(value, list):
        return [(f"[{i}]", child) for i, child in enumerate(value)]
    return []


def _check_nesting(value: Json, name: str) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _members(parent) if isinstance(child, dict | list)]
        if not level:
            return
    raise BadLabels(f"{name}: lists or objects nested over {DEEPEST} deep")


def _members(value: Json) -> list[Json]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _path_to(value: Json, wanted: Json, path: str = "") -> str:
    """Where in `value` the object `wanted` is: "[3].events[4]"; "the top" for `value` itself."""
    if value is wanted:
        return path or "the top"
    found = (_path_to(child, wanted, path + step) for step, child in _children(value))
    return next((place for place in found if place), "")
