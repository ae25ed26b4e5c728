"""The report's part about people: how near they are to each other, and to what was suggested."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.report import Block, Table
from spotting.agreement import limits, within
from storage import double, verdicts
from storage.exports import SETTLED, AuditRow

WITHIN = (0, 1, 2)


def unseen(session: Any, dataset_id: int) -> list[Block]:
    """Every two people who settled labels of the double review, neither seeing what the other decided."""
    drawn_G = np.array(sorted(double.drawn(session, dataset_id)), dtype=np.int64)
    people = verdicts.verdicts(session, dataset_id)
    rows = []
    for first, second in combinations(people, 2):
        ids_P, apart_P = verdicts.differences(people[first], people[second])
        apart_P = apart_P[np.isin(ids_P, drawn_G)]
        if len(apart_P):
            rows.append((first, second, *_pair(apart_P)))
    if not rows:
        return ["No label was settled by two people unseen of each other."]
    header = ("first", "second", "labels", *(f"within ±{at} (95 %)" for at in WITHIN), "second − first")
    return [
        "Two people, neither of whom saw what the other decided:",
        Table((*header, "95 % of these"), rows),
    ]


def _pair(apart_P: NDArray[np.int64]) -> tuple[str, ...]:
    shares = [f"{one.share:.0%} ({one.low:.0%}–{one.high:.0%})" for one in within(apart_P, WITHIN)]
    found = limits(apart_P)
    return f"{found.count:,}", *shares, f"{found.mean:+.2f}", f"{found.lower:+.1f} to {found.upper:+.1f}"


def with_suggestions(rows: Sequence[AuditRow]) -> list[Block]:
    """Per person how near the frames they settled on are to what was suggested."""
    people: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        settled, suggested = row.final_frame, row.suggested_frame
        if row.decision in SETTLED and settled is not None and suggested is not None:
            people[row.annotator].append(abs(settled - suggested))
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
    header = ("who settled", "labels", "at the suggestion", "within ±1", "mean |distance|")
    return ["People and suggestions:", Table(header, cells)] if cells else []
