"""Sportscode XML: an instance per event, from its picture to the next, its other keys as labels."""

from collections.abc import Iterator

from storage.formats.attributes import as_texts
from storage.formats.clock import milliseconds
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.outgoing import Outgoing, Part
from storage.formats.strict_xml import element


def write(out: Outgoing) -> Iterator[Part]:
    """One timeline per clip; seconds with three decimals, safe for readers that round or truncate."""
    for clip in out.taken_in():
        yield Part(name=f"{clip.name}.xml", text=_timeline(clip, out))


def _timeline(clip: FileClip, out: Outgoing) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<file>\n<ALL_INSTANCES>\n'
    for i, label in enumerate(clip.labels, 1):
        end = milliseconds(out.clock(clip), label.frame + 1)
        yield f"<instance>{element('ID', {}, str(i))}{_time('start', out.milliseconds(clip, label))}"
        yield f"{_time('end', end)}{element('code', {}, label.label)}{''.join(_labels(label))}</instance>\n"
    yield "</ALL_INSTANCES>\n<ROWS>\n"
    for name in out.classes:
        yield f"<row>{element('code', {}, name)}<R>30000</R><G>30000</G><B>30000</B></row>\n"
    yield "</ROWS>\n</file>\n"


def _time(tag: str, position: int) -> str:
    return element(tag, {}, f"{position // 1000}.{position % 1000:03}")


def _labels(label: NewLabel) -> Iterator[str]:
    for group, text in as_texts(label).items():
        yield f"<label>{element('group', {}, group)}{element('text', {}, text)}</label>"
