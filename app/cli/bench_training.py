"""Commands that measure training: its speed, and what it reaches on the paper's datasets."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.bar import progress_bar
from app.cli.mirror import Mirror, pairs


def speed(
    preset: Annotated[str, typer.Option(help="small or paper.")] = "small",
    objective: Annotated[str | None, typer.Option(help="dla, time_matching, static or convolved.")] = None,
    size: Annotated[int | None, typer.Option(help="Side of the pictures, pixels.")] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="Windows in a step.")] = None,
    frames: Annotated[int, typer.Option(min=200, help="Length of the clips that are made.")] = 1000,
    steps: Annotated[int, typer.Option(min=2)] = 5,
    compiled: Annotated[bool, typer.Option("--compiled", help="Compile the model first (CUDA).")] = False,
) -> None:
    """Time the training loop beside the same step on ready tensors, and inference beside naive."""
    import tempfile

    from app.bench.speed import configured, measure
    from app.cli.bench import print_rows
    from spotting.device import best_device, describe

    config, device = configured(preset, objective, size, batch, compiled=compiled), best_device()
    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        rows = list(measure(Path(folder), config, device, frames, steps, progress))
    model = config.model
    print(f"{describe(device)}; {model.backbone}, {config.objective}, {model.size} pixels,", end=" ")
    print(f"T = {model.window}, batch {config.batch}")
    print_rows(rows)


def train(
    data: Annotated[Path, typer.Option(help="Folder with train.json, test.json and class.txt.")],
    out: Annotated[Path, typer.Option(help="Where checkpoints and results go; goes on with what is there.")],
    frames: Annotated[
        Path | None, typer.Option(help="Folder with a folder of pictures per clip (else DATA/frames).")
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(help="tennis, finediving, fs_comp, fs_perf or finegym (else the folder's name)."),
    ] = None,
    preset: Annotated[str, typer.Option(help="small or paper.")] = "paper",
    backbone: Annotated[str, typer.Option(help="regnety_002 or regnety_008 (paper only).")] = "regnety_002",
    weights: Annotated[Path | None, typer.Option(help="ImageNet weights of the backbone, a file.")] = None,
    objective: Annotated[str | None, typer.Option(help="dla, time_matching, static or convolved.")] = None,
    sigma: Annotated[float, typer.Option(min=0, help="Noise put on the training labels, frames.")] = 0.0,
    time_lambda: Annotated[
        float | None, typer.Option("--lambda", help="The paper's lambda_time (else its own for sigma).")
    ] = None,
    mirror: Mirror = None,
    start: Annotated[Path | None, typer.Option(help="Folder of a spotter to start from.")] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Keep the backbone as it is.")] = False,
    epochs: Annotated[int | None, typer.Option(min=1)] = None,
    epoch_frames: Annotated[int | None, typer.Option(min=1, help="Frames in an epoch.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Train on a dataset in E2E-Spot's layout and print mAP with the paper's tables beside it."""
    from dataclasses import replace

    from app.bench.spot_layout import open_layout
    from app.bench.train import configured, run, table
    from spotting.config import reach_of
    from spotting.device import best_device

    name = split or data.name
    config = configured(name, preset, backbone, sigma)
    layout = open_layout(data, frames or data / "frames")
    chosen: dict[str, Any] = {"objective": objective, "epochs": epochs, "frames_per_epoch": epoch_frames}
    if time_lambda is not None:
        chosen["reach"] = reach_of(time_lambda, config.model.window, len(layout.classes))
    given = {key: value for key, value in chosen.items() if value is not None}
    model = replace(config.model, weights=str(weights or ""))
    given |= {"mirrored": pairs(mirror), "start": str(start.resolve()) if start else "", "frozen": frozen}
    config = replace(config, model=model, seed=seed, **given)
    with progress_bar() as progress:
        scored = run(layout, name, config, out, sigma=sigma, device=best_device(), progress=progress)
    print(*table(config, scored), sep="\n")
