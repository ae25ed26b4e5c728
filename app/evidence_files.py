"""Out-of-fold evidence on disk, one file per member, so that suggestions can be made again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.events import Evidence

NAME = "evidence.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredEvidence:
    """What one member says about the G labels it did not see, one row for each of `label_ids_G`.

    `scores_LGS`: the score curves of L looks, the newest last; `epochs_L` are their epochs. Of each look:
    `matched_LG` offsets in frames (NaN: none) and the windows' `disagreement_LG` (sd, frames; NaN: one
    window). `final` is False while the member still trains.
    """

    label_ids_G: NDArray[np.int64]
    scores_LGS: NDArray[np.float32]
    epochs_L: NDArray[np.int64]
    matched_LG: NDArray[np.float64]
    disagreement_LG: NDArray[np.float64]
    final: bool

    @property
    def epoch(self) -> int:
        """The epoch of the newest look."""
        return int(self.epochs_L[-1])

    def at(self, epochs: Sequence[int]) -> "StoredEvidence":
        """The looks at these epochs alone; the newest look where there is none."""
        kept = [look for look, epoch in enumerate(self.epochs_L.tolist()) if epoch in epochs] or [-1]
        return replace(self, **{name: getattr(self, name)[kept] for name in _BY_LOOK})


_BY_LOOK = ("scores_LGS", "epochs_L", "matched_LG", "disagreement_LG")


def save(
    folder: Path, label_ids: Sequence[int], evidence: Sequence[Evidence], *, epoch: int, final: bool
) -> None:
    """Write `folder/evidence.npz`, whole or not at all; the looks at earlier epochs are kept in it."""
    newest = {
        "scores_LGS": np.array([[e.scores_S for e in evidence]], np.float32),
        "epochs_L": np.array([epoch], np.int64),
        "matched_LG": np.array([[np.nan if e.matched is None else e.matched.offset for e in evidence]]),
        "disagreement_LG": np.array([[e.disagreement for e in evidence]], np.float64),
    }
    before = load(folder)
    if before is not None:
        earlier_L = before.epochs_L < epoch
        newest = {
            name: np.concatenate([getattr(before, name)[earlier_L], look]) for name, look in newest.items()
        }
    partial = folder / f".{NAME}.partial"
    with partial.open("wb") as file:
        np.savez(file, label_ids_G=np.asarray(label_ids, np.int64), final=np.array(final), **newest)  # pyright: ignore[reportArgumentType]
    partial.replace(folder / NAME)


def load(folder: Path) -> StoredEvidence | None:
    """What `save` wrote to `folder`; None if nothing was."""
    try:
        with np.load(folder / NAME) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None
    return StoredEvidence(**{**arrays, "final": bool(arrays["final"])})


def held_out_matches(folder: Path) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Epochs [L], label ids [G] and matched offsets [L, G] of the looks; empty where there are none."""
    try:
        with np.load(folder / NAME) as stored:
            return stored["epochs_L"], stored["label_ids_G"], stored["matched_LG"]
    except FileNotFoundError:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 0))
