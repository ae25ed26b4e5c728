"""axe-core finds nothing in the elements: WCAG 2.2 A and AA and its best practices, light and dark."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import REVIEW, Opens, Served

AXE = find_spec("axe_playwright_python")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = """async (rules) => {
    const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    const where = (nodes) => nodes.map(({ target }) => target);
    return violations.map(({ impact, id, nodes }) => ({ impact, id, targets: where(nodes) }));
}"""
LOOK = """async (rules) => {
    const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    const where = (nodes) => JSON.stringify(nodes.map(({target}) => target));
    return violations.map(({impact, id, nodes}) => `${impact} ${id} ${where(nodes)}`);
}"""
TITLE = '<h1 style="position:absolute;left:-999px">Respot</h1>'

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed"),
]


def violations(page: Page) -> list[str]:
    """What axe-core objects to: its impact, rule and where."""
    assert AXE
    assert AXE.origin
    page.evaluate(Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(VIOLATIONS, RULES)
    return [f"{one['impact']} {one['id']} {one['targets']}" for one in found]


@pytest.mark.parametrize("theme", ["", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_review_has_no_violations(open_review: Opens, theme: str, width: int) -> None:
    page = open_review(body=TITLE + REVIEW, theme=theme, width=width, reduced_motion=True)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("d")
    assert violations(page) == []
    page.keyboard.press("?")
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["", "dark"])
def test_the_panel_beside_the_pictures_has_no_violations(open_review: Opens, theme: str) -> None:
    page = open_review(body=TITLE + REVIEW, theme=theme, reduced_motion=True)
    page.get_by_role("button", name="My log").click()
    page.locator("button.tab", has_text="Class").click()
    page.get_by_role("button", name="Edit the text").click()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["", "dark"])
def test_the_training_monitor_has_no_violations(page: Page, served: Served, theme: str) -> None:
    page.goto(f'{served.url}/?theme={theme}&body={TITLE}<respot-training run="3"></respot-training>')
    expect(page.get_by_text("Run 3: running")).to_be_visible()
    page.get_by_text("The curves as a table", exact=True).click()
    assert violations(page) == []
