"""Markers for Premiere Pro (Final Cut Pro 7 XML): whole frames of a sequence that shows one clip."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePosixPath
from urllib.parse import quote

from spotting.errors import Conflict
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.outgoing import Outgoing, Part, json_text, noted, pictures
from storage.formats.strict_xml import element


def write(out: Outgoing) -> Iterator[Part]:
    """One sequence per clip, its medium beside the file; a marker's comment is JSON of all else there is."""
    for clip in out.taken_in():
        yield Part(name=f"{clip.name}.xml", text=_document(clip, out))


def _document(clip: FileClip, out: Outgoing) -> Iterator[str]:
    rate, length = _rate(clip, out.constant_rate(clip)), element("duration", {}, str(pictures(clip)))
    name, media = element("name", {}, clip.name), PurePosixPath(out.media(clip)).name
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4">\n<sequence>{name}'
    yield f"{length}{rate}\n<media><video><track><clipitem>{name}{length}{rate}<start>0</start>"
    yield f"<end>{pictures(clip)}</end><in>0</in><out>{pictures(clip)}</out>\n"
    yield f"{element('file', {'id': 'file-1'}).removesuffix('/>')}>{element('name', {}, media)}"
    yield f"{element('pathurl', {}, quote(media))}{rate}{length}<media><video/></media></file>\n"
    yield "</clipitem></track></video></media>\n"
    for label in sorted(clip.labels, key=lambda label: label.frame):
        yield _marker(label) + "\n"
    yield "</sequence>\n</xmeml>\n"


def _rate(clip: FileClip, rate: Fraction) -> str:
    """Whole frames per second, or those of NTSC, which are a thousandth slower."""
    base = round(rate)
    ntsc = rate == base * Fraction(1000, 1001)
    if rate != base and not ntsc:
        raise Conflict(f"clip {clip.name}: {float(rate):g} pictures per second is no rate of Premiere's")
    return f"<rate><timebase>{base}</timebase><ntsc>{'TRUE' if ntsc else 'FALSE'}</ntsc></rate>"


def _marker(label: NewLabel) -> str:
    keys = noted(label)
    comment = element("comment", {}, json_text(keys) if keys else "")
    place = f"<in>{label.frame}</in><out>-1</out>"
    return f"<marker>{element('name', {}, label.label)}{comment}{place}</marker>"
