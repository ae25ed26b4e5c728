"""Films in the folder RESPOT_TEST_FILMS: the same pictures at random as in sequence, or an error."""

import os
from pathlib import Path

import pytest

from spotting.child import index_in_child
from spotting.errors import UnreadableVideo
from spotting.verify import verify

SUFFIXES = {".avi", ".flv", ".h264", ".ivf", ".mkv", ".mov", ".mp4", ".mpg", ".mts", ".ts", ".webm"}
FOLDER = os.environ.get("RESPOT_TEST_FILMS", "")
FILMS = sorted(path for path in Path(FOLDER).rglob("*") if path.suffix.lower() in SUFFIXES) if FOLDER else []


def refusal(path: Path, folder: Path) -> str:
    """Why a film is not indexed; empty when it is."""
    try:
        index_in_child(path, folder)
    except UnreadableVideo as error:
        return str(error)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.name)
def test_a_real_film_reads_the_same_in_every_order_or_is_refused_by_name(path: Path, tmp_path: Path) -> None:
    refused = refusal(path, tmp_path / "index")
    if refused:
        assert refused.startswith(f"{path.name}: ")
    else:
        assert verify(tmp_path / "index", path, samples=100) == ()
