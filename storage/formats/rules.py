"""The rules that names, numbers and frames keep in every label file, whatever its format."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeGuard

from storage.formats.findings import Finding
from storage.formats.labelfile import Json, NewLabel

LARGEST = 2**31 - 1
"""The largest whole number that a column holds."""


def is_name(value: Json) -> TypeGuard[str]:
    """Whether this can name a clip or a class: text of one or more characters."""
    return isinstance(value, str) and value.strip() != "" and is_storable(value)


def is_storable(text: str) -> bool:
    """Whether every database keeps this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def is_number(value: Json) -> TypeGuard[int | float]:
    """Whether this is a number (a truth value is none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: Json) -> int | None:
    """A whole number that a 32-bit column holds, also when written as 139.0."""
    if not is_number(value) or abs(value) > LARGEST:
        return None
    return int(value) if value == int(value) else None


def short(value: Json) -> str:
    """The value as a message shows it, at most 40 characters."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def outside(frame: int, num_frames: int | None) -> str | None:
    """The rule that a frame breaks by lying outside its clip, or None."""
    if frame < 0:
        return f"frame {frame} is before the start"
    if num_frames is not None and frame >= num_frames:
        return f"frame {frame} is past the end ({num_frames} frames)"
    return None


def frame_findings(clip: str, labels: Sequence[NewLabel]) -> list[Finding]:
    """What is worth knowing about the frames of a clip: their order, and frames with several labels."""
    found: list[Finding] = []
    frames = [label.frame for label in labels]
    if frames != sorted(frames):
        found.append(Finding("noted", clip, "events are not in order of frame: their order is kept"))
    same = Counter((label.frame, label.label) for label in labels)
    for (frame, label), count in same.items():
        if count > 1:
            found.append(Finding("noted", clip, f"{label} stands {count} times at frame {frame}: all kept"))
    shared = [frame for frame, count in Counter(frame for frame, _ in same).items() if count > 1]
    if shared:
        found.append(Finding("noted", clip, f"{_list(shared)}: labels of several classes (legal)"))
    return found


def _list(frames: list[int]) -> str:
    shown = ", ".join(map(str, frames[:5]))
    return f"frame{'s' if len(frames) > 1 else ''} {shown}{', ...' if len(frames) > 5 else ''}"
