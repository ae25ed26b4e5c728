"""Schema versions: bring a database up to date, or say why not."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from spotting.errors import Conflict
from storage.maintenance import backup

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, path: Path | None) -> None:
    """Run the missing migrations, all in one transaction: one that fails leaves nothing.

    A SQLite database (`path`) that already holds a schema is first copied beside itself, as
    `respot-before-0002-20261123T101500.sqlite`. Raises `Conflict` for a schema this version does not know.
    """
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    with engine.execution_options(writes=True).begin() as connection:
        current = _known_revision(connection, scripts)
        if current == scripts.get_current_head():
            return
        if current is not None and path is not None:
            backup(path, _backup_path(path, str(scripts.get_current_head())))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def known_revisions() -> list[str]:
    """The schema versions that this Respot knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _known_revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in scripts.walk_revisions()]
    if current is not None and current not in known:
        raise Conflict(
            f"the database has schema {current}, written by a newer Respot (this one knows {known[0]}): "
            "update Respot, or open a backup made before"
        )
    return current


def _backup_path(path: Path, revision: str) -> Path:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return path.with_name(f"{path.stem}-before-{revision}-{now}{path.suffix}")
