"""The server's worker is replaced when it dies and ends with the server."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from app.supervisor import Supervisor
from tests.app.tiny import settings_in


def until(holds: Callable[[], object]) -> None:
    limit = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.05)


def test_a_worker_that_dies_is_replaced_until_the_server_ends(tmp_path: Path) -> None:
    supervisor = Supervisor(settings_in(tmp_path))
    supervisor.start()
    until(lambda: supervisor.pid)
    first = supervisor.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.pid != first)
    second = supervisor.pid
    assert second is not None
    supervisor.stop()
    assert supervisor.pid == second
    until(lambda: not Path(f"/proc/{second}").exists())
