"""The words of Gradio's pages. Like those of the elements, they are in `assets/strings`, and only there."""

import json
from collections.abc import Mapping
from typing import Any

from app.static import read

_CATALOGUE: Mapping[str, Mapping[str, Any]] = json.loads(read("strings/pages.json"))


class Words:
    """The words of one page: `words("title")`, `words("count", labels=3)`, `words.choices("presets")`."""

    def __init__(self, page: str) -> None:
        self._words = _CATALOGUE[page]

    def __call__(self, name: str, /, **values: object) -> str:
        """The words called `name`, with the values put in. Raises `KeyError` for a name that is not there."""
        words = self._words[name]
        return words.format(**values) if values else words

    def choices(self, name: str) -> Mapping[str, str]:
        """Words by value, in the order in which a menu shows them."""
        return self._words[name]
