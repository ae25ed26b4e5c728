"""ELAN .eaf: one document per video, an annotation per event, its other keys in dependent tiers."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from xml.etree.ElementTree import Element

from spotting.errors import BadLabels
from storage.formats.clock import milliseconds
from storage.formats.findings import Finding
from storage.formats.intake import Draft, Intake, seconds_of
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, as_written, first_written, json_text, noted
from storage.formats.strict_json import an_object, decode, parse
from storage.formats.strict_xml import element, parse_xml

NOTES = "respot"
"""The dependent tiers of an export: JSON with all that an annotation has no place for."""
ASSOCIATION = "1-1 association with a parent annotation"
BESIDE = ("comment", "annotator")
SCHEMA = {
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
}
"""Which readers of ELAN documents insist on."""


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the document as one clip, named by its media; an event is the begin of an aligned annotation.

    The class is the annotation's value, else its tier. Time rule: floor or round on milliseconds.
    """
    root = parse_xml(data, name)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadLabels(f"{name}: an ELAN document begins with ANNOTATION_DOCUMENT, not {root.tag[:40]}")
    intake.rule("floor", "round")
    header = root.find("HEADER")
    if header is not None and header.get("TIME_UNITS", "milliseconds") != "milliseconds":
        raise BadLabels(f"{name}: its times are not in milliseconds")
    media = root.find("HEADER/MEDIA_DESCRIPTOR")
    attributes = {} if media is None else media.attrib
    clip = media_name(attributes.get("RELATIVE_MEDIA_URL")) or media_name(attributes.get("MEDIA_URL"))
    notes = _notes(root, name)
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    origin = attributes.get("TIME_ORIGIN", "0")
    for told in _dropped(root):
        message = f"{told}: not taken in, and not in the export"
        intake.findings.append(Finding("noted", clip or name, message))
    drafts = [
        _draft(annotation, tier, slots, origin, notes)
        for tier in root.iter("TIER")
        for annotation in tier.iter("ALIGNABLE_ANNOTATION")
        if tier.get("PARENT_REF") is None
    ]
    intake.clip(clip or name.removesuffix(".eaf"), drafts, raw=decode(data, name))


def _dropped(root: Element) -> Iterator[str]:
    """What of a document is no event: what ELAN knows beside annotations with a begin and an end."""
    tiers = [tier for tier in root.iter("TIER") if not _is_ours(tier)]
    found = {
        "dependent tiers": [tier for tier in tiers if tier.get("PARENT_REF")],
        "empty tiers": [t for t in tiers if not t.get("PARENT_REF") and t.find("ANNOTATION") is None],
        "controlled vocabularies": list(root.iter("CONTROLLED_VOCABULARY")),
        "references to lexicons": list(root.iter("LEXICON_REF")),
        "further media": root.findall("HEADER/MEDIA_DESCRIPTOR")[1:],
        "linked files": root.findall("HEADER/LINKED_FILE_DESCRIPTOR"),
    }
    names = ("TIER_ID", "CV_ID", "LEX_REF_ID", "MEDIA_URL", "LINK_URL")
    for what, elements in found.items():
        if elements:
            first = next((elements[0].attrib[name] for name in names if name in elements[0].attrib), "?")
            yield f"{len(elements)} {what} ({first[:60]}{' ...' if len(elements) > 1 else ''})"


def _is_ours(tier: Element) -> bool:
    return tier.get("LINGUISTIC_TYPE_REF") == NOTES


def _notes(root: Element, name: str) -> dict[str | None, Extra]:
    """What the dependent tiers of an export say of each annotation, by its id."""
    notes: dict[str | None, Extra] = {}
    for tier in root.iter("TIER"):
        if _is_ours(tier):
            for reference in tier.iter("REF_ANNOTATION"):
                text = reference.findtext("ANNOTATION_VALUE") or "{}"
                notes[reference.get("ANNOTATION_REF")] = an_object(parse(text, name))
    return notes


def _draft(
    annotation: Element,
    tier: Element,
    slots: dict[str | None, str | None],
    origin: str,
    notes: dict[str | None, Extra],
) -> Draft:
    begin, end = (slots.get(annotation.get(f"TIME_SLOT_REF{i}")) for i in (1, 2))
    at = seconds_of(begin, Fraction(1, 1000), "TIME_VALUE")
    offset = seconds_of(origin, Fraction(1, 1000), "TIME_ORIGIN")
    if isinstance(at, Fraction):
        at = at + offset if isinstance(offset, Fraction) else offset
    said = dict(notes.get(annotation.get("ANNOTATION_ID"), {}))
    comment, annotator = (said.pop(key, None) for key in BESIDE)
    stamps = {"begin": begin, "end": end} if not offset else {}
    return Draft(
        label=annotation.findtext("ANNOTATION_VALUE") or tier.get("TIER_ID"),
        at=at,
        comment=comment,
        annotator=annotator or tier.get("ANNOTATOR") or None,
        extra=said | {AS_WRITTEN: {key: stamp for key, stamp in stamps.items() if stamp is not None}},
    )


def write(out: Outgoing) -> Iterator[Part]:
    """One document per clip with a tier per class (a second one for what would overlap)."""
    for clip in out.clips:
        if isinstance(clip, CarriedClip):
            yield Part(name=f"entry_{clip.position}.eaf", text=[clip.raw])
        else:
            yield Part(name=f"{clip.name}.eaf", text=_document(clip, out))


def _document(clip: FileClip, out: Outgoing) -> Iterator[str]:
    spans = [_span(clip, label, out) for label in clip.labels]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    root = {"AUTHOR": "", "DATE": "2000-01-01T00:00:00Z", "FORMAT": "3.0", "VERSION": "3.0"} | SCHEMA
    yield element("ANNOTATION_DOCUMENT", root).removesuffix("/>") + ">\n"
    yield '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">\n'
    media = {"MEDIA_URL": out.media(clip), "MIME_TYPE": "video/mp4", "RELATIVE_MEDIA_URL": out.media(clip)}
    yield element("MEDIA_DESCRIPTOR", media) + "\n</HEADER>\n<TIME_ORDER>\n"
    for i, (begin, end) in enumerate(spans):
        for kind, value in (("b", begin), ("e", end)):
            yield element("TIME_SLOT", {"TIME_SLOT_ID": f"{kind}{i}", "TIME_VALUE": str(value)}) + "\n"
    yield "</TIME_ORDER>\n"
    for tier, events in _tiers(clip.labels, spans).items():
        yield from _tier(tier, events, clip.labels)
    yield element("LINGUISTIC_TYPE", {"LINGUISTIC_TYPE_ID": "event", "TIME_ALIGNABLE": "true"}) + "\n"
    association = {"LINGUISTIC_TYPE_ID": NOTES, "TIME_ALIGNABLE": "false"}
    yield element("LINGUISTIC_TYPE", association | {"CONSTRAINTS": "Symbolic_Association"}) + "\n"
    yield element("CONSTRAINT", {"STEREOTYPE": "Symbolic_Association", "DESCRIPTION": ASSOCIATION})
    yield "\n</ANNOTATION_DOCUMENT>\n"


def _span(clip: FileClip, label: NewLabel, out: Outgoing) -> tuple[int, int]:
    """Begin and end in milliseconds: the file's, else the picture's; a label that moved keeps its length."""
    kept = _whole(as_written(label))
    if kept is not None:
        return kept
    begin = out.milliseconds(clip, label)
    before = _whole(first_written(label))
    if before is not None:
        return begin, begin + before[1] - before[0]
    return begin, milliseconds(out.clock(clip), label.frame + 1) - 1


def _whole(stamps: Extra) -> tuple[int, int] | None:
    begin, end = (str(stamps.get(key, "")) for key in ("begin", "end"))
    return (int(begin), int(end)) if begin.isdecimal() and end.isdecimal() else None


def _tiers(labels: tuple[NewLabel, ...], spans: list[tuple[int, int]]) -> dict[str, list[int]]:
    """Positions of labels by tier: the class, then `class 2` ... where annotations would overlap."""
    tiers: dict[str, list[int]] = {}
    free: dict[str, int] = {}
    for i in sorted(range(len(labels)), key=lambda i: spans[i]):
        names = (labels[i].label if n == 1 else f"{labels[i].label} {n}" for n in count(1))
        name = next(
            name
            for name in names
            if spans[i][0] >= free.get(name, 0) and _own(name, labels[i], tiers, labels)
        )
        tiers.setdefault(name, []).append(i)
        free[name] = spans[i][1]
    return tiers


def _own(name: str, label: NewLabel, tiers: dict[str, list[int]], labels: tuple[NewLabel, ...]) -> bool:
    """Whether the tier of that name is of the label's class."""
    return name not in tiers or labels[tiers[name][0]].label == label.label


def _tier(name: str, events: list[int], labels: tuple[NewLabel, ...]) -> Iterator[str]:
    yield element("TIER", {"LINGUISTIC_TYPE_REF": "event", "TIER_ID": name}).removesuffix("/>") + ">\n"
    for i in events:
        slots = {"TIME_SLOT_REF1": f"b{i}", "TIME_SLOT_REF2": f"e{i}"}
        yield _annotation("ALIGNABLE_ANNOTATION", {"ANNOTATION_ID": f"a{i}"} | slots, labels[i].label)
    yield "</TIER>\n"
    notes = {i: noted(labels[i]) for i in events}
    if not any(notes.values()):
        return
    dependent = {"LINGUISTIC_TYPE_REF": NOTES, "TIER_ID": f"{NOTES}@{name}", "PARENT_REF": name}
    yield element("TIER", dependent).removesuffix("/>") + ">\n"
    for i, note in notes.items():
        if note:
            reference = {"ANNOTATION_ID": f"n{i}", "ANNOTATION_REF": f"a{i}"}
            yield _annotation("REF_ANNOTATION", reference, json_text(note))
    yield "</TIER>\n"


def _annotation(tag: str, attributes: dict[str, str], value: str) -> str:
    opened = element(tag, attributes).removesuffix("/>")
    return f"<ANNOTATION>{opened}>{element('ANNOTATION_VALUE', {}, value)}</{tag}></ANNOTATION>\n"
