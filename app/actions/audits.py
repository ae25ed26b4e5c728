"""What the blind audit vouches for: how right suggestions are, how far labels are off, what to accept."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.actions.drawing import lacking
from app.workspace import Workspace
from spotting.certificate import Certificate, certificate_at, certify, exact_interval
from storage import audit_stream, batches, datasets
from storage.audit_stream import Audited
from storage.batches import Group

Json = dict[str, Any]
WITHIN = 1.0
"""Frames: a suggestion this near to what a person decided blind is right."""
FEWEST = 10
"""Audited labels from which the mean error of a group is told."""


def preview(
    work: Workspace, dataset_id: int, *, threshold: float | None = None, label: str | None = None
) -> Json:
    """What accepting in bulk would do, and what the blind audit says about it; `words` says both.

    `unverified` says what no confidence tells before 10 blind checks (`unverified`); None from then on.
    `threshold` None takes the lowest confidence that the audit can certify; one that is given is taken as it
    is, and the guarantee then holds if it was chosen without looking at the audit. Of the class `label` only,
    if one is given. Raises `NotFound`, and `BadConfig` for a threshold outside [0, 1].
    """
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        found = audit_stream.audited(session, dataset_id)
        stream = audit_stream.progress(session, dataset_id).total
        certificate = _certificate(found, threshold, label)
        chosen = certificate.threshold
        group = Group(label=label)
        count = 0 if chosen is None else batches.acceptable(session, dataset_id, chosen, group)
    told = asdict(certificate) | {"label": label, "labels": count}
    told["unverified"] = unverified(found, stream, label)
    return told | {"words": words(certificate, count)}


def _certificate(found: Audited, threshold: float | None, label: str | None) -> Certificate:
    counted_A = np.isfinite(found.confidence_A) & ~found.refused_A
    if label is not None:
        counted_A &= np.array(found.labels) == label
    confidence_A, wrong_A = found.confidence_A[counted_A], ~_right(found)[counted_A]
    if threshold is None:
        return certify(confidence_A, wrong_A, claimed_A=found.claimed_A[counted_A])
    return certificate_at(confidence_A, wrong_A, threshold)


def _right(found: Audited) -> NDArray[np.bool_]:
    """Whether each suggestion is within a frame of what was decided; not where there is no such event."""
    return np.abs(found.suggested_A - found.decided_A) <= WITHIN


def words(certificate: Certificate, labels: int) -> str:
    """The three numbers that bulk accept rests on, in one line."""
    sure = f"certificate ≤ {certificate.alpha:.0%} wrong at {1 - certificate.delta:.0%}"
    verdict = "yes" if certificate.certified else f"needs {_counted(certificate.needed, 'more audit')}"
    if certificate.threshold is None or not certificate.audited:
        return f"would accept {_counted(labels, 'label')}; none audited; {sure}: {verdict}"
    share = certificate.right / certificate.audited
    return (
        f"would accept {_counted(labels, 'label')} of confidence {certificate.threshold:.3f} or more; "
        f"audited {100 * share:.1f} % within ±1 "
        f"({100 * certificate.lower:.1f}–{100 * certificate.upper:.1f}, n = {certificate.audited:,}); "
        f"{sure}: {verdict}"
    )


def unverified(found: Audited, stream: int, label: str | None) -> str | None:
    """That a bias shared by all labels (of the class `label`) is unknown, and what settles it.

    A model learns such a bias as if it were the truth. None once 10 of these labels, of the `stream` in the
    audit, were given a frame blind.
    """
    rows_A = np.isfinite(found.decided_A)
    if label is not None:
        rows_A &= np.array(found.labels, dtype=object) == label
    left = FEWEST - int(rows_A.sum())
    if left <= 0:
        return None
    of = "" if label is None else f" of {label}"
    settles = f"{_counted(left, 'more blind check')}{of} will tell"
    if stream < FEWEST:
        settles = "draw labels into the blind audit, or look at all of them"
    return (
        f"unverified: all labels{of} may be early or late by the same few frames. The model learned from "
        f"them, so its suggestions would be off by as much, however sure they are; {settles}"
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def audit(work: Workspace, dataset_id: int) -> Json:
    """How far the blind audit is and what it found: {"total", "settled", "accept", "more", "groups"}.

    `more` tells how many further labels it would take to certify anything (`app.actions.drawing.lacking`).
    A group (all labels, then every class, source video and annotator with 10 or more) tells n; mean decided -
    tagged in frames with its 95 % interval (`shift`, `low`, `high`); the share of suggestions within a frame
    (`right`, `lower`, `upper`; None without suggestions); labels there is no event for (`absent`).
    """
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        progress = audit_stream.progress(session, dataset_id)
        found = audit_stream.audited(session, dataset_id)
    groups = [group_told("all", "all labels", found, np.ones(len(found.label_ids), bool))]
    for kind, names in (("class", found.labels), ("video", found.sources), ("annotator", found.annotators)):
        groups += _groups(kind, names, found)
    accept = preview(work, dataset_id)
    more = asdict(lacking(work, dataset_id, accept))
    return asdict(progress) | {"accept": accept, "more": more, "groups": groups}


def _groups(kind: str, names: Sequence[str], found: Audited) -> list[Json]:
    column_A = np.array(names, dtype=object)
    chosen = [(name, column_A == name) for name in sorted(set(names)) if name]
    return [group_told(kind, name, found, rows) for name, rows in chosen if rows.sum() >= FEWEST]


def group_told(kind: str, name: str, found: Audited, rows_A: NDArray[np.bool_]) -> Json:
    """What the audit found about the labels `rows_A` [A], as `audit` tells it."""
    error_A = (found.decided_A - found.tagged_A)[rows_A]
    present_A = error_A[np.isfinite(error_A)]
    suggested = int(np.isfinite(found.suggested_A[rows_A]).sum())
    right = int(_right(found)[rows_A].sum())
    lower, upper = exact_interval(right, suggested)
    shift, spread = _mean_and_error(present_A)
    return {
        "kind": kind,
        "name": name,
        "n": int(rows_A.sum()),
        "absent": int(np.isnan(error_A).sum()),
        "shift": shift,
        "low": None if shift is None or spread is None else shift - 1.96 * spread,
        "high": None if shift is None or spread is None else shift + 1.96 * spread,
        "right": right / suggested if suggested else None,
        "lower": lower if suggested else None,
        "upper": upper if suggested else None,
    }


def _mean_and_error(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """The mean and its standard error; None where there are too few."""
    if not len(values):
        return None, None
    spread = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else None
    return float(values.mean()), spread
