"""The realign benchmark: how near corrected labels come to the truth under every kind of label noise."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.bench import effort
from app.bench.footage import EVENT_SETS, EventSet, Footage, FootageSize, footage
from app.bench.labels import Labels, load
from app.bench.readouts import REFERENCE_REVIEWS, ours
from app.bench.realign_cell import LEAST_SIGMA, Cell, Part, Trainer, relabelled, stated_sigma
from app.bench.store import CellStore
from spotting.config import TrainConfig, to_dict
from spotting.corruption import KINDS, Corrupted, corrupt
from spotting.device import best_device
from spotting.presets import small
from spotting.progress import Progress

GAUSSIAN = ("gaussian-2", "gaussian-1", "gaussian-1.5", "gaussian-0.5", "gaussian-3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How much is run: footage, settings, folds, seeds; what is trained, in order, for each seed."""

    size: FootageSize
    config: TrainConfig
    folds: int
    seeds: int
    asked: tuple[tuple[EventSet, str, Part], ...]


def presets() -> dict[str, Preset]:
    """`smoke`: under two minutes. `small`: about an hour on two idle cores. `full`: for a GPU."""
    return {
        "smoke": Preset(
            size=FootageSize(train=8, test=4, frames=64),
            config=effort.seconds(),
            folds=2,
            seeds=1,
            asked=(*_evidence("gaussian-2", "none", "sparse"), *_AMBIGUOUS[:1], *_beside("gaussian-2")),
        ),
        "small": Preset(
            size=FootageSize(train=96, test=24),
            config=effort.minute(),
            folds=2,
            seeds=1,
            asked=(
                *_evidence("gaussian-2", "none", "gaussian-1", "constant"),
                *_AMBIGUOUS[:1],
                *_evidence("gaussian-1.5"),
                *_beside("gaussian-2"),
                *_evidence("annotators", "outliers", "offsets", "reaction", "sparse", "seconds", "keyframes"),
                *_evidence("gaussian-0.5", "gaussian-3"),
            ),
        ),
        "full": Preset(
            size=FootageSize(train=384, test=48, look="filmed"),
            config=replace(small(), epochs=40),
            folds=5,
            seeds=3,
            asked=(*_evidence(*GAUSSIAN, *KINDS), *_AMBIGUOUS, *_beside(*GAUSSIAN, *KINDS)),
        ),
    }


def _evidence(*kinds: str) -> list[tuple[EventSet, str, Part]]:
    return [("distinct", kind, "evidence") for kind in kinds]


def _beside(*kinds: str) -> list[tuple[EventSet, str, Part]]:
    return [("distinct", kind, part) for kind in kinds for part in _BESIDE]


_BESIDE: tuple[Part, ...] = ("matched", "retrained")
_AMBIGUOUS: list[tuple[EventSet, str, Part]] = [
    ("ambiguous", kind, "evidence") for kind in ("gaussian-1", "gaussian-2", "none")
]


def cells(preset: Preset) -> list[Cell]:
    """All cells in the order in which they are run, seed by seed."""
    return [
        Cell(events=events, kind=kind, part=part, seed=seed)
        for seed in range(preset.seeds)
        for events, kind, part in preset.asked
    ]


def run(folder: Path, preset: Preset, progress: Progress, on_cell: Callable[[], None]) -> None:
    """Train what every cell of `preset` needs and is not in `folder` yet; `on_cell` is called after each.

    One process to a folder. Raises `BadConfig` if the folder holds cells of other settings.
    """
    store, todo = CellStore(folder), cells(preset)
    store.pin({"size": asdict(preset.size), "config": to_dict(preset.config), "folds": preset.folds})
    shown = {
        events: footage(folder / "footage", preset.size, events, preset.config.model, progress)
        for events in EVENT_SETS
    }
    for number, cell in enumerate(todo):
        with store.claimed(cell.key) as work:
            if work is None or not (cell.part == "evidence" or evidence_path(folder, cell, "clean").exists()):
                continue
            trainer = Trainer(
                config=replace(preset.config, seed=cell.seed, mirrored=shown[cell.events].mirrored),
                folds=preset.folds,
                device=best_device(),
                progress=_within(progress, number, len(todo), cell.key),
            )
            store.finish(cell.key, _train(cell, shown[cell.events], trainer, store, work))
        on_cell()


def _within(progress: Progress, number: int, cells: int, key: str) -> Progress:
    """Progress of one of several trainings of cell `number`: the bar moves on with the cells."""

    def tell(done: float, total: float, note: str = "") -> None:
        progress(number, cells, f"{key}: {note}")

    return tell


def _train(cell: Cell, shown: Footage, trainer: Trainer, store: CellStore, work: Path) -> dict[str, Any]:
    """Evidence goes into a file of its own; what else the cell is for is returned."""
    asked = corrupt(shown.train, cell.kind, cell.seed)
    sigma = stated_sigma(asked, cell.seed)
    told: dict[str, Any] = {"sigma": sigma}
    if cell.part == "evidence":
        found = trainer.out_of_fold(asked.clips, asked, shown.classes, work, (sigma, sigma))
        found.save(evidence_path(store.folder, cell, "noisy"))
        reference = f"clean-{cell.events}-seed{cell.seed}"
        with store.alone(reference):
            found = trainer.out_of_fold(
                shown.train, asked, shown.classes, store.folder / reference, (LEAST_SIGMA, sigma)
            )
        found.save(evidence_path(store.folder, cell, "clean"))
    elif cell.part == "matched":
        offsets = trainer.in_sample(asked, shown.classes, work, sigma)
        told["offsets"] = [[*place, offset] for place, offset in sorted(offsets.items())]
    else:
        labels = load(evidence_path(store.folder, replace(cell, part="evidence"), "noisy"))
        told["map"] = _retrained(asked, labels, shown, trainer, work, cell.seed)
    return told


def _retrained(
    asked: Corrupted, labels: Labels, shown: Footage, trainer: Trainer, work: Path, seed: int
) -> dict[str, dict[str, float]]:
    """mAP by tolerance of spotters trained on noisy, cleaned and precise labels."""
    frame_G = ours(labels, REFERENCE_REVIEWS, seed)[0].frame_G
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


def finished(folder: Path, preset: Preset) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """The cells of `preset` that are trained, with what they told beside the evidence."""
    store = CellStore(folder)
    for cell in cells(preset):
        values = store.load(cell.key)
        if values is not None:
            yield cell, values
