"""Logging for people: short lines on the terminal, the same with tracebacks in the data folder."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_file(data: Path) -> Path:
    """Where the log of a data folder is."""
    return data / "respot.log"


def start(data: Path, *, quiet: bool = False) -> Path:
    """Log to stderr (unless quiet) and to `respot.log` in the data folder; returns that file."""
    data.mkdir(parents=True, exist_ok=True)
    file = log_file(data)
    handlers: list[logging.Handler] = [
        RotatingFileHandler(file, maxBytes=2_000_000, backupCount=2, encoding="utf-8", delay=True)
    ]
    if not quiet:
        handlers.append(logging.StreamHandler(sys.stderr))
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=handlers)
    for chatty in ("httpx", "alembic", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return file
