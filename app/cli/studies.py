"""Commands that measure how well the engine does what it claims, on clips whose truth is known."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.cli.bar import progress_bar

Kind = TypeVar("Kind")
Preset = Annotated[str, typer.Option(help="smoke (2 minutes), small (2 hours on 2 cores) or paper (a GPU).")]
Depth = Annotated[
    str,
    typer.Option(
        help="simulated (no training), smoke (2 minutes), small (an hour on 2 cores) or full (a GPU)."
    ),
]
Out = Annotated[Path, typer.Option(help="Folder for the results; a run that was stopped goes on in it.")]


def noisy_labels(preset: Preset = "small", out: Out = Path("bench-noisy-labels")) -> None:
    """Measure the paper's findings on noisy labels (Figs. 4 to 7, Tables 2, 3 and i) on rendered clips."""
    from app.bench.noisy_labels import presets, run
    from app.bench.noisy_report import write_report

    chosen = _chosen(presets(), preset)
    with progress_bar() as progress:
        run(out, chosen, progress, lambda: write_report(out, chosen))
    _told(out, lambda: write_report(out, chosen))


def realign(preset: Depth = "small", out: Out = Path("bench-realign")) -> None:
    """Measure how near corrected labels come to the truth under every kind of label noise."""
    from app.bench.realign import presets, run
    from app.bench.realign_report import write_report

    chosen = _chosen(presets(), preset)
    with progress_bar() as progress:
        run(out, chosen, progress, lambda: None)
    _told(out, lambda: write_report(out, chosen))


def _chosen(known: dict[str, Kind], name: str) -> Kind:
    from spotting.errors import BadConfig

    if name not in known:
        raise BadConfig(f"preset {name!r}: must be one of {', '.join(known)}")
    return known[name]


def _told(out: Path, report: Callable[[], None]) -> None:
    report()
    print((out / "tables.md").read_text(encoding="utf-8"))
    print(f"{out / 'report.html'}: the same with figures")
