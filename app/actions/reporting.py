"""The report of a dataset: what changed, by whom, what the audit says, and which files it is about."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions import audits, batches, exporting
from app.report import Bars, Part, Table, markdown, page
from app.workspace import Workspace
from storage import datasets, exports, offsets
from storage.exports import AuditRow

SETTLED = ("accept", "keep", "set", "relabel", "remove")


def report(work: Workspace, dataset_id: int, out: Path) -> list[Path]:
    """Write `<dataset>-report.md` and `.html` into `out`; their paths. Raises `NotFound`.

    The hashes are of the label file as it lies at its place now, and of the one that an export writes now
    (without the labels marked removed).
    """
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        rows = list(exports.audit_rows(session, dataset_id))
        residuals = offsets.residuals(session, dataset_id)
    parts = [
        Part("Files", [_files(work, dataset_id, dataset.label_file)]),
        Part("What changed", [_summary(rows), _by_class(rows)]),
        Part("How far labels moved", _histograms(rows)),
        Part("Agreement", [_agreement(rows)]),
        Part("Blind audit", _audit(work, dataset_id)),
        Part("Batches", [_batches(work, dataset_id)]),
        Part("Before and after", [_truth(residuals)]),
    ]
    title = f"Respot report: {dataset.name}"
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, text in ((".md", markdown(title, parts)), (".html", page(title, parts))):
        path = out / f"{dataset.name}-report{ending}"
        path.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    return written


def _files(work: Workspace, dataset_id: int, label_file: str) -> Table:
    path = Path(label_file)
    before = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "the file is gone"
    exported = exporting.labels(work, dataset_id, lossy=True, drop_removed=True)
    after = hashlib.sha256(exported.file.read()).hexdigest()
    return Table(("label file", "SHA-256"), [(path.name, before), (exported.name, after)])


def _summary(rows: Sequence[AuditRow]) -> str:
    verdicts = Counter(row.decision for row in rows if row.decision in SETTLED)
    told = ", ".join(f"{verdicts[name]:,} {name}" for name in SETTLED if verdicts[name])
    moved = sum(_move(row) not in (None, 0) for row in rows)
    return (
        f"{sum(verdicts.values()):,} of {len(rows):,} labels are settled"
        f"{f' ({told})' if told else ''}; {moved:,} go out at another frame than they came in at."
    )


def _move(row: AuditRow) -> int | None:
    """Final - original frame; None for a removed label."""
    return None if row.final_frame is None else row.final_frame - row.original_frame


def _by_class(rows: Sequence[AuditRow]) -> Table:
    header = ("class", "labels", "settled", "moved", "mean |move|", "removed")
    grouped: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows:
        grouped[row.label].append(row)
    cells = []
    for name, of_class in sorted(grouped.items()):
        moves = [abs(move) for row in of_class if (move := _move(row))]
        cells.append(
            (
                name,
                f"{len(of_class):,}",
                f"{sum(row.decision in SETTLED for row in of_class):,}",
                f"{len(moves):,}",
                f"{np.mean(moves):.2f}" if moves else "–",
                f"{sum(row.decision == 'remove' for row in of_class):,}",
            )
        )
    return Table(header, cells)


def _histograms(rows: Sequence[AuditRow]) -> list[str | Table | Bars]:
    """Final - original frame of the settled labels, per class."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        move = _move(row)
        if row.decision in SETTLED and move is not None:
            counts[row.label][move] += 1
    bars = [Bars(name, dict(of_class)) for name, of_class in sorted(counts.items())]
    return [*bars] if bars else ["No label is settled yet."]


def _agreement(rows: Sequence[AuditRow]) -> Table:
    """Per person: how near the frames they settled on are to what was suggested."""
    people: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.decision in SETTLED and row.final_frame is not None and row.suggested_frame is not None:
            people[row.annotator].append(abs(row.final_frame - row.suggested_frame))
    cells = [
        (
            name,
            f"{len(away):,}",
            f"{np.mean(np.array(away) == 0):.0%}",
            f"{np.mean(np.array(away) <= 1):.0%}",
            f"{np.mean(away):.2f}",
        )
        for name, away in sorted(people.items())
    ]
    return Table(("who settled", "labels", "at the suggestion", "within ±1", "mean |distance|"), cells)


def _audit(work: Workspace, dataset_id: int) -> list[str | Table | Bars]:
    told = audits.audit(work, dataset_id)
    groups = [
        (
            group["name"],
            f"{group['n']:,}",
            _signed(group["shift"]),
            "–" if group["low"] is None else f"{_signed(group['low'])} to {_signed(group['high'])}",
            "–" if group["right"] is None else f"{group['right']:.1%}",
            "–" if group["right"] is None else f"{group['lower']:.1%} to {group['upper']:.1%}",
        )
        for group in told["groups"]
        if group["n"]
    ]
    header = ("group", "n", "decided − tagged", "95 %", "suggestions within ±1", "95 %")
    far = f"{told['settled']:,} of {told['total']:,} labels of the blind audit are settled."
    said = [f"{words}." for words in (told["accept"]["words"], told["accept"]["unverified"]) if words]
    return [far, *said, Table(header, groups)]


def _signed(frames: float | None) -> str:
    return "–" if frames is None else f"{frames:+.2f}"


def _batches(work: Workspace, dataset_id: int) -> str | Table:
    made = batches.list_batches(work, dataset_id)
    if not made:
        return "None."
    rows = [
        (str(batch["id"]), batch["created_at"][:16], batch["annotator"], batch["words"]) for batch in made
    ]
    return Table(("batch", "made", "by", "what"), rows)


def _truth(found: Any) -> str | Table:
    if found is None:
        return "The true frames are not known."
    names = np.array(found.labels)
    rows = [_error_row("all classes", found, np.ones(len(names), bool))]
    rows += [_error_row(str(name), found, names == name) for name in sorted(set(found.labels))]
    return Table(("class", "labels", "mean |error| before", "suggested", "after"), rows)


def _error_row(name: str, found: Any, rows_L: NDArray[np.bool_]) -> tuple[str, ...]:
    errors = (found.tagged_L[rows_L], found.suggested_L[rows_L], found.final_L[rows_L])
    means = [np.abs(error[np.isfinite(error)]) for error in errors]
    return (name, f"{int(rows_L.sum()):,}", *(f"{mean.mean():.2f}" if len(mean) else "–" for mean in means))
