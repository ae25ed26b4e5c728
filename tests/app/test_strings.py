"""The catalogue of words: what a page says is in it, and nothing in it is said nowhere."""

import json
import re
from pathlib import Path

import pytest

from app.strings import Words

ROOT = Path(__file__).parents[2]
CATALOGUE = json.loads((ROOT / "assets" / "strings" / "pages.json").read_text(encoding="utf-8"))
SAID = re.compile(r'words(?:\.choices)?\("(\w+)"')
PAGES = ROOT / "app" / "pages"
LITERAL = re.compile(r'(?:label|placeholder|info|title)=f?"|gr\.(?:Markdown|Button|Accordion)\(f?"\w')


@pytest.mark.parametrize("page", CATALOGUE)
def test_a_page_says_what_stands_in_the_catalogue_and_no_more(page: str) -> None:
    files = [PAGES / f"{page}.py", *([PAGES / "__init__.py"] if page == "shell" else [])]
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert set(SAID.findall(source)) <= set(CATALOGUE[page])
    assert set(CATALOGUE[page]) <= set(re.findall(r'"(\w+)"', source))
    assert LITERAL.findall(source) == []


def test_values_are_put_into_the_words() -> None:
    assert Words("shell")("choice", name="rallies", labels=1200) == "rallies (1,200 labels)"
    with pytest.raises(KeyError):
        Words("shell")("absent")
