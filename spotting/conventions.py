"""A second set of events for the same rallies: instants of slow movements, each a matter of convention.

The ball leaves a racket in one frame and no other; but a racket goes back, an arc turns and a stroke ends
over several frames, and which of them is the event's is what somebody has agreed on. Annotators who agreed on
different frames label such events apart though all are right, as in figure skating and gymnastics.
"""

from spotting.rally import Flight, Rally, Swing

AMBIGUOUS = ("backswing", "apex", "finish")
_TURNED, _ENDED = 9.0, 6.0
_SPREAD = 2.0
_CONVENTIONS = (-1, 0, 1)
_SHORTEST = 8.0
_APART = 6.0


def convention_of(match: int) -> float:
    """Which instant of a slow movement the annotator of `match` means: frames from its middle, -2, 0 or 2."""
    return _SPREAD * _CONVENTIONS[match % len(_CONVENTIONS)]


def slow_events(rally: Rally, frames: int, convention: float) -> tuple[tuple[float, str], ...]:
    """Events (time in frames, class of `AMBIGUOUS`) of `rally` under a `convention`, within `frames` frames.

    "backswing": the racket goes back, about 9 frames before the stroke; "finish": the follow-through ends,
    about 6 after it; "apex": the ball is at the top of its arc. All are `convention` frames off that middle;
    of two that come upon one another (both players swing at once) the first is kept.
    """
    strokes = [swing for swings in rally.swings for swing in swings]
    middles = [time for stroke in strokes for time in _phases(stroke)]
    middles += [(top, "apex") for flight in rally.flights if (top := _top(flight)) is not None]
    moved = _apart(sorted((time + convention, label) for time, label in middles))
    return tuple(event for event in moved if -0.5 <= event[0] < frames - 0.5)


def _apart(events: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Events in order, without those that come upon the last of their class before it is over."""
    last: dict[str, float] = {}
    kept: list[tuple[float, str]] = []
    for time, label in events:
        if time - last.get(label, -_APART) >= _APART:
            kept.append((time, label))
            last[label] = time
    return kept


def _phases(stroke: Swing) -> list[tuple[float, str]]:
    return [(stroke.time - _TURNED, "backswing"), (stroke.time + _ENDED, "finish")]


def _top(flight: Flight) -> float | None:
    """When the ball is highest, in frames; None where it only rises or falls, or hardly flies."""
    span = flight.end - flight.start
    if flight.gravity == 0 or span < _SHORTEST:
        return None
    rise = (flight.target[2] - flight.origin[2]) / span
    top = flight.start + span / 2 + rise / flight.gravity
    return top if flight.start + 2 < top < flight.end - 2 else None
