"""Whether a Respot is already being served at an address, and whether the port is free for a new one."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
import webbrowser

from app.settings import Settings
from spotting.errors import Conflict

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Listening on all addresses, the server is found on this one."""


def address(settings: Settings) -> str:
    """Where the browser of this machine finds the app."""
    host = EVERYWHERE.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{settings.port}"


def is_running(settings: Settings) -> bool:
    """True when a Respot with this data folder answers at the address.

    Raises `Conflict` when the port is taken by a Respot with other data, or by another program.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        if probe.connect_ex((settings.host, settings.port)) != 0:
            return False
    data = _served_data(address(settings))
    if data is None:
        raise Conflict(f"port {settings.port} is taken by another program; choose another with --port")
    if data != str(settings.data):
        raise Conflict(
            f"port {settings.port} is taken by a Respot with the data in {data}; choose another with --port"
        )
    return True


def _served_data(url: str) -> str | None:
    """The data folder of the Respot at `url`; None if something else answers."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/health", timeout=5) as answer:
            return json.load(answer).get("data")
    except (OSError, urllib.error.URLError, ValueError, AttributeError):
        return None


def open_when_up(settings: Settings) -> None:
    """Open the browser as soon as the app answers; returns at once."""

    def wait() -> None:
        while not is_running(settings):
            time.sleep(0.2)
        webbrowser.open(address(settings))

    threading.Thread(target=wait, name="browser", daemon=True).start()
