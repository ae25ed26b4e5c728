"""Out-of-fold predictions on disk, one file per member, to look for labels that are missing or of nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.events import Prediction
from spotting.frame_scores import hard_nms

NAME = "predictions.npz"
LOWEST = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredPredictions:
    """What one member predicts in the clips `clip_ids_N` that it did not see, by frame, before suppression.

    K predictions with a score of 0.02 or more: `clip_K` indexes `clip_ids_N`, `class_K` the dataset's
    classes.
    """

    clip_ids_N: NDArray[np.int64]
    clip_K: NDArray[np.int64]
    class_K: NDArray[np.int64]
    frame_K: NDArray[np.int64]
    score_K: NDArray[np.float32]


def save(
    folder: Path, clip_ids: Sequence[int], predicted: Sequence[Sequence[Prediction]], classes: Sequence[str]
) -> None:
    """Write `folder/predictions.npz`, whole or not at all."""
    number = {name: at for at, name in enumerate(classes)}
    rows = [
        (clip, number[one.label], one.frame, one.score)
        for clip, of_clip in enumerate(predicted)
        for one in of_clip
        if one.score >= LOWEST
    ]
    clip_K, class_K, frame_K, score_K = zip(*rows, strict=True) if rows else ((),) * 4
    partial = folder / f".{NAME}.partial"
    with partial.open("wb") as file:
        np.savez_compressed(
            file,
            clip_ids_N=np.array(clip_ids, np.int64),
            clip_K=np.array(clip_K, np.int64),
            class_K=np.array(class_K, np.int64),
            frame_K=np.array(frame_K, np.int64),
            score_K=np.array(score_K, np.float32),
        )
    partial.replace(folder / NAME)


def load(folder: Path) -> StoredPredictions | None:
    """What `save` wrote to `folder`; None if nothing was."""
    try:
        with np.load(folder / NAME) as stored:
            return StoredPredictions(**{name: stored[name] for name in stored.files})
    except FileNotFoundError:
        return None


def peaks(
    members: Sequence[StoredPredictions], lengths: dict[int, int], classes: Sequence[str], apart: int
) -> dict[int, list[Prediction]]:
    """Peaks in every clip, by clip id: of the mean score over the members that predicted in it.

    No two of a class are within `apart` frames. `lengths`: frames of each clip.
    """
    scores: dict[int, NDArray[np.float32]] = {}
    looks: dict[int, int] = defaultdict(int)
    for member in members:
        for at, clip_id in enumerate(member.clip_ids_N.tolist()):
            looks[clip_id] += 1
            scores_NC = scores.setdefault(clip_id, np.zeros((lengths[clip_id], len(classes)), np.float32))
            rows = member.clip_K == at
            scores_NC[member.frame_K[rows], member.class_K[rows]] += member.score_K[rows]
    return {
        clip_id: _peaks(scores[clip_id] / np.float32(looks[clip_id]), classes, apart) for clip_id in scores
    }


def _peaks(scores_NC: NDArray[np.float32], classes: Sequence[str], apart: int) -> list[Prediction]:
    kept_NC = hard_nms(scores_NC, apart, LOWEST)
    return [
        Prediction(classes[int(label)], int(frame), float(kept_NC[frame, label]))
        for frame, label in np.argwhere(kept_NC > 0)
    ]
