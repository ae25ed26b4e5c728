"""The catalogue of words: what a page says is in it, and nothing in it is said nowhere."""

import json
import re
from pathlib import Path

import pytest

from app.actions.insight import FIGURES
from app.pages import training
from app.strings import Words

ROOT = Path(__file__).parents[2]
CATALOGUE = json.loads((ROOT / "assets" / "strings" / "pages.json").read_text(encoding="utf-8"))
SAID = re.compile(r'words(?:\.choices)?\("(\w+)"')
PAGES = ROOT / "app" / "pages"
ELSEWHERE = {
    "shell": [PAGES / "shell.py", PAGES / "__init__.py"],
    "figures": [ROOT / "app" / "actions" / "insight" / "catalogue.py"],
}
LITERAL = re.compile(r'(?:label|placeholder|info|title)=f?"|gr\.(?:Markdown|Button|Accordion)\(f?"\w')


@pytest.mark.parametrize("page", CATALOGUE)
def test_a_page_says_what_stands_in_the_catalogue_and_no_more(page: str) -> None:
    files = ELSEWHERE.get(page, [PAGES / f"{page}.py"])
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert set(SAID.findall(source)) <= set(CATALOGUE[page])
    assert set(CATALOGUE[page]) <= set(re.findall(r'"(\w+)"', source))


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.py")), ids=lambda file: file.stem)
def test_no_page_has_words_of_its_own(page: Path) -> None:
    assert LITERAL.findall(page.read_text(encoding="utf-8")) == []


def test_every_figure_has_its_words_and_no_others_are_there() -> None:
    said = CATALOGUE["figures"]
    assert {figure.section for figure in FIGURES.values()} == set(said["sections"].values())
    assert set(FIGURES) == set(said["titles"]) == set(said["definitions"])


def test_values_are_put_into_the_words() -> None:
    assert Words("shell")("choice", name="rallies", labels=1200) == "rallies (1,200 labels)"
    with pytest.raises(KeyError):
        Words("shell")("absent")


@pytest.mark.parametrize(("frames", "said"), [(7_680, "7.7 thousand"), (7_680_000, "7.7 million")])
def test_few_frames_are_told_in_thousands(frames: int, said: str) -> None:
    known = {"seconds": 60, "frames_per_second": 15.0, "run_id": 1, "groups": 3, "leak": ""}
    assert f"{said} frames" in training._told(known | {"frames": frames})
