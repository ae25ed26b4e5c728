"""Out-of-fold evidence on disk, one file per member, so that suggestions can be made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.events import Evidence

NAME = "evidence.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredEvidence:
    """What one member says about the G labels it did not see, one row for each of `label_ids_G`.

    `scores_LGS`: the score curves of L late looks, the newest last; `epochs_L` are their epochs. Of the
    newest: `matched_G` offsets in frames (NaN: none) and the windows' `disagreement_G` (sd, frames; NaN: one
    window). `final` is False while the member still trains.
    """

    label_ids_G: NDArray[np.int64]
    scores_LGS: NDArray[np.float32]
    epochs_L: NDArray[np.int64]
    matched_G: NDArray[np.float64]
    disagreement_G: NDArray[np.float64]
    final: bool

    @property
    def epoch(self) -> int:
        """The epoch of the newest look."""
        return int(self.epochs_L[-1])


def save(
    folder: Path,
    label_ids: Sequence[int],
    evidence: Sequence[Evidence],
    *,
    epoch: int,
    late: Sequence[int] = (),
    final: bool,
) -> None:
    """Write `folder/evidence.npz`, whole or not at all; earlier looks at the `late` epochs are kept in it."""
    scores_GS = np.array([e.scores_S for e in evidence], np.float32)
    looks, epochs = [scores_GS], [epoch]
    before = load(folder)
    if before is not None:
        kept = [at for at, then in enumerate(before.epochs_L.tolist()) if then in late and then < epoch]
        looks = [*before.scores_LGS[kept], scores_GS]
        epochs = [*before.epochs_L[kept].tolist(), epoch]
    partial = folder / f".{NAME}.partial"
    with partial.open("wb") as file:
        np.savez(
            file,
            label_ids_G=np.asarray(label_ids, np.int64),
            scores_LGS=np.stack(looks),
            epochs_L=np.array(epochs, np.int64),
            matched_G=np.array([np.nan if e.matched is None else e.matched.offset for e in evidence]),
            disagreement_G=np.array([e.disagreement for e in evidence], np.float64),
            final=np.array(final),
        )
    partial.replace(folder / NAME)


def load(folder: Path) -> StoredEvidence | None:
    """What `save` wrote to `folder`; None if nothing was."""
    try:
        with np.load(folder / NAME) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None
    return StoredEvidence(**{**arrays, "final": bool(arrays["final"])})
