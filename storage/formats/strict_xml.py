"""XML read strictly: no document types, no entities of its own, no deep nesting."""

import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from spotting.errors import BadLabels, Conflict

_ILLEGAL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
DEEPEST = 50
"""Elements within one another; deeper ones are refused (label files need six)."""


def parse_xml(data: bytes, name: str) -> Element:
    """The document's root. Raises `BadLabels` with the line for what is not XML, nesting over `DEEPEST`, and
    for a document type, which is what entity bombs and references to other files need.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise BadLabels(f"{name}, line {parser.CurrentLineNumber}: elements nested over {DEEPEST} deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def doctype(*_: object) -> None:
        raise BadLabels(f"{name}, line {parser.CurrentLineNumber}: a document type is not taken in")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadLabels(f"{name}: not XML ({error})") from None
    return builder.close()


def element(tag: str, attributes: dict[str, str], text: str = "") -> str:
    """An element with text in it. Raises `Conflict` for characters that XML has no way to write."""
    named = "".join(f" {key}={quoteattr(_legal(value))}" for key, value in attributes.items())
    return f"<{tag}{named}>{escape(_legal(text))}</{tag}>" if text else f"<{tag}{named}/>"


def _legal(text: str) -> str:
    wrong = _ILLEGAL.search(text)
    if wrong is not None:
        raise Conflict(f"{text!r}: the character U+{ord(wrong[0]):04X} cannot stand in XML")
    return text
