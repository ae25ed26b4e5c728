"""Commands that measure: speed on this machine, and how good spotting and correction are."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import bench_training
from app.cli.bar import progress_bar
from app.cli.studies import noisy_labels, realign

if TYPE_CHECKING:
    from app.bench.measured import Measured


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    benches = typer.Typer(help="Measure speed on this machine, and how good spotting and correction are.")
    benches.command()(video)
    benches.command()(ui)
    benches.command()(storage)
    benches.command()(kills)
    benches.command()(posterior)
    benches.command()(noisy_labels)
    benches.command()(realign)
    benches.command()(bench_training.speed)
    benches.command()(bench_training.train)
    cli.add_typer(benches, name="bench")


def video(
    film: Annotated[Path | None, typer.Option(help="A film to measure with (else one is made).")] = None,
    pictures: Annotated[int, typer.Option(min=300, help="Length of the film that is made.")] = 1000,
) -> None:
    """Time the import of a film and every way of reading it, beside other libraries."""
    import tempfile

    from app.bench.video import measure

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        print_rows(measure(Path(folder), film, pictures, progress))


def ui(
    labels: Annotated[int, typer.Option(min=100, help="Labels in the project that is made.")] = 10_000,
    presses: Annotated[int, typer.Option(min=20, help="Decisions at an even pace.")] = 150,
) -> None:
    """Time the review in a real browser: opening it, key press to next label painted, a long sitting."""
    import tempfile
    from importlib.util import find_spec

    from spotting.errors import NotFound

    if find_spec("playwright") is None:
        raise NotFound("Playwright is not installed: it comes with the dev group (make .venv/.dev)")
    from app.bench.ui import measure

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        print_rows(measure(Path(folder), labels, presses, progress))


def storage(
    labels: Annotated[int, typer.Option(min=1000, help="Labels in the project, ten to a clip.")] = 1_000_000,
    presses: Annotated[int, typer.Option(min=20, help="How often each queue is asked.")] = 200,
) -> None:
    """Time the database with a very large project: next label, counts, histograms, pages, exports."""
    import tempfile

    from app.bench.storage import measure

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        print_rows(measure(Path(folder) / "data", labels, presses, progress))


def kills(
    times: Annotated[int, typer.Option(min=2, help="Kills, of the web process and the worker in turn.")] = 20,
) -> None:
    """Kill the web process and the worker under load, and count the acknowledged decisions that are lost."""
    import tempfile

    from app.bench.kills import measure

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        print_rows(measure(Path(folder), times, progress))


def posterior(
    labels: Annotated[int, typer.Option(min=1000, help="Labels that are simulated.")] = 100_000,
) -> None:
    """Time the fit of the label noise and the suggestions of a large dataset."""
    from app.bench.posterior import measure

    with progress_bar() as progress:
        print_rows(measure(labels, progress))


def print_rows(rows: Iterable["Measured"]) -> None:
    """A line for every figure."""
    for row in rows:
        print(f"{row.what:<56} {row.value:10,.2f} {row.unit:<12} {row.aim}")
