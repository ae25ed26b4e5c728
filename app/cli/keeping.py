"""Commands that keep the database safe: back it up, put a backup back, check that it holds together."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.serving import Data

if TYPE_CHECKING:
    from app.settings import Settings


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    cli.command()(backup)
    cli.command()(restore)
    cli.command()(check)


def backup(
    to: Annotated[Path | None, typer.Argument(help="The new file (else in backups/ of the data).")] = None,
    data: Data = None,
) -> None:
    """Copy the database as it is now, in use or not, to a new file."""
    from app import settings
    from storage import maintenance

    loaded = settings.load(data=data)
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = to or loaded.data / "backups" / f"respot-{now}.sqlite"
    target.parent.mkdir(parents=True, exist_ok=True)
    maintenance.backup(_file(loaded), target)
    print(target)


def restore(
    backup: Annotated[Path, typer.Argument(help="A file that respot backup wrote.")], data: Data = None
) -> None:
    """Put a backup in the place of the database; what it replaces is kept beside it."""
    from app import settings
    from app.workspace import opened
    from storage.restoring import restore as put_back

    loaded = settings.load(data=data)
    kept = put_back(backup, _file(loaded))
    before = f"what was there is in {kept}" if kept else "there was nothing before"
    with opened(loaded):
        print(f"restored {backup}; {before}")


def check(data: Data = None) -> None:
    """Look for damage and contradictions in the database and the folder of videos; changes nothing."""
    from app import settings
    from app.workspace import opened
    from storage import maintenance

    with opened(settings.load(data=data)) as work, work.database.reading() as session:
        problems = maintenance.check(session, work.settings.videos)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print("everything holds together")


def _file(settings: "Settings") -> Path:
    """The database file. Raises `BadConfig` where the database is a server's."""
    from spotting.errors import BadConfig
    from storage.database import Database

    database = Database(settings.database_location)
    if database.path is None:
        raise BadConfig("the database is a server's: use its own tools (pg_dump, pg_restore)")
    return database.path
