"""Rules that the labels of a dataset must keep, as its people state them; no model, no pictures."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from spotting.doubts import ClipLabels, Doubt
from spotting.errors import BadConfig
from spotting.events import Event

RARE = 0.02
_FEWEST = 50
_NEVER = re.compile(r"^\s*never\s*=\s*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Gap:
    """Labels of the classes `one` and `other`, in either order, are never closer than `least` frames."""

    one: str
    other: str
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What every clip's labels, in order of their frames, must keep.

    A clip begins with a class of `first` (empty: any). No pair (a, b) of `never` follows one another. `gaps`
    are least distances. Labels of one class closer than `duplicate_gap` frames are one event written twice.
    """

    first: tuple[str, ...] = ()
    never: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Gap, ...] = ()
    duplicate_gap: int = 3


def read_rules(text: str, classes: Sequence[str]) -> Rules:
    """The rules in a TOML text; empty text: no rules but the one against duplicates.

        first = ["near_serve", "far_serve"]
        never = [["near_swing", "near_bounce"]]
        gaps = [["near_swing", "far_swing", 8]]
        duplicate_gap = 3

    Raises `BadConfig` for what is no TOML, an unknown key or class, or a value of another form.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"rules: {error}") from None
    known = [field.name for field in fields(Rules)]
    for key in given:
        if key not in known:
            raise BadConfig(f"rules: there is no rule {key}: there are {', '.join(known)}")
    rules = Rules(
        first=tuple(_rows(given, "first", str)),
        never=tuple((one, other) for one, other in _tuples(given, "never", (str, str))),
        gaps=tuple(Gap(*row) for row in _tuples(given, "gaps", (str, str, int))),
        duplicate_gap=_duplicate_gap(given),
    )
    _check_classes(rules, classes)
    return rules


def forbid(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The TOML text of rules with more pairs in `never`; what else stands in it, comments too, stays."""
    rows = [
        f"[{json.dumps(one, ensure_ascii=False)}, {json.dumps(other, ensure_ascii=False)}]"
        for one, other in pairs
    ]
    known = _NEVER.search(text)
    if not rows:
        return text
    if known is None:
        before = f"{text.rstrip()}\n" if text.strip() else ""
        return f"{before}never = [{', '.join(rows)}]\n"
    return f"{text[: known.end()]}{', '.join(rows)}, {text[known.end() :]}"


def _rows(given: Mapping[str, Any], key: str, kind: type) -> list[Any]:
    rows = given.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, kind) for row in rows):
        raise BadConfig(f"rules: {key} must be a list of {'names' if kind is str else 'lists'}")
    return rows


def _tuples(given: Mapping[str, Any], key: str, kinds: tuple[type, ...]) -> Iterator[tuple[Any, ...]]:
    form = ", ".join("a class" if kind is str else "a number of frames" for kind in kinds)
    for row in _rows(given, key, list):
        if len(row) != len(kinds) or not all(map(isinstance, row, kinds)):
            raise BadConfig(f"rules: {row} in {key} must be [{form}]")
        yield tuple(row)


def _duplicate_gap(given: Mapping[str, Any]) -> int:
    gap = given.get("duplicate_gap", Rules().duplicate_gap)
    if type(gap) is not int or gap < 0:
        raise BadConfig(f"rules: duplicate_gap is {gap!r}: must be a number of frames from 0")
    return gap


def _check_classes(rules: Rules, classes: Sequence[str]) -> None:
    pairs = [*rules.never, *((gap.one, gap.other) for gap in rules.gaps)]
    for name in (*rules.first, *(name for pair in pairs for name in pair)):
        if name not in classes:
            raise BadConfig(f"rules: there is no class {name}: there are {', '.join(classes)}")


def broken(rules: Rules, clips: Sequence[ClipLabels]) -> list[Doubt]:
    """Every label that breaks a rule, clip by clip. Of two labels the later one is doubted."""
    return [doubt for number, clip in enumerate(clips) for doubt in _of_clip(rules, number, clip)]


def _of_clip(rules: Rules, number: int, clip: ClipLabels) -> Iterator[Doubt]:
    ordered = sorted(range(len(clip.events)), key=lambda event: clip.events[event].frame)
    if ordered and rules.first and clip.events[ordered[0]].label not in rules.first:
        reason = f"the clip begins with {clip.events[ordered[0]].label}"
        yield Doubt("order", number, ordered[0], reason)
    never = set(rules.never)
    for before, after in pairwise(ordered):
        one, other = clip.events[before], clip.events[after]
        if (one.label, other.label) in never:
            reason = f"{other.label} never follows {one.label} ({_frames(other.frame - one.frame)} before)"
            yield Doubt("order", number, after, reason, (number, before))
    for before, after in _near(rules, clip.events, ordered):
        yield from _too_close(rules, number, clip.events, before, after)


def _near(rules: Rules, events: Sequence[Event], ordered: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of events, earlier first, that are close enough for some rule about distances."""
    reach = max([rules.duplicate_gap, *(gap.least for gap in rules.gaps)])
    begin = 0
    for place, after in enumerate(ordered):
        while events[after].frame - events[ordered[begin]].frame >= reach and begin < place:
            begin += 1
        for before in ordered[begin:place]:
            yield before, after


def _too_close(
    rules: Rules, number: int, events: Sequence[Event], before: int, after: int
) -> Iterator[Doubt]:
    one, other = events[before], events[after]
    distance = other.frame - one.frame
    if one.label == other.label and distance < rules.duplicate_gap:
        where = "at the same frame" if distance == 0 else f"{_frames(distance)} before"
        yield Doubt(
            "duplicate", number, after, f"{one.label} stands there already, {where}", (number, before)
        )
    for gap in rules.gaps:
        if {gap.one, gap.other} == {one.label, other.label} and distance < gap.least:
            reason = f"{other.label} {_frames(distance)} after {one.label}: at least {gap.least} lie between"
            yield Doubt("order", number, after, reason, (number, before))


def _frames(count: int) -> str:
    return f"{count} frame{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Succession:
    """How often `other` is the next label after `one`: `count` of `of` times."""

    one: str
    other: str
    count: int
    of: int


def successions(clips: Sequence[ClipLabels]) -> Counter[tuple[str, str]]:
    """Pairs of classes (one, the next in its clip) and how often they are seen."""
    seen: Counter[tuple[str, str]] = Counter()
    for clip in clips:
        ordered = sorted(clip.events, key=lambda event: event.frame)
        seen.update((one.label, other.label) for one, other in pairwise(ordered))
    return seen


def rare_successions(seen: Mapping[tuple[str, str], int]) -> list[Succession]:
    """Those of `successions` that are seldom enough to be mistakes, rarest first: candidates for `never`.

    At most 2 % of what follows a class that is followed by something 50 times or more.
    """
    followed: Counter[str] = Counter()
    for (one, _), count in seen.items():
        followed[one] += count
    rare = [
        Succession(one, other, count, followed[one])
        for (one, other), count in seen.items()
        if followed[one] >= _FEWEST and count <= RARE * followed[one]
    ]
    return sorted(rare, key=lambda found: (found.count / found.of, found.one, found.other))
