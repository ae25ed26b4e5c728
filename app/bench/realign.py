"""The realign benchmark: how near corrected labels come to the truth under every kind of label noise."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.bench import effort
from app.bench.footage import EVENT_SETS, EventSet, FootageSize, footage, precise_clips
from app.bench.realign_cell import Cell, Part, Trainer, evidence_path, radius_for, stated_sigma, train
from app.bench.simulated import SIGHTS, simulated
from app.bench.store import CellStore
from spotting.config import TrainConfig, to_dict
from spotting.corruption import KINDS, corrupt
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
    """`simulated`: no training, the posterior alone on made-up evidence, minutes. `smoke`: under two minutes.

    `small`: about an hour on two idle cores. `full`: for a GPU.
    """
    return {
        "simulated": Preset(
            size=FootageSize(train=96, test=0),
            config=effort.seconds(),
            folds=0,
            seeds=1,
            asked=tuple((events, kind, "simulated") for events in EVENT_SETS for kind in (*GAUSSIAN, *KINDS)),
        ),
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
            seeds=3,
            asked=(
                *_evidence("gaussian-2", "none", "gaussian-1", "constant"),
                *_AMBIGUOUS[:1],
                *_evidence("gaussian-1.5"),
                *_beside("gaussian-2"),
                *_evidence("annotators", "outliers", "offsets", "reaction", "sparse", "rate", "heavy"),
                *_evidence("seconds", "keyframes"),
                *_evidence("gaussian-0.5", "gaussian-3"),
                *_AMBIGUOUS[1:],
                ("distinct", "none", "rounds"),
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


_BESIDE: tuple[Part, ...] = ("matched", "retrained", "rounds")
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

    Several processes may run in one folder at once; what is made of evidence that another one is still at is
    left to the next run. Raises `BadConfig` if the folder holds cells of other settings.
    """
    store, todo = CellStore(folder), cells(preset)
    store.pin({"size": asdict(preset.size), "config": to_dict(preset.config), "folds": preset.folds})
    for number, cell in enumerate(todo):
        with store.claimed(cell.key) as work:
            if work is None or not _ready(cell, folder):
                continue
            told = _within(progress, number, len(todo), cell.key)
            if cell.part == "simulated":
                store.finish(cell.key, _simulate(cell, preset, folder))
            else:
                store.finish(cell.key, _train(cell, preset, store, work, told))
        on_cell()


def _ready(cell: Cell, folder: Path) -> bool:
    """True unless the cell is about evidence that is not there yet."""
    return cell.part in ("evidence", "simulated") or evidence_path(folder, cell, "clean").exists()


def _simulate(cell: Cell, preset: Preset, folder: Path) -> dict[str, Any]:
    """Made-up evidence for one cell, into its file."""
    precise = precise_clips(preset.size, cell.events, preset.config.model.size)
    asked = corrupt(precise, cell.kind, cell.seed)
    sigma = stated_sigma(asked, cell.seed)
    labels = simulated(precise, asked, SIGHTS[cell.events], radius_for(sigma), cell.seed)
    labels.save(evidence_path(folder, cell, "noisy"))
    return {"sigma": sigma}


def _train(cell: Cell, preset: Preset, store: CellStore, work: Path, progress: Progress) -> dict[str, Any]:
    model = preset.config.model
    shown = footage(store.folder / "footage", preset.size, cell.events, model, progress)
    trainer = Trainer(
        config=replace(preset.config, seed=cell.seed, mirrored=shown.mirrored),
        folds=preset.folds,
        device=best_device(),
        progress=progress,
    )
    return train(cell, shown, trainer, store, work)


def _within(progress: Progress, number: int, cells: int, key: str) -> Progress:
    """Progress of one of several trainings of cell `number`: the bar moves on with the cells."""

    def tell(done: float, total: float, note: str = "") -> None:
        progress(number, cells, f"{key}: {note}")

    return tell


def finished(folder: Path, preset: Preset) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """The cells of `preset` that are trained, with what they told beside the evidence."""
    store = CellStore(folder)
    for cell in cells(preset):
        values = store.load(cell.key)
        if values is not None:
            yield cell, values
