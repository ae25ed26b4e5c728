"""Label files that a browser sends: kept in the data folder until their import has read them."""

import re
import shutil
import time
import uuid
from collections.abc import AsyncIterable
from pathlib import Path, PurePosixPath

from app.workspace import Workspace
from spotting.errors import BadLabels
from storage.formats.strict_json import LARGEST_FILE

KEPT_S = 7 * 24 * 3600
"""How long an upload lies at least; the next one after that forgets it."""
LONGEST_NAME = 120
_ODD = re.compile(r"[^\w.() -]+")


async def take(work: Workspace, name: str, pieces: AsyncIterable[bytes]) -> Path:
    """Where the file now lies, under its own name. Raises `BadLabels` for an empty or too large one."""
    folder = work.settings.data / "uploads"
    _forget_old(folder)
    path = folder / uuid.uuid4().hex / _safe(name)
    path.parent.mkdir(parents=True)
    size = 0
    with path.open("wb") as file:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST_FILE:
                break
            file.write(piece)
    if 0 < size <= LARGEST_FILE:
        return path
    shutil.rmtree(path.parent)
    wrong = f"over {LARGEST_FILE >> 20} MiB: split the file" if size else "the file is empty"
    raise BadLabels(f"{path.name}: {wrong}")


def _safe(name: str) -> str:
    """The name without folders and odd characters, its ending kept."""
    path = PurePosixPath(_ODD.sub("_", name.replace("\\", "/").rpartition("/")[2]))
    ending = path.suffix[:20]
    stem = path.name.removesuffix(path.suffix).strip(". ")[:LONGEST_NAME]
    return (stem or "labels") + ending


def _forget_old(folder: Path) -> None:
    known = folder.iterdir() if folder.is_dir() else ()
    for upload in known:
        if upload.stat().st_mtime < time.time() - KEPT_S:
            shutil.rmtree(upload, ignore_errors=True)
