"""The report of a dataset: what changed, by whom, what the audit says, and which files it is about."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.actions import batches, exporting
from app.actions.reporting import changes, errors, people
from app.report import Part, Table, markdown, page
from app.workspace import Workspace
from storage import datasets, exports

Form = Literal["md", "html"]


@dataclass(frozen=True, slots=True)
class Report:
    """What is told about the dataset `name`, part by part."""

    name: str
    parts: Sequence[Part]

    def file_name(self, form: Form) -> str:
        """What its file is called."""
        return f"{self.name}-report.{form}"

    def text(self, form: Form) -> str:
        """All of it, as Markdown or as one HTML page that needs nothing else."""
        return (page if form == "html" else markdown)(f"Respot report: {self.name}", self.parts)


def gather(work: Workspace, dataset_id: int) -> Report:
    """The report of a dataset as it stands. Raises `NotFound`.

    The hashes are of the label file as it lies at its place now, and of the one that an export writes now
    (without the labels marked removed).
    """
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        rows = list(exports.audit_rows(session, dataset_id))
        agreement = [*people.unseen(session, dataset_id), *people.with_suggestions(rows)]
        before_and_after = [*errors.by_audit(session, dataset_id), *errors.by_truth(session, dataset_id)]
    parts = [
        Part("Files", [_files(work, dataset_id, dataset.label_file)]),
        Part("What changed", [changes.summary(rows), changes.by_class(rows)]),
        Part("How far labels moved", changes.histograms(rows)),
        Part("Agreement", agreement),
        Part("Blind audit", errors.audit(work, dataset_id)),
        Part("Batches", [_batches(work, dataset_id)]),
        Part("Before and after", before_and_after),
    ]
    return Report(dataset.name, parts)


def write(report: Report, out: Path) -> list[Path]:
    """Write the report as Markdown and as HTML into the folder `out`; both paths."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for form in ("md", "html"):
        path = out / report.file_name(form)
        path.write_text(report.text(form), encoding="utf-8", newline="")
        written.append(path)
    return written


def _files(work: Workspace, dataset_id: int, label_file: str) -> Table:
    path = Path(label_file)
    before = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "the file is gone"
    exported = exporting.labels(work, dataset_id, lossy=True, drop_removed=True)
    with exported.file as file:
        after = hashlib.sha256(file.read()).hexdigest()
    return Table(("label file", "SHA-256"), [(path.name, before), (exported.name, after)])


def _batches(work: Workspace, dataset_id: int) -> str | Table:
    made = batches.list_batches(work, dataset_id)
    if not made:
        return "None."
    rows = [
        (str(batch["id"]), batch["created_at"][:16], batch["annotator"], batch["words"]) for batch in made
    ]
    return Table(("batch", "made", "by", "what"), rows)
