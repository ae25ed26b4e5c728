"""What every action works on: the settings and the database, opened once and passed along."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Workspace:
    """A data folder and its database."""

    settings: Settings
    database: Database

    def cache(self, dataset_id: int) -> Path:
        """Training-size pictures of a dataset; may be deleted at any time."""
        return self.settings.data / "cache" / str(dataset_id)

    def run_folder(self, run_id: int) -> Path:
        """Checkpoints and evidence of a run."""
        return self.settings.runs / str(run_id)

    def member_folder(self, run_id: int, fold: int) -> Path:
        """Checkpoint and evidence of one member of a run."""
        return self.run_folder(run_id) / str(fold)


@contextmanager
def opened(settings: Settings) -> Generator[Workspace]:
    """The workspace of these settings, its schema up to date, closed at the end."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_location)
    database.migrate()
    try:
        yield Workspace(settings, database)
    finally:
        database.close()
