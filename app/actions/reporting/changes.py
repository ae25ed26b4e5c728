"""The report's part about what changed: how many labels, by class, and how far."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from app.report import Bars, Block, Table
from storage.exports import SETTLED, AuditRow


def summary(rows: Sequence[AuditRow]) -> str:
    """How many labels are settled, and how many move."""
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


def by_class(rows: Sequence[AuditRow]) -> Table:
    """The same class by class."""
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


def histograms(rows: Sequence[AuditRow]) -> list[Block]:
    """Final - original frame of the settled labels, per class."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        move = _move(row)
        if row.decision in SETTLED and move is not None:
            counts[row.label][move] += 1
    bars = [Bars(name, dict(of_class)) for name, of_class in sorted(counts.items())]
    return [*bars] if bars else ["No label is settled yet."]
