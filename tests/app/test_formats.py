"""A dataset leaves in any format and comes back from it with every label at its frame."""

import zipfile
from pathlib import Path

import pandas

from app.actions import exporting
from app.importing import import_dataset
from app.workspace import Workspace
from spotting.progress import silent
from storage import datasets, exports
from storage.formats.table import FORMATS
from tests.app.studied import study
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


def test_an_export_of_everything_opens_in_pandas_and_holds_together(
    filled: Workspace, tmp_path: Path
) -> None:
    run_ids = study(filled)
    assert exporting.losses(filled, 1, "parquet") == []
    exporting.write(exporting.labels(filled, 1, format="parquet"), tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path)
    tables = {path.stem: pandas.read_parquet(path) for path in tmp_path.glob("*.parquet")}
    labels, decisions, suggestions = (tables[name] for name in ("labels", "decisions", "suggestions"))
    with filled.database.reading() as session:
        expected = [(row.original_frame, row.final_frame) for row in exports.audit_rows(session, 1)]
        shown = [row.id for row in datasets.labels(session, 1)]
    assert list(zip(labels["original_frame"], labels["final_frame"], strict=True)) == expected
    assert set(decisions["label_id"]) <= set(labels["id"]) == set(shown)
    assert set(suggestions["run_id"]) == set(tables["runs"]["id"]) == set(run_ids)
    assert suggestions["posterior"].map(sum).round(4).eq(1).all()
    assert tables["dataset"]["name"].tolist() == ["tiny"]
    assert len(tables["clips"]) == 6
    assert str(decisions["decided_at"].dtype).endswith("UTC]")
