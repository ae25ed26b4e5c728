"""What a person takes away: the corrected label file in any format, and the audit of every decision."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.workspace import Workspace
from spotting.errors import Conflict
from storage import datasets, exports, label_files
from storage import trail as decisions
from storage.formats.container import pack
from storage.formats.outgoing import Part
from storage.formats.table import FORMATS, Format, find_format

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished file (temporary, read from its start) and the name to save it under."""

    name: str
    file: IO[bytes]

    @property
    def text(self) -> str:
        """The file as text, for one that is UTF-8."""
        self.file.seek(0)
        return self.file.read().decode()


def labels(
    work: Workspace,
    dataset_id: int,
    *,
    format: str | None = None,
    lossy: bool = False,
    drop_removed: bool = False,
) -> Exported:
    """The labels at the frames that hold now; in the format they came in where none is named.

    Raises `NotFound`; `BadConfig` for an unknown format; `Conflict` when labels are marked removed and
    `drop_removed` does not say to leave them out, and when the format cannot carry all there is and `lossy`
    does not say to leave that out.
    """
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        chosen = _chosen(session, dataset_id, format)
        lost = [] if lossy else label_files.lost(session, dataset_id, chosen)
        if lost:
            listed = "; ".join(map(str, lost))
            raise Conflict(
                f"{chosen.title} cannot carry {listed}. Export without them by asking for it (lossy)"
            )
        parts = label_files.write(session, dataset_id, chosen, drop_removed=drop_removed)
        file = _spooled(parts, many=chosen.many)
    return Exported(f"{name}-corrected{'.zip' if chosen.many else chosen.extensions[0]}", file)


def losses(work: Workspace, dataset_id: int, format: str | None = None) -> list[str]:
    """What an export in that format would leave out, a line each; none when all goes out."""
    return outlook(work, dataset_id, format)["losses"]


def outlook(work: Workspace, dataset_id: int, format: str | None = None) -> Json:
    """Before an export: its format (the dataset's own where none is named), and all that would not go out.

    `losses` need `lossy`, `removed` (why the removed labels are in the way, or None) needs `drop_removed`.
    """
    with work.database.reading() as session:
        chosen = _chosen(session, dataset_id, format)
        lost = [str(loss) for loss in label_files.lost(session, dataset_id, chosen)]
        own = label_files.own_format(session, dataset_id).name
    removed = None if chosen.everything else problem(work, dataset_id)
    about = {"format": chosen.name, "title": chosen.title, "own": own, "many": chosen.many}
    return about | {"losses": lost, "removed": removed}


def _chosen(session: Any, dataset_id: int, format: str | None) -> Format:
    return label_files.own_format(session, dataset_id) if format is None else find_format(format)


def _spooled(parts: Iterable[Part], *, many: bool) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever takes the export closes it)
    pack(parts, file, many=many)
    file.seek(0)
    return file


def audit(work: Workspace, dataset_id: int) -> Exported:
    """One CSV row per label: where it was, what was suggested, what was decided, by whom and when."""
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        part = Part(name="audit.csv", text=exports.audit_csv(session, dataset_id))
        return Exported(f"{name}-audit.csv", _spooled([part], many=False))


def trail(work: Workspace, dataset_id: int) -> Exported:
    """One CSV row per decision ever made, undone ones too, with what was shown. Raises `NotFound`."""
    with work.database.reading() as session:
        name = datasets.get_dataset(session, dataset_id).name
        part = Part(name="trail.csv", text=decisions.csv_text(session, dataset_id))
        return Exported(f"{name}-trail.csv", _spooled([part], many=False))


def problem(work: Workspace, dataset_id: int) -> str | None:
    """Why the labels cannot be exported as they stand, or None."""
    try:
        with work.database.reading() as session:
            label_files.check_removed(session, dataset_id)
    except Conflict as error:
        return str(error)
    return None


def formats() -> list[Json]:
    """The table of label formats, as JSON values."""
    return [
        {
            "name": format.name,
            "title": format.title,
            "extensions": list(format.extensions),
            "reads": format.read is not None,
            "writes": format.write is not None,
            "time_rules": list(format.rules),
            "cannot_carry": list(format.carries.words()),
        }
        for format in FORMATS
    ]


def write(exported: Exported, path: Path) -> None:
    """Write the file whole or not at all; `path` may be there already."""
    partial = path.with_name(f".{path.name}.partial")
    with exported.file as file, partial.open("wb") as out:
        shutil.copyfileobj(file, out)
    partial.replace(path)
