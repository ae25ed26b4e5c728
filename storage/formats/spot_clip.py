"""One entry of a Spot JSON file: every rule it must keep, and what becomes of one that does not."""

from typing import Any

from storage.formats.findings import Finding, Level
from storage.formats.labelfile import Extra, FileClip, Json, NewLabel
from storage.formats.rules import LARGEST, frame_findings, is_name, is_storable, outside, short, whole

CLIP_KEYS = {"video", "num_frames", "num_events", "events", "fps", "width", "height"}
EVENT_KEYS = {"frame", "label", "comment"}


def read_clip(raw: Json, position: int, names: dict[str, int]) -> tuple[FileClip | None, list[Finding]]:
    """The clip of an entry, or None where it breaks a rule, and what was found in it.

    `names` are the clip names seen so far with their positions; the entry's is added.
    """
    if not isinstance(raw, dict):
        return None, [Finding("refused", f"entry {position}", "the entry is not an object")]
    name = raw.get("video")
    if not is_name(name):
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
        self.findings += frame_findings(self.name, labels)
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
        num_frames = whole(raw["num_frames"])
        if num_frames is None or num_frames < 1:
            self._found(
                "refused", f"num_frames must be a whole number from 1, not {short(raw['num_frames'])}"
            )
        return num_frames

    def _check_count(self, raw: Extra, count: int) -> None:
        if "num_events" not in raw:
            self._found("fixed", "num_events is missing: counted")
        elif isinstance(raw["num_events"], bool) or raw["num_events"] != count:
            self._found("fixed", f"num_events is {short(raw['num_events'])} for {count} events: counted")

    def _fps(self, raw: Extra, extra: Extra) -> float | None:
        """The rate; a value that the column cannot give back as it stood goes to `extra` too."""
        if "fps" not in raw:
            return None
        value = raw["fps"]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        usable = number and 0 < value <= LARGEST
        if not usable:
            self._found("noted", f"fps {short(value)} is no rate: seconds are unknown, frames stay valid")
        if not usable or isinstance(value, int):
            extra["fps"] = value
        return float(value) if usable else None

    def _size(self, raw: Extra, key: str, extra: Extra) -> int | None:
        if key not in raw:
            return None
        size = whole(raw[key])
        if size is None or size < 1:
            self._found("noted", f"{key} {short(raw[key])} is no size: kept as it stands")
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
        if not is_name(event.get("label")):
            self._found("refused", "label must be a name of one or more characters", i)
            return None
        frame = self._frame(event, i, num_frames)
        if frame is None:
            return None
        extra = {key: value for key, value in event.items() if key not in EVENT_KEYS}
        comment = self._comment(event, i, extra)
        annotator = extra.pop("annotator") if _is_annotator(extra.get("annotator")) else None
        return NewLabel(label=event["label"], frame=frame, comment=comment, annotator=annotator, extra=extra)

    def _frame(self, event: dict[str, Any], i: int, num_frames: int | None) -> int | None:
        raw = event.get("frame")
        frame = whole(raw)
        if frame is None:
            self._found("refused", f"frame must be a whole number, not {short(raw)}", i)
        elif broken := outside(frame, num_frames):
            self._found("refused", broken, i)
        elif isinstance(raw, float):
            self._found("fixed", f"frame {raw} is read as {frame}", i)
        return frame

    def _comment(self, event: dict[str, Any], i: int, extra: Extra) -> str | None:
        if "comment" not in event:
            return None
        comment = event["comment"]
        if isinstance(comment, str) and is_storable(comment):
            return comment
        self._found("noted", "comment is not plain text: kept as it stands, not shown", i)
        extra["comment"] = comment
        return None


def _is_annotator(value: Json) -> bool:
    return isinstance(value, str) and is_storable(value)
