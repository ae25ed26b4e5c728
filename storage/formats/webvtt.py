"""WebVTT: a cue per event, on the screen from its picture to the next, for players to show."""

from collections.abc import Iterator

from storage.formats.clock import milliseconds
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.outgoing import Outgoing, Part, json_text, noted


def write(out: Outgoing) -> Iterator[Part]:
    """One file per clip; a NOTE before each cue has the frame and all else there is, as JSON."""
    for clip in out.taken_in():
        yield Part(name=f"{clip.name}.vtt", text=_cues(clip, out))


def _cues(clip: FileClip, out: Outgoing) -> Iterator[str]:
    yield "WEBVTT\n"
    for label in sorted(clip.labels, key=lambda label: label.frame):
        begin = out.milliseconds(clip, label)
        end = milliseconds(out.clock(clip), label.frame + 1)
        yield f"\nNOTE {_note(label)}\n\n{_time(begin)} --> {_time(end)}\n{_text(label.label)}\n"


def _note(label: NewLabel) -> str:
    return json_text({"frame": label.frame} | noted(label)).replace(">", "\\u003e")


def _text(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(escaped.split())


def _time(milliseconds: int) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{part:03}"
