"""Out-of-fold evidence on disk, one file per member, so that suggestions can be made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.events import Evidence, Match

NAME = "evidence.npz"


@dataclass(frozen=True, slots=True, eq=False)
class StoredEvidence:
    """What one member says about the labels it did not see: `label_ids_G`, and evidence in the same order.

    It is of `epoch`; `final` is False while the member still trains.
    """

    label_ids_G: NDArray[np.int64]
    evidence: tuple[Evidence, ...]
    epoch: int
    final: bool


def save(
    folder: Path, label_ids: Sequence[int], evidence: Sequence[Evidence], *, epoch: int, final: bool
) -> None:
    """Write `folder/evidence.npz`, whole or not at all."""
    matched = [
        (np.nan, np.nan) if e.matched is None else (e.matched.offset, e.matched.score) for e in evidence
    ]
    partial = folder / f".{NAME}.partial"
    with partial.open("wb") as file:
        np.savez(
            file,
            label_ids_G=np.asarray(label_ids, np.int64),
            places_G2=np.array([(e.clip, e.event) for e in evidence], np.int64).reshape(-1, 2),
            scores_GS=np.array([e.scores_S for e in evidence], np.float32),
            matched_G2=np.array(matched, np.float64).reshape(-1, 2),
            disagreement_G=np.array([e.disagreement for e in evidence], np.float64),
            state=np.array([epoch, final], np.int64),
        )
    partial.replace(folder / NAME)


def load(folder: Path) -> StoredEvidence | None:
    """What `save` wrote to `folder`; None if nothing was."""
    try:
        with np.load(folder / NAME) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None
    rows = zip(
        arrays["places_G2"].tolist(),
        arrays["scores_GS"],
        arrays["matched_G2"].tolist(),
        arrays["disagreement_G"].tolist(),
        strict=True,
    )
    evidence = tuple(
        Evidence(clip, event, scores_S, _match(clip, event, *m), apart)
        for (clip, event), scores_S, m, apart in rows
    )
    return StoredEvidence(arrays["label_ids_G"], evidence, *arrays["state"].tolist())


def _match(clip: int, event: int, offset: float, score: float) -> Match | None:
    return None if np.isnan(offset) else Match(clip, event, offset, score)
