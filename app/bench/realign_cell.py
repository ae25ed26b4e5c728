"""What a cell of the realign benchmark trains: evidence out of fold, in-sample matches, new spotters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.bench.footage import EventSet, Footage
from app.bench.labels import Labels, gather, load
from app.bench.readouts import ours, reference_reviews, reviewed
from app.bench.store import CellStore
from spotting.config import Objective, TrainConfig
from spotting.corruption import Corrupted, corrupt
from spotting.crossfit import assign_folds
from spotting.epochs import Epoch
from spotting.events import Event, LabelledClip
from spotting.infer import evidence, predict
from spotting.metrics import mean_average_precision
from spotting.noise import reach_for_sigma
from spotting.progress import Progress
from spotting.rounds import realigned, sigma_left
from spotting.spotter import Spotter
from spotting.train import fit

SHARPEST, BLUNTEST = 0.5, 8.0
_AUDITED = 60
_NEAREST, _FARTHEST = 12, 30


Part = Literal["evidence", "simulated", "matched", "retrained", "rounds"]
"""What a cell is for: evidence of trained folds, or made up; the paper's matching in sample; retraining;
rounds that learn from realigned labels."""
ROUNDS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A kind of label noise on a set of events, and what is trained on it."""

    events: EventSet
    kind: str
    part: Part
    seed: int

    @property
    def key(self) -> str:
        """The cell's file name."""
        return f"{self.events}-{self.kind}-{self.part}-seed{self.seed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """How spotters are trained here: settings, folds, device; `progress` is told steps."""

    config: TrainConfig
    folds: int
    device: str
    progress: Progress

    def spotter(
        self,
        clips: Sequence[LabelledClip],
        classes: Sequence[str],
        folder: Path,
        objective: Objective,
        sigma: float,
        on_epoch: Callable[[Epoch], None] = lambda epoch: None,
    ) -> Spotter:
        """A spotter for label errors of `sigma` frames, from its checkpoint in `folder` if there is one."""
        config = replace(self.config, objective=objective, sigma=sigma, reach=reach_for_sigma(sigma))
        return fit(
            clips,
            classes,
            config,
            folder=folder,
            device=self.device,
            progress=self.progress,
            on_epoch=on_epoch,
        )

    def out_of_fold(
        self,
        learned: Sequence[LabelledClip],
        asked: Corrupted,
        classes: Sequence[str],
        folder: Path,
        sigmas: tuple[float, float],
    ) -> Labels:
        """Evidence for the labels of `asked`, from spotters trained on the same clips, labelled as `learned`.

        None saw the clip that it is asked about. `sigmas`: label error in `learned`, and that in `asked`.
        """
        sources = [clip.source for clip in learned]
        folds = assign_folds(sources, self.folds, self.config.seed, asked.annotators)
        radius = radius_for(sigmas[1])
        found = []
        for fold in range(max(folds) + 1):
            kept = [clip for clip, of in zip(learned, folds, strict=True) if of != fold]
            spotter = self.spotter(kept, classes, folder / f"fold{fold}", "convolved", sigmas[0])
            held = [number for number, of in enumerate(folds) if of == fold]
            clips = [asked.clips[number] for number in held]
            pieces = evidence(
                spotter, clips, classes, radius=radius, device=self.device, progress=self.progress
            )
            found += [(held[piece.clip], piece.event, piece.scores_S) for piece in pieces]
        return gather(asked, found)

    def in_sample(
        self, asked: Corrupted, classes: Sequence[str], folder: Path, sigma: float
    ) -> dict[tuple[int, int], float]:
        """Where the paper's matching puts every label that it trained on (clip, event), as an offset."""
        offsets: dict[tuple[int, int], float] = {}

        def note(epoch: Epoch) -> None:
            offsets.update({(match.clip, match.event): match.offset for match in epoch.matches})

        self.spotter(asked.clips, classes, folder, "dla", sigma, note)
        return offsets

    def retrained(self, clips: Sequence[LabelledClip], shown: Footage, folder: Path) -> dict[int, float]:
        """mAP by tolerance on the precise labels of the test clips, after a static training on `clips`."""
        spotter = self.spotter(clips, shown.classes, folder, "static", SHARPEST)
        predictions = [predict(spotter, clip.frames, device=self.device) for clip in shown.test]
        return mean_average_precision(predictions, [clip.events for clip in shown.test])


def radius_for(sigma: float) -> int:
    """How far around labels with errors of `sigma` frames evidence goes, in frames."""
    return min(_FARTHEST, max(_NEAREST, round(4 * sigma)))


def stated_sigma(asked: Corrupted, seed: int) -> float:
    """The label error (sd, frames) that 60 labels reviewed at random tell, as a user would state it."""
    errors = [
        label.frame - event.frame
        for clip, truth in zip(asked.clips, asked.truth, strict=True)
        for label, event in zip(clip.events, truth, strict=True)
        if event is not None
    ]
    drawn = np.random.default_rng([seed, 60]).choice(errors, min(_AUDITED, len(errors)), replace=False)
    return float(np.clip(np.std(drawn), SHARPEST, BLUNTEST))


def relabelled(
    clips: Sequence[LabelledClip], labels: Labels, frames_G: NDArray[np.int64]
) -> list[LabelledClip]:
    """The clips with the frames of `labels` replaced by `frames_G`."""
    at = {(int(c), int(e)): int(f) for c, e, f in zip(labels.clip_G, labels.event_G, frames_G, strict=True)}
    return [
        replace(
            clip,
            events=tuple(Event(event.label, at[number, place]) for place, event in enumerate(clip.events)),
        )
        for number, clip in enumerate(clips)
    ]


def train(cell: Cell, shown: Footage, trainer: Trainer, store: CellStore, work: Path) -> dict[str, Any]:
    """What a cell is for: evidence goes into a file of its own, all else is returned as JSON values."""
    asked = corrupt(shown.train, cell.kind, cell.seed)
    sigma = stated_sigma(asked, cell.seed)
    told: dict[str, Any] = {"sigma": sigma}
    if cell.part == "evidence":
        found = trainer.out_of_fold(asked.clips, asked, shown.classes, work, (sigma, sigma))
        found.save(evidence_path(store.folder, cell, "noisy"))
        folds = "annotators" if any(asked.annotators) else "sources"
        reference = f"clean-{cell.events}-by-{folds}-seed{cell.seed}"
        with store.alone(reference):
            found = trainer.out_of_fold(
                shown.train, asked, shown.classes, store.folder / reference, (SHARPEST, sigma)
            )
        found.save(evidence_path(store.folder, cell, "clean"))
    elif cell.part == "matched":
        offsets = trainer.in_sample(asked, shown.classes, work, sigma)
        told["offsets"] = [[*place, offset] for place, offset in sorted(offsets.items())]
    else:
        labels = load(evidence_path(store.folder, cell, "noisy"))
        if cell.part == "retrained":
            told["map"] = _retrained(asked, labels, shown, trainer, work, cell.seed)
        for number in ROUNDS if cell.part == "rounds" else ():
            learned, left = _realigned(asked, labels, cell.seed)
            labels = trainer.out_of_fold(learned, asked, shown.classes, work / f"{number}", (left, sigma))
            labels.save(evidence_path(store.folder, cell, f"round{number}"))
    return told


def _realigned(asked: Corrupted, labels: Labels, seed: int) -> tuple[list[LabelledClip], float]:
    """The clips as a round learns from them once 50 labels are reviewed, and the error left (sd, frames)."""
    reviews = reference_reviews(labels)
    made, known = ours(labels, reviews, seed)[1].suggestions, reviewed(labels, reviews, seed)
    places = zip(labels.clip_G.tolist(), labels.event_G.tolist(), strict=True)
    row_of = {place: row for row, place in enumerate(places)}
    learned = []
    for number, clip in enumerate(asked.clips):
        rows = [row_of[number, place] for place in range(len(clip.events))]
        moves = [known.get(row, made[row].frame) - int(labels.frame_G[row]) for row in rows]
        seen = [None if row in known else made[row].posterior_S for row in rows]
        learned.append(realigned(clip, moves, seen, labels.scores_GS.shape[1]))
    left = [each.expected_error for row, each in enumerate(made) if row not in known]
    return learned, sigma_left(float(np.mean(left)))


def _retrained(
    asked: Corrupted, labels: Labels, shown: Footage, trainer: Trainer, work: Path, seed: int
) -> dict[str, dict[str, float]]:
    """mAP by tolerance of spotters trained on noisy, cleaned and precise labels."""
    frame_G = ours(labels, reference_reviews(labels), seed)[0].frame_G
    taught = {
        "noisy": asked.clips,
        "cleaned": relabelled(asked.clips, labels, frame_G),
        "precise": shown.train,
    }
    found = {name: trainer.retrained(clips, shown, work / name) for name, clips in taught.items()}
    return {name: {str(at): value for at, value in of.items()} for name, of in found.items()}


def evidence_path(folder: Path, cell: Cell, learned: str) -> Path:
    """Where the evidence of a cell is kept: of spotters that learned from "noisy" or "clean" labels."""
    return folder / "evidence" / f"{cell.events}-{cell.kind}-seed{cell.seed}-{learned}.npz"
