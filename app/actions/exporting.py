"""What a person takes away: the corrected label file and the audit of every decision."""

from dataclasses import dataclass
from pathlib import Path

from app.workspace import Workspace
from spotting.errors import Conflict
from storage import datasets, exports
from storage import trail as decisions


@dataclass(frozen=True, slots=True)
class Exported:
    """A file's text and the name to save it under."""

    name: str
    text: str


def labels(work: Workspace, dataset_id: int, *, drop_removed: bool = False) -> Exported:
    """The labels at the frames that hold now, in the format they came in, with `original_frame` beside.

    Raises `NotFound`, or `Conflict` when labels are marked removed and `drop_removed` does not say to leave
    them out.
    """
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        text = "".join(exports.spot_json(session, dataset_id, drop_removed=drop_removed))
    return Exported(f"{name}-corrected.json", text)


def audit(work: Workspace, dataset_id: int) -> Exported:
    """One CSV row per label: where it was, what was suggested, what was decided, by whom and when."""
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        return Exported(f"{name}-audit.csv", "".join(exports.audit_csv(session, dataset_id)))


def trail(work: Workspace, dataset_id: int) -> Exported:
    """One CSV row per decision ever made, undone ones too, with what was shown. Raises `NotFound`."""
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        return Exported(f"{name}-trail.csv", "".join(decisions.csv_text(session, dataset_id)))


def problem(work: Workspace, dataset_id: int) -> str | None:
    """Why the labels cannot be exported as they stand, or None."""
    try:
        labels(work, dataset_id)
    except Conflict as error:
        return str(error)
    return None


def write(exported: Exported, path: Path) -> None:
    """Write the file whole or not at all; `path` may be there already."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(exported.text, encoding="utf-8", newline="")
    partial.replace(path)
