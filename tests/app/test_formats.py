"""A dataset leaves in any format and comes back from it with every label at its frame."""

from pathlib import Path

from app.actions import exporting
from app.importing import import_dataset
from app.workspace import Workspace
from spotting.progress import silent
from storage import datasets
from storage.formats.table import FORMATS
from tests.app.tiny import TinyFiles, import_tiny

BOTH = [format for format in FORMATS if format.read and format.write]


def frames(work: Workspace, dataset_id: int) -> list[tuple[str, str, int]]:
    with work.database.reading() as session:
        names = {clip.id: clip.name for clip in datasets.clips(session, dataset_id)}
        labels = datasets.labels(session, dataset_id)
    return sorted((names[label.clip_id], label.label, label.frame) for label in labels)


def test_every_format_brings_the_labels_back(work: Workspace, tiny: TinyFiles, tmp_path: Path) -> None:
    first = import_tiny(work, tiny).dataset_id
    for format in BOTH:
        exported = exporting.labels(work, first, format=format.name, lossy=True)
        path = tmp_path / exported.name
        exporting.write(exported, path)
        said = {"format": format.name, "time_rule": format.rules[-1], "fps": 25.0}
        request = tiny.request(labels=path, name=format.name, truth=None, **said)
        again = import_dataset(work, request, silent)
        assert [f for f in again.report if f.level == "refused"] == []
        assert frames(work, again.dataset_id) == frames(work, first), format.name
        own = exporting.labels(work, again.dataset_id)
        assert own.name.endswith(".zip" if format.many else format.extensions[0])
