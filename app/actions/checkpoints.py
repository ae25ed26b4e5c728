"""Choosing the epoch whose models make a run's suggestions, with what speaks for each epoch."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import evidence_files
from app.plan import late_epochs, member_numbers, train_config
from app.workspace import Workspace
from spotting.errors import Conflict
from storage import checkpoints, jobs, moves, runs
from storage.records import RunRecord

Json = dict[str, Any]
Look = tuple[NDArray[np.int64], NDArray[np.float64]]


def told(work: Workspace, run_id: int) -> Json:
    """The epochs that can be chosen, the one that holds, every choice made. Raises `NotFound`.

    {"usual": late epochs, "chosen": epoch or None, "looks": [{"epoch", "tagged", "true"}], "choices"}; mean
    |matched - tagged| and |matched - true| in frames of the clips held out, None where not known.
    """
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
        made = checkpoints.choices(session, run_id)
        right = moves.moves(session, run.dataset_id)
    errors = right.true_L - right.tagged_L
    truth = dict(zip(right.ids_L.tolist(), errors.tolist(), strict=True))
    return {
        "usual": list(late_epochs(train_config(run).epochs)),
        "chosen": made[0].epoch if made else None,
        "looks": [_look(epoch, parts, truth) for epoch, parts in sorted(_looks(work, run).items())],
        "choices": [asdict(one) | {"created_at": one.created_at.isoformat()} for one in made],
    }


def choose(work: Workspace, run_id: int, epoch: int | None, annotator: str) -> Json:
    """Have the models of `epoch` make the run's suggestions (None: the late epochs' together), undoably.

    A job makes them anew. Raises `NotFound`, and `Conflict` for an epoch at which not every member looked.
    """
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
    offered = sorted(_looks(work, run))
    if epoch is not None and epoch not in offered:
        said = ", ".join(map(str, offered)) or "none yet"
        raise Conflict(f"run {run_id} has no evidence of epoch {epoch} from every fold: there is {said}")
    with work.database.writing() as session:
        checkpoints.choose(session, run_id, epoch, annotator)
        job_id = jobs.enqueue_once(session, "refit", {"run": run_id})
    return told(work, run_id) | {"job_id": job_id}


def undo(work: Workspace, run_id: int, annotator: str) -> Json:
    """Go back to the choice before. Raises `NotFound`, and `Conflict` where nothing was ever chosen."""
    with work.database.writing() as session:
        checkpoints.undo(session, run_id, annotator)
        job_id = jobs.enqueue_once(session, "refit", {"run": run_id})
    return told(work, run_id) | {"job_id": job_id}


def _looks(work: Workspace, run: RunRecord) -> dict[int, list[Look]]:
    """Label ids and matched offsets in the clips held out, by epoch at which every member looked."""
    members = member_numbers(run)
    found: dict[int, list[Look]] = {}
    for member in members:
        epochs_L, ids_G, matched_LG = evidence_files.held_out_matches(
            work.member_folder(run.id, member.number)
        )
        for epoch, matched_G in zip(epochs_L.tolist(), matched_LG, strict=True):
            found.setdefault(epoch, []).append((ids_G, matched_G))
    return {epoch: parts for epoch, parts in found.items() if len(parts) == len(members)}


def _look(epoch: int, parts: list[Look], truth: dict[int, float]) -> Json:
    matched_G = np.concatenate([matched_G for _, matched_G in parts])
    right_G = np.array([truth.get(label_id, np.nan) for ids_G, _ in parts for label_id in ids_G.tolist()])
    return {"epoch": epoch, "tagged": _mean(matched_G), "true": _mean(matched_G - right_G)}


def _mean(offsets_G: NDArray[np.float64]) -> float | None:
    known_G = offsets_G[np.isfinite(offsets_G)]
    return float(np.abs(known_G).mean()) if len(known_G) else None
