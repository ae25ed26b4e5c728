"""Every page of the real application, light and dark: whole, local, accessible, at every width."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.test_accessibility import AXE, violations
from tests.app.tiny import ServedApp, TinyFiles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed"),
]

READY = {
    "Home": 'respot-home[data-now="training"]',
    "Datasets": 'respot-clips[data-state="shown"]',
    "Training": 'respot-training[data-state="empty"]',
    "Review": 'respot-review[data-state="label"]',
    "Audit": "#audit-groups respot-table",
    "Insight": '#figure-offsets[data-state="empty"]',
    "Export": "#export-labels",
    "Settings": "respot-settings fieldset",
}
WIDTHS = (360, 390, 2560)
OVERFLOWS = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.id || one.tagName)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_whole_local_and_accessible_at_every_width(
    page: Page, served_app: ServedApp, theme: str
) -> None:
    page.goto(f"{served_app.url}/?dataset=1&__theme={theme}")
    for name, ready in READY.items():
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.locator(ready)).to_be_visible()
        told = ("serious", "critical", "moderate heading-order")
        serious = [one for one in violations(page) if one.startswith(told)]
        assert (name, serious) == (name, [])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (name, width, wide <= width, page.evaluate(OVERFLOWS) if wide > width else []) == (
                name,
                width,
                True,
                [],
            )
        page.set_viewport_size({"width": 1440, "height": 900})


def test_where_nothing_is_asked_there_is_nothing_to_answer(page: Page, served_app: ServedApp) -> None:
    page.goto(f"{served_app.url}/?open=audit&dataset=1")
    expect(page.locator("#question-words")).to_contain_text("Nothing is asked")
    expect(page.locator("#question-settle")).to_be_hidden()


def test_light_or_dark_is_chosen_and_kept_in_the_browser(page: Page, served_app: ServedApp) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{served_app.url}/?open=settings")
    page.get_by_role("radio", name="Dark", exact=True).check()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    page.reload()
    expect(page.get_by_role("radio", name="Dark", exact=True)).to_be_checked()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    page.get_by_role("radio", name="As the system").check()
    expect(page.locator("body")).not_to_have_class(re.compile(r"\bdark\b"))


def test_an_import_that_fails_says_why(page: Page, served_app: ServedApp, tiny: TinyFiles) -> None:
    page.goto(f"{served_app.url}/?open=datasets")
    page.locator("#import-labels textarea, #import-labels input").fill("/nowhere/<b>labels</b>.json")
    page.locator("#import-media textarea, #import-media input").fill(str(tiny.media))
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("/nowhere/<b>labels</b>.json: no such label file")).to_be_visible()
