"""A workspace that the journeys pass through in the order of the README."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.workspace import Workspace
from tests.app.tiny import ServedApp, TinyFiles, render_tiny, workspace_in


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> TinyFiles:
    """Rendered clips with noisy and true labels."""
    return render_tiny(tmp_path_factory.mktemp("journey"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace that the journeys of one module share."""
    with workspace_in(tmp_path_factory.mktemp("work")) as shared:
        yield shared


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[ServedApp]:
    """The application with nothing in it, in a process of its own."""
    running = ServedApp(tmp_path / "data")
    yield running
    running.kill()
