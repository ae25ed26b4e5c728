"""The README's pictures: one of every page in light and dark, small enough to keep beside the code."""

import re
from pathlib import Path

from app.pages import NAMES

ROOT = Path(__file__).parents[2]


def test_every_page_has_its_pictures_and_they_are_small() -> None:
    pictures = {path.name: path.stat().st_size for path in (ROOT / "assets" / "screenshots").iterdir()}
    expected = {f"{page}-{theme}.webp" for page in NAMES for theme in ("light", "dark")}
    assert set(pictures) == expected
    assert sum(pictures.values()) < 2_000_000
    shown = re.findall(r"assets/screenshots/([\w.-]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) > 0
    assert set(shown) - expected == set()
