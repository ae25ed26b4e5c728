"""One entry of a Spot JSON file: every rule it must keep, and what becomes of one that does not."""

from collections import Counter
from typing import Any, TypeGuard

from storage.formats.findings import Finding, Level
from storage.formats.labelfile import Extra, FileClip, Json, NewLabel

CLIP_KEYS = {"video", "num_frames", "num_events", "events", "fps", "width", "height"}
EVENT_KEYS = {"frame", "label", "comment"}
LARGEST = 2**31 - 1


def read_clip(raw: Json, position: int, names: dict[str, int]) -> tuple[FileClip | None, list[Finding]]:
    """The clip of an entry, or None where it breaks a rule, and what was found in it.

    `names` are the clip names seen so far with their positions; the entry's is added.
    """
    if not isinstance(raw, dict):
        return None, [Finding("refused", f"entry {position}", "the entry is not an object")]
    name = raw.get("video")
    if not _is_name(name):
        message = "video must be a name of one or more characters"
        return None, [Finding("refused", f"entry {position}", message)]
    if name in names:
        message = f"the name is taken by entry {names[name]}: entry {position} is left out"
        return None, [Finding("refused", name, message)]
    names[name] = position
    reader = _ClipReader(name)
    clip = reader.read(raw, position)
    refusals = [finding for finding in reader.findings if finding.level == "refused"]
    return (None, refusals) if refusals else (clip, reader.findings)


def _is_name(value: Json) -> TypeGuard[str]:
    return isinstance(value, str) and value.strip() != "" and _is_storable(value)


def _is_storable(text: str) -> bool:
    """Whether every database keeps this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _whole(value: Json) -> int | None:
    """A whole number that a 32-bit column holds, also when written as 139.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        return None
    return int(value) if value == int(value) else None


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


class _ClipReader:
    """Reads one entry and collects what it finds there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.findings: list[Finding] = []

    def _found(self, level: Level, message: str, event: int | None = None) -> None:
        self.findings.append(Finding(level, self.name, message, event))

    def read(self, raw: Extra, position: int) -> FileClip:
        extra = {key: value for key, value in raw.items() if key not in CLIP_KEYS}
        num_frames = self._num_frames(raw)
        labels = self._labels(raw.get("events"), num_frames)
        self._check_order(labels)
        self._check_shared_frames(labels)
        self._check_count(raw, len(labels))
        return FileClip(
            name=self.name,
            position=position,
            num_frames=num_frames,
            fps=self._fps(raw, extra),
            width=self._size(raw, "width", extra),
            height=self._size(raw, "height", extra),
            extra=extra,
            labels=tuple(labels),
        )

    def _num_frames(self, raw: Extra) -> int | None:
        if "num_frames" not in raw:
            self._found("fixed", "num_frames is missing: the pictures are counted instead")
            return None
        num_frames = _whole(raw["num_frames"])
        if num_frames is None or num_frames < 1:
            self._found(
                "refused", f"num_frames must be a whole number from 1, not {_short(raw['num_frames'])}"
            )
        return num_frames

    def _check_count(self, raw: Extra, count: int) -> None:
        if "num_events" not in raw:
            self._found("fixed", "num_events is missing: counted")
        elif isinstance(raw["num_events"], bool) or raw["num_events"] != count:
            self._found("fixed", f"num_events is {_short(raw['num_events'])} for {count} events: counted")

    def _fps(self, raw: Extra, extra: Extra) -> float | None:
        """The rate; a value that the column cannot give back as it stood goes to `extra` too."""
        if "fps" not in raw:
            return None
        value = raw["fps"]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        usable = number and 0 < value <= LARGEST
        if not usable:
            self._found("noted", f"fps {_short(value)} is no rate: seconds are unknown, frames stay valid")
        if not usable or isinstance(value, int):
            extra["fps"] = value
        return float(value) if usable else None

    def _size(self, raw: Extra, key: str, extra: Extra) -> int | None:
        if key not in raw:
            return None
        size = _whole(raw[key])
        if size is None or size < 1:
            self._found("noted", f"{key} {_short(raw[key])} is no size: kept as it stands")
            size = None
        if size is None or isinstance(raw[key], float):
            extra[key] = raw[key]
        return size

    def _labels(self, events: Json, num_frames: int | None) -> list[NewLabel]:
        if not isinstance(events, list):
            self._found("refused", "events must be a list")
            return []
        labels = [self._label(event, i, num_frames) for i, event in enumerate(events)]
        return [label for label in labels if label is not None]

    def _label(self, event: Json, i: int, num_frames: int | None) -> NewLabel | None:
        if not isinstance(event, dict):
            self._found("refused", "the event is not an object", i)
            return None
        if not _is_name(event.get("label")):
            self._found("refused", "label must be a name of one or more characters", i)
            return None
        frame = self._frame(event, i, num_frames)
        if frame is None:
            return None
        extra = {key: value for key, value in event.items() if key not in EVENT_KEYS}
        comment = self._comment(event, i, extra)
        return NewLabel(label=event["label"], frame=frame, comment=comment, extra=extra)

    def _frame(self, event: dict[str, Any], i: int, num_frames: int | None) -> int | None:
        raw = event.get("frame")
        frame = _whole(raw)
        if frame is None:
            self._found("refused", f"frame must be a whole number, not {_short(raw)}", i)
        elif frame < 0:
            self._found("refused", f"frame {frame} is before the start", i)
        elif num_frames is not None and frame >= num_frames:
            self._found("refused", f"frame {frame} is past the end ({num_frames} frames)", i)
        elif isinstance(raw, float):
            self._found("fixed", f"frame {raw} is read as {frame}", i)
        return frame

    def _comment(self, event: dict[str, Any], i: int, extra: Extra) -> str | None:
        if "comment" not in event:
            return None
        comment = event["comment"]
        if isinstance(comment, str) and _is_storable(comment):
            return comment
        self._found("noted", "comment is not plain text: kept as it stands, not shown", i)
        extra["comment"] = comment
        return None

    def _check_order(self, labels: list[NewLabel]) -> None:
        frames = [label.frame for label in labels]
        if frames != sorted(frames):
            self._found("noted", "events are not in order of frame: their order is kept")

    def _check_shared_frames(self, labels: list[NewLabel]) -> None:
        same = Counter((label.frame, label.label) for label in labels)
        for (frame, label), count in same.items():
            if count > 1:
                self._found("noted", f"{label} stands {count} times at frame {frame}: all kept")
        shared = [frame for frame, count in Counter(frame for frame, _ in same).items() if count > 1]
        if shared:
            self._found("noted", f"{_list(shared)}: labels of several classes (legal)")


def _list(frames: list[int]) -> str:
    shown = ", ".join(map(str, frames[:5]))
    return f"frame{'s' if len(frames) > 1 else ''} {shown}{', ...' if len(frames) > 5 else ''}"
