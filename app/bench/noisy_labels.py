"""The noisy-labels benchmark: which findings of the paper's Sec. 4.4 and 4.5 hold on rendered clips."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.bench import effort
from app.bench.footage import EVENT_SETS, EventSet, FootageSize, footage
from app.bench.noisy_cell import METHODS, Cell, Method, measure
from app.bench.store import CellStore
from spotting.config import Objective, TrainConfig, reach_of, to_dict
from spotting.device import best_device
from spotting.presets import paper
from spotting.progress import Progress

OBJECTIVES: dict[Method, Objective] = {
    "c1": "static",
    "c2": "time_matching",
    "c3": "dla",
    "convolved": "convolved",
    "gru": "static",
}
PAPER_WEIGHTS: dict[EventSet, dict[float, float]] = {
    "distinct": {0.0: 10.0, 0.5: 8.0, 1.0: 4.0, 1.5: 2.0, 2.0: 1.0},
    "ambiguous": {0.0: 10.0, 0.5: 8.0, 1.0: 8.0, 1.5: 8.0, 2.0: 8.0},
}
"""The paper's lambda_time by sigma: Tennis and FineDiving; Figure Skating and FineGym (Sec. 4.3, 4.5)."""
_CONTENDERS: tuple[Method, ...] = ("c1", "c3", "convolved")
_TENNIS_WINDOW, _TENNIS_CLASSES = 100, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How much of the benchmark is run: footage, the training's settings, noise levels, seeds.

    `sigmas`, frames, in the order in which they are run, by event set; `contest`: the sigmas at which c2 and
    the GRU are trained too; `sweep`: values of lambda_time that c3 is also trained with at the largest noise
    (Fig. 6, Table 3).
    """

    size: FootageSize
    config: TrainConfig
    sigmas: dict[EventSet, tuple[float, ...]]
    contest: tuple[float, ...]
    sweep: tuple[float, ...]
    seeds: int


def presets() -> dict[str, Preset]:
    """`smoke`: under two minutes. `small`: 25 minutes a seed on two idle cores. `paper`: for a GPU."""
    gpu = replace(paper(), epochs=30, frames_per_epoch=200_000)
    gpu = replace(gpu, model=replace(gpu.model, framing="whole"))
    every = (2.0, 0.0, 1.0, 1.5, 0.5)
    return {
        "smoke": Preset(
            size=FootageSize(train=8, test=4, frames=64),
            config=effort.seconds(),
            sigmas={"distinct": (2.0, 0.0), "ambiguous": (2.0, 0.0)},
            contest=(2.0, 0.0),
            sweep=(8.0,),
            seeds=1,
        ),
        "small": Preset(
            size=FootageSize(train=16, test=24),
            config=effort.hundred_passes(),
            sigmas={"distinct": every, "ambiguous": (2.0, 0.0)},
            contest=(2.0, 0.0),
            sweep=(8.0, 1.0, 0.5),
            seeds=5,
        ),
        "paper": Preset(
            size=FootageSize(train=192, test=48, look="filmed"),
            config=gpu,
            sigmas={"distinct": every, "ambiguous": every},
            contest=every,
            sweep=(8.0, 4.0, 2.0, 1.0, 0.5, 0.1),
            seeds=5,
        ),
    }


def cells(preset: Preset) -> list[Cell]:
    """All cells in the order in which they are run: distinct events first, a noise level at all seeds."""
    found: dict[Cell, None] = {}
    for events in EVENT_SETS:
        for method, sigma, weight in _asked(preset, events):
            for seed in range(preset.seeds):
                cell = Cell(events=events, method=method, sigma=sigma, time_weight=weight, seed=seed)
                found[cell] = None
    return list(found)


def _asked(preset: Preset, events: EventSet) -> Iterator[tuple[Method, float, float]]:
    """Method, sigma and lambda_time of every training on `events`."""
    for sigma in preset.sigmas[events]:
        for method in METHODS if sigma in preset.contest else _CONTENDERS:
            yield method, sigma, PAPER_WEIGHTS[events][sigma]
    for weight in preset.sweep:
        yield "c3", max(preset.sigmas[events]), weight


def config_of(cell: Cell, base: TrainConfig) -> TrainConfig:
    """The settings of a cell: the preset's with the cell's objective, noise, reach and seed.

    lambda_time stands for the reach that it has on Tennis, whatever the window and the classes here.
    """
    model = replace(base.model, temporal="gru") if cell.method == "gru" else base.model
    return replace(
        base,
        model=model,
        objective=OBJECTIVES[cell.method],
        sigma=cell.sigma,
        reach=reach_of(cell.time_weight, _TENNIS_WINDOW, _TENNIS_CLASSES),
        seed=cell.seed,
    )


def run(folder: Path, preset: Preset, progress: Progress, on_cell: Callable[[], None]) -> None:
    """Measure every cell that is not in `folder` yet; `on_cell` is called after each.

    Several processes may run in one folder at once. Raises `BadConfig` if the folder holds cells of other
    settings.
    """
    store, device, todo = CellStore(folder), best_device(), cells(preset)
    store.pin({"size": asdict(preset.size), "config": to_dict(preset.config)})
    shown = {
        events: footage(folder / "footage", preset.size, events, preset.config.model, progress)
        for events in EVENT_SETS
    }
    for number, cell in enumerate(todo):
        with store.claimed(cell.key) as work:
            if work is None:
                continue

            def tell(
                done: float, total: float, note: str = "", number: int = number, cell: Cell = cell
            ) -> None:
                progress(number + done / total, len(todo), f"{cell.key}: {note}")

            config = config_of(cell, preset.config)
            store.finish(cell.key, measure(cell, shown[cell.events], config, work, device, tell))
        on_cell()


def finished(folder: Path, preset: Preset) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """The cells of `preset` that are measured, with their results."""
    store = CellStore(folder)
    for cell in cells(preset):
        values = store.load(cell.key)
        if values is not None:
            yield cell, values
