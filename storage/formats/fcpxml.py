"""FCPXML: markers on a clip in Final Cut Pro, at rational times that are pictures exactly."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePosixPath
from urllib.parse import quote

from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.outgoing import Outgoing, Part, json_text, noted, pictures
from storage.formats.strict_xml import element


def write(out: Outgoing) -> Iterator[Part]:
    """One project per clip, its medium beside the file; a marker's note is JSON of all else there is."""
    for clip in out.taken_in():
        yield Part(name=f"{clip.name}.fcpxml", text=_document(clip, out))


def _document(clip: FileClip, out: Outgoing) -> Iterator[str]:
    rate = out.constant_rate(clip)
    whole, name = _time(pictures(clip), rate), {"name": clip.name}
    size = {key: str(value) for key, value in (("width", clip.width), ("height", clip.height)) if value}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.9">\n<resources>\n'
    yield element("format", {"id": "r1", "frameDuration": _time(1, rate)} | size) + "\n"
    asset = {"id": "r2"} | name | {"start": "0s", "duration": whole, "hasVideo": "1", "format": "r1"}
    yield _open("asset", asset)
    yield element(
        "media-rep", {"kind": "original-media", "src": "./" + quote(PurePosixPath(out.media(clip)).name)}
    )
    yield (
        "\n</asset>\n</resources>\n<library>\n" + _open("event", {"name": out.name}) + _open("project", name)
    )
    yield _open("sequence", {"format": "r1", "duration": whole, "tcStart": "0s"}) + "<spine>\n"
    placed = {"offset": "0s", "start": "0s", "duration": whole, "format": "r1"}
    yield _open("asset-clip", {"ref": "r2"} | name | placed)
    for label in sorted(clip.labels, key=lambda label: label.frame):
        yield _marker(label, rate) + "\n"
    yield "</asset-clip>\n</spine>\n</sequence>\n</project>\n</event>\n</library>\n</fcpxml>\n"


def _open(tag: str, attributes: dict[str, str]) -> str:
    return element(tag, attributes).removesuffix("/>") + ">\n"


def _marker(label: NewLabel, rate: Fraction) -> str:
    keys = noted(label)
    note = {"note": json_text(keys)} if keys else {}
    times = {"start": _time(label.frame, rate), "duration": _time(1, rate)}
    return element("marker", times | {"value": label.label} | note)


def _time(frames: int, rate: Fraction) -> str:
    """The time of so many pictures in the picture's own unit: `139139/30000s` for 139 at 30000/1001."""
    return f"{frames * rate.denominator}/{rate.numerator}s" if frames else "0s"
