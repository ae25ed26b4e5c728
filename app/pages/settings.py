"""Settings: how the pages look in this browser, who decides, and where the data is."""

from app.pages.element import element
from app.pages.shell import Shell


def build(shell: Shell) -> None:
    """The page's element."""
    settings = shell.work.settings
    element(
        "respot-settings", {"data": str(settings.data), "annotator": settings.annotator}, "settings-element"
    )
