"""Respot in a window of its own instead of the browser: pywebview, an optional extra."""

import sys
import time
from importlib.util import find_spec

from app.running import address, is_running
from app.settings import Settings
from spotting.errors import NotFound

SIZE = (1440, 920)
SMALLEST = (360, 480)
PATIENCE_S = 120.0


def require() -> None:
    """Raise `NotFound` where the extra is not installed."""
    if find_spec("webview") is None:
        raise NotFound(
            "a window of its own needs pywebview: pip install 'pywebview>=5,<7' "
            f"(into {sys.prefix}), or install Respot with its extra: .[window]"
        )


def show(settings: Settings) -> None:
    """Open the window once the app answers; returns when the person closes it. Main thread only.

    What the page keeps in the browser (decisions on their way, keys) is kept in the data folder. Raises
    `NotFound` without pywebview, or when the app does not answer within two minutes.
    """
    require()
    import webview  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    _wait(settings)
    webview.settings["ALLOW_DOWNLOADS"] = True
    width, height = SIZE
    webview.create_window(
        "Respot", address(settings), width=width, height=height, min_size=SMALLEST, text_select=True
    )
    webview.start(private_mode=False, storage_path=str(settings.data / "window"))


def _wait(settings: Settings) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not is_running(settings):
        if time.monotonic() > limit:
            raise NotFound(f"the app at {address(settings)} did not answer; see {settings.data}/respot.log")
        time.sleep(0.1)
