"""What a run holds out together, and whether that lets a model see what it is asked about."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spotting.errors import BadConfig
from storage import datasets
from storage.records import ClipRecord

GROUPINGS: dict[str, str] = {
    "source": "source video, as told at import",
    "video": "media file",
    "clip": "single clip",
    "annotator": "who wrote most of a clip's labels",
    "name": "part of a clip's name",
}


@dataclass(frozen=True, slots=True)
class Grouped:
    """What each clip is held out with. `split`: how many source videos are in more than one group."""

    groups: list[str]
    split: int

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(set(self.groups))


def grouped(
    session: Any, dataset_id: int, clips: Sequence[ClipRecord], grouping: str, pattern: str = ""
) -> Grouped:
    """The clips of a dataset by `grouping`, one of `GROUPINGS`.

    `pattern`, for "name": a regular expression whose first group (or whole match) in a clip's name is what it
    is held out with. Raises `BadConfig` for an unknown grouping, a pattern that is none, or one that a name
    does not match.
    """
    if grouping not in GROUPINGS:
        raise BadConfig(f"grouping is {grouping!r}: must be one of {', '.join(GROUPINGS)}")
    if bool(pattern) != (grouping == "name"):
        raise BadConfig(f"grouping is {grouping!r}, pattern {pattern!r}: 'name' needs a pattern, others none")
    if grouping == "annotator":
        writers = datasets.writers(session, dataset_id)
        groups = [writers.get(clip.id, "") for clip in clips]
    elif grouping == "name":
        groups = _matched(clips, pattern)
    else:
        groups = [_told(clip, grouping) for clip in clips]
    beside: dict[str, set[str]] = defaultdict(set)
    for clip, group in zip(clips, groups, strict=True):
        beside[clip.source].add(group)
    return Grouped(groups, sum(len(of_source) > 1 for of_source in beside.values()))


def leak(split: int) -> str:
    """What it means that clips of `split` source videos are in several groups."""
    return (
        f"clips of {split} source video{'s are' if split > 1 else ' is'} on both sides: what a model learned "
        "of one may speak for another, and confidences be too high"
    )


def _told(clip: ClipRecord, grouping: str) -> str:
    return {"source": clip.source, "video": clip.video.path, "clip": clip.name}[grouping]


def compiled(pattern: str, what: str) -> re.Pattern[str]:
    """A pattern that a person typed as `what`. Raises `BadConfig` for one that is none."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise BadConfig(f"{what} {pattern!r}: {error}") from None


def part_of(name: str, pattern: re.Pattern[str]) -> str | None:
    """The first group (or whole match) of a pattern in a clip's name; None if the name does not match."""
    found = pattern.search(name)
    return found and (found.group(1 if pattern.groups else 0) or "")


def _matched(clips: Sequence[ClipRecord], typed: str) -> list[str]:
    pattern = compiled(typed, "pattern is")
    parts: list[str] = []
    for clip in clips:
        part = part_of(clip.name, pattern)
        if part is None:
            raise BadConfig(f"pattern is {typed!r}: clip {clip.name} does not match it")
        parts.append(part)
    return parts
