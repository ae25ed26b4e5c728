"""Clips that were cut from the same stretch of a video and labelled twice: where the labels differ."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spotting.doubts import ClipLabels, Doubt
from spotting.events import Event

PLACE = re.compile(r"^(?P<source>.+)_(?P<first>\d+)_(?P<last>\d+)$")
"""`match_3_1200_1450` shows frames 1200 to 1450 of `match_3`."""
_ENDS = 1
"""Frames: whether a name's last frame belongs to the clip is not said."""
SAME = 5
"""Labels of one class this many frames apart or nearer are of one event."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a clip lies in its source video: frames `first` to before `stop`."""

    clip: int
    source: str
    first: int
    stop: int


def overlaps(clips: Sequence[ClipLabels]) -> list[tuple[Stretch, Stretch]]:
    """Pairs of clips that show the same frames of one source, by what their names say; earlier one first.

    A name whose numbers do not come to the clip's length tells something else: seconds, or a match and a set.
    """
    of_source: dict[str, list[Stretch]] = defaultdict(list)
    for number, clip in enumerate(clips):
        place = PLACE.match(clip.name)
        if place is not None:
            first, last = int(place["first"]), int(place["last"])
            length = last - first if clip.num_frames is None else clip.num_frames
            if abs(last - first - length) <= _ENDS:
                of_source[place["source"]].append(Stretch(number, place["source"], first, first + length))
    return [pair for stretches in of_source.values() for pair in _pairs(stretches)]


def _pairs(stretches: list[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    ordered = sorted(stretches, key=lambda stretch: (stretch.first, stretch.clip))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.first >= one.stop:
                break
            yield one, other


def differences(clips: Sequence[ClipLabels]) -> list[Doubt]:
    """Labels of overlapping clips that the other clip has at another frame, or not at all.

    A label without partner is only doubted well inside the overlap: at its edges the partner may lie outside.
    """
    return [doubt for one, other in overlaps(clips) for doubt in _between(clips, one, other)]


def _between(clips: Sequence[ClipLabels], one: Stretch, other: Stretch) -> Iterator[Doubt]:
    first, stop = max(one.first, other.first), min(one.stop, other.stop)
    mine, theirs = (_inside(clips[part.clip], part, first, stop) for part in (one, other))
    pairs = _paired(mine, theirs)
    for left, right in pairs:
        shift = theirs[right].frame - mine[left].frame
        if shift:
            reason = (
                f"{clips[one.clip].name} shows the same frames and has it {abs(shift)} frame"
                f"{'s' if abs(shift) > 1 else ''} {'earlier' if shift > 0 else 'later'}"
            )
            yield Doubt("overlap", other.clip, right, reason, (one.clip, left))
    paired = ({left for left, _ in pairs}, {right for _, right in pairs})
    for events, taken, part, rival in ((mine, paired[0], one, other), (theirs, paired[1], other, one)):
        for number, event in events.items():
            if number not in taken and first + SAME <= event.frame < stop - SAME:
                reason = f"{clips[rival.clip].name} shows the same frames and has no {event.label} there"
                yield Doubt("overlap", part.clip, number, reason)


def _inside(clip: ClipLabels, part: Stretch, first: int, stop: int) -> dict[int, Event]:
    """The clip's events between two frames of the source, by number, at frames of the source."""
    placed = {i: Event(event.label, event.frame + part.first) for i, event in enumerate(clip.events)}
    return {i: event for i, event in placed.items() if first <= event.frame < stop}


def _paired(mine: dict[int, Event], theirs: dict[int, Event]) -> list[tuple[int, int]]:
    """Labels of one event: of one class and `SAME` frames apart at most, nearest first, each once."""
    near = sorted(
        (abs(left.frame - right.frame), i, j)
        for i, left in mine.items()
        for j, right in theirs.items()
        if left.label == right.label and abs(left.frame - right.frame) <= SAME
    )
    pairs: list[tuple[int, int]] = []
    for _, i, j in near:
        if all(i != left and j != right for left, right in pairs):
            pairs.append((i, j))
    return sorted(pairs)
