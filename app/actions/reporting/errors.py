"""The report's parts about errors: what the blind audit found, how far off labels were before and after."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions import audits
from app.report import Block, Table
from app.workspace import Workspace
from storage import audit_stream, offsets

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def audit(work: Workspace, dataset_id: int) -> list[Block]:
    """How far the blind audit is, what it certifies, and what it found by group."""
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


def by_audit(session: Any, dataset_id: int) -> list[Block]:
    """How far tags and suggestions are from what people decided blind; a random sample of all labels."""
    found = audit_stream.audited(session, dataset_id)
    known_A = np.isfinite(found.decided_A) & np.isfinite(found.suggested_A)
    if not known_A.any():
        return ["Nothing of the blind audit is settled that has a suggestion."]
    before_A = np.abs(found.tagged_A - found.decided_A)
    after_A = np.abs(found.suggested_A - found.decided_A)
    names = np.array(found.labels, dtype=object)
    groups = [("all classes", known_A)] + [
        (name, known_A & (names == name)) for name in sorted(set(found.labels))
    ]
    rows = [
        (name, f"{int(of.sum()):,}", *_compared(before_A[of], after_A[of]))
        for name, of in groups
        if name == "all classes" or of.sum() >= audits.FEWEST
    ]
    header = (
        *("class", "n", "mean |error| before (95 %)", "after (95 %)", "less by (95 %)"),
        *("within ±1 before", "within ±1 after"),
    )
    return [
        "By the blind audit: frames from what a person decided without a suggestion, before (the label) and "
        "after (the suggestion).",
        Table(header, rows),
    ]


def _compared(before_K: Floats, after_K: Floats) -> tuple[str, ...]:
    means = (_mean(before_K), _mean(after_K), _mean(before_K - after_K))
    return *means, f"{np.mean(before_K <= 1):.0%}", f"{np.mean(after_K <= 1):.0%}"


def _mean(values_K: Floats) -> str:
    """The mean with its normal 95 % interval; of one value there is none."""
    mean = float(values_K.mean())
    if len(values_K) < 2:
        return f"{mean:.2f}"
    half = 1.96 * float(values_K.std(ddof=1)) / np.sqrt(len(values_K))
    return f"{mean:.2f} ({mean - half:.2f} to {mean + half:.2f})"


def by_truth(session: Any, dataset_id: int) -> list[Block]:
    """How far tags, suggestions and final frames are from the true ones, where these are known."""
    found = offsets.residuals(session, dataset_id)
    if found is None:
        return ["The true frames are not known."]
    names = np.array(found.labels)
    errors = (found.tagged_L, found.suggested_L, found.final_L)
    rows = [_error_row("all classes", errors, np.ones(len(names), bool))]
    rows += [_error_row(str(name), errors, names == name) for name in sorted(set(found.labels))]
    header = ("class", "labels", "mean |error| before", "suggested", "after")
    return ["By the true frames:", Table(header, rows)]


def _error_row(name: str, errors: Sequence[Floats], rows_L: Bools) -> tuple[str, ...]:
    means = [np.abs(error[rows_L][np.isfinite(error[rows_L])]) for error in errors]
    return (name, f"{int(rows_L.sum()):,}", *(f"{mean.mean():.2f}" if len(mean) else "–" for mean in means))
