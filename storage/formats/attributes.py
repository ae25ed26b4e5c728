"""Keys of a label in formats whose places for them hold text only."""

from collections.abc import Container, Mapping

from storage.formats.labelfile import Extra, NewLabel
from storage.formats.outgoing import json_text, noted
from storage.formats.rules import whole
from storage.formats.strict_json import an_object, parse

REST = "respot"
"""The place of all that is no text of its own: one JSON object."""
ORIGINAL = "original_frame"


def as_texts(label: NewLabel, places: Container[str] | None = None) -> dict[str, str]:
    """What is known of a label beside class and frame, as texts by key; the rest is JSON under `REST`.

    `places`: the keys that have a place of their own; None where any may have one.
    """
    keys = noted(label)
    texts = {
        key: str(value)
        for key, value in keys.items()
        if (isinstance(value, str) or key == ORIGINAL) and key != REST and (places is None or key in places)
    }
    rest = {key: value for key, value in keys.items() if key not in texts}
    return texts | ({REST: json_text(rest)} if rest else {})


def from_texts(texts: Mapping[str, str], name: str) -> Extra:
    """What `as_texts` made texts of. Raises `BadLabels` where `REST` is not JSON."""
    told: Extra = {key: text for key, text in texts.items() if key != REST}
    original = told.get(ORIGINAL)
    if original is not None and original.isdecimal() and len(original) < 12:
        told[ORIGINAL] = whole(int(original))
    return told | (an_object(parse(texts[REST], name)) if texts.get(REST) else {})
