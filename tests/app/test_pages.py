"""Every page of the real application: nothing is asked of another machine; axe-core finds nothing serious."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.test_accessibility import AXE, violations
from tests.app.tiny import ServedApp

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(AXE is None, reason="axe-playwright-python is not installed"),
]

READY = {
    "home": 'respot-home[data-now="training"]',
    "datasets": 'respot-clips[data-state="shown"]',
    "training": 'respot-training[data-state="empty"]',
    "review": 'respot-review[data-state="label"]',
    "insight": '#figure-offsets[data-state="empty"]',
    "export": "#export-labels",
    "settings": "respot-settings fieldset",
}


@pytest.mark.parametrize("name", READY)
def test_a_page_is_whole_local_and_accessible(page: Page, served_app: ServedApp, name: str) -> None:
    theme = "dark" if name in ("home", "training", "insight") else "light"
    page.goto(f"{served_app.url}/?open={name}&dataset=1&__theme={theme}")
    expect(page.locator(READY[name])).to_be_visible()
    assert [found for found in violations(page) if found.startswith(("serious", "critical"))] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


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
