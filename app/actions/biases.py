"""What is known to be off as a whole where a label belongs: all labels, its class, annotator or video."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.actions.audits import FEWEST, group_told
from storage import answers
from storage.answers import Finding
from storage.audit_stream import Audited

Json = dict[str, Any]
LEAST = 0.5
"""Frames: what is off by less moves no label."""


def known(
    session: Any, dataset_id: int, found: Audited, of: Mapping[str, str], run_id: int | None
) -> list[Json]:
    """Biases of the groups `of` (kind: name) and of all labels, those checked blind first.

    Each tells `of`, `name`, `frames` (events lie so much later than their labels), `labels` it rests on, and
    `low` and `high`, its 95 % interval by the blind audit; None for what run `run_id` found and nobody has
    checked or answered. Told from half a frame on, if it is not chance, from 10 labels of the audit on.
    """
    groups = {"all": "", **of}
    checked = [told for kind, name in groups.items() if (told := _checked(found, kind, name))]
    if run_id is None:
        return checked
    held = answers.holding(session, dataset_id)
    findings = [
        each for each in answers.findings(session, run_id) if each.frames and (each.of, each.name) not in held
    ]
    return checked + [_unchecked(each) for each in findings if _is_open(found, each, of)]


def _checked(found: Audited, kind: str, name: str) -> Json | None:
    rows_A = _audited(found, kind, name)
    if rows_A.sum() < FEWEST:
        return None
    told = group_told(kind, name, found, rows_A)
    low, high = told["low"], told["high"]
    if low is None or low <= 0 <= high or abs(told["shift"]) < LEAST:
        return None
    seen = told["n"] - told["absent"]
    return {"of": kind, "name": name, "labels": seen, "frames": told["shift"], "low": low, "high": high}


def _audited(found: Audited, kind: str, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which labels of the audit are in a group [A]."""
    if kind == "all":
        return np.ones(len(found.label_ids), dtype=bool)
    names = {"class": found.labels, "annotator": found.annotators, "video": found.sources}[kind]
    return np.array(names, dtype=object) == name


def _is_open(found: Audited, finding: Finding, of: Mapping[str, str]) -> bool:
    """Whether a finding is about one of the groups, of which the audit knows too little."""
    ours = of.get(finding.of) == finding.name
    return ours and _audited(found, finding.of, finding.name).sum() < FEWEST


def _unchecked(finding: Finding) -> Json:
    told = {"of": finding.of, "name": finding.name, "labels": finding.labels, "frames": finding.frames}
    return told | {"low": None, "high": None}
