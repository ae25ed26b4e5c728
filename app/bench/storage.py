"""Speed of the database under a very large project: the queue, counts, histograms, pages and exports."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import numpy as np

from app.actions import batches, browsing, exporting, insight, review
from app.actions.insight import Asked
from app.bench.measured import Measured
from app.settings import load
from app.workspace import Workspace, opened
from spotting.events import Suggestion
from spotting.progress import Progress
from storage import datasets, reviews, runs, suggestions
from storage.formats.labelfile import FileClip, NewLabel
from storage.records import NewClip, NewDataset, NewDecision, NewVideo

CLASSES = ("serve", "hit", "bounce", "net", "fault", "end")
PER_CLIP, PER_SOURCE, FRAMES, APART, REACH = 10, 100, 500, 48, 10
AT_ONCE = 5000
ACCEPTED = 0.9
"""Labels of this confidence or more, about a tenth, are accepted in bulk before anything is measured."""
QUEUES = ("likely", "clip", "audit", "order", "all")
WHO = "anna"


def measure(folder: Path, labels: int, presses: int, progress: Progress) -> Iterator[Measured]:
    """Make a project of `labels` labels, ten to a clip, in `folder`, and use it as the pages do.

    The project is made in a process of its own, so that the memory told is that of its use.
    """
    progress(0.0, 1.0, f"making {labels:,} labels")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        yield from child.submit(make, folder, labels).result()
    yield from use(folder, labels, presses, progress)


def use(folder: Path, labels: int, presses: int, progress: Progress) -> Iterator[Measured]:
    """What its pages take on the project of `labels` labels that `make` made in `folder`."""
    with opened(load(data=folder)) as work:
        progress(0.5, 1.0, "reviewing")
        for name in QUEUES:
            yield from _timed(f"the queue {name}, opened", _queue(work, name), 5)
            yield from _timed("its next label", _queue(work, name, limit=1), presses, "< 10")
        yield from _timed("a decision, on the disk", _decide(work), presses)
        yield from _timed("a page of 100 in the middle of all", _page(work, labels), presses, "< 100")
        yield from _timed("how many labels wait in every queue", lambda: review.queues(work, 1, WHO), 5)
        yield from _timed("the last page of the clips", _last_clips(work, labels), 5)
        progress(0.7, 1.0, "exporting")
        yield from _exported("label file", lambda: exporting.labels(work, 1))
        yield from _exported("audit", lambda: exporting.audit(work, 1))
        yield from _exported("trail", lambda: exporting.trail(work, 1))
        progress(0.9, 1.0, "counting")
        yield from _timed("offset histograms by class", lambda: _figure(work, "offsets"), 5, "< 500")
        yield from _timed("bias against spread by class", lambda: _figure(work, "spread"), 3)
        yield from _timed("what Insight offers to choose", lambda: insight.catalogue(work, 1), 3)


def make(folder: Path, labels: int) -> list[Measured]:
    """Import, suggest and accept; how long each took, and the memory that all of it needed."""
    random = np.random.default_rng(0)
    made = []

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        made.append(Measured(what, time.perf_counter() - begun, "s"))

    with opened(load(data=folder)) as work:
        with timed(f"storing an import of {labels:,} labels"), work.database.writing() as session:
            datasets.add_dataset(session, made_up(labels, random))
        with timed("storing a suggestion for each"):
            _suggest(work, random)
        with timed("accepting a tenth of them in bulk"):
            batches.accept(work, 1, annotator=WHO, threshold=ACCEPTED)
        size = (folder / "respot.sqlite").stat().st_size / 2**20
    return [*made, Measured("memory to make it", _peak(), "MiB"), Measured("the database", size, "MiB")]


def made_up(labels: int, random: np.random.Generator) -> NewDataset:
    """A dataset of as many labels, ten to a clip, of videos that are nowhere."""
    jitter = random.integers(-4, 5, labels)
    clips = (
        NewClip(
            clip=FileClip(
                name=f"rally_{at:06}",
                position=at,
                num_frames=FRAMES,
                fps=25.0,
                labels=tuple(
                    NewLabel(
                        label=CLASSES[(at + k) % len(CLASSES)],
                        frame=int(10 + k * APART + jitter[at * PER_CLIP + k]),
                    )
                    for k in range(PER_CLIP)
                ),
            ),
            source=f"match_{at // PER_SOURCE:04}",
            video=_video(at),
        )
        for at in range(labels // PER_CLIP)
    )
    return NewDataset(name="bench", label_file="labels.json", classes=CLASSES, clips=tuple(clips))


def _video(at: int) -> NewVideo:
    return NewVideo(
        path=f"/media/rally_{at:06}.mp4",
        kind="file",
        folder=f"/data/videos/rally_{at:06}",
        num_frames=FRAMES,
        fps=25.0,
        width=224,
        height=224,
        identity=f"{at:016x}",
    )


def _suggest(work: Workspace, random: np.random.Generator) -> None:
    with work.database.writing() as session:
        run_id = runs.create_run(session, 1, {"preset": "small"}, 2)
        placed = [(label.id, label.frame) for label in datasets.labels(session, 1)]
    for at in range(0, len(placed), AT_ONCE):
        rows = [(label_id, _suggestion(frame, random)) for label_id, frame in placed[at : at + AT_ONCE]]
        with work.database.writing() as session:
            suggestions.put(session, run_id, rows, provisional=False, epoch=1)
    with work.database.writing() as session:
        suggestions.mix_audit(session, run_id)


def _suggestion(frame: int, random: np.random.Generator) -> Suggestion:
    shift = int(np.clip(round(random.normal(0, 2)), -4, 4))
    confidence = float(random.random())
    curve_S = np.zeros(2 * REACH + 1, dtype=np.float32)
    curve_S[REACH] = 1 - confidence
    curve_S[REACH + shift] += confidence
    return Suggestion(
        frame=frame + shift,
        offset=float(shift),
        confidence=confidence,
        posterior_S=curve_S,
        scores_S=curve_S,
        matched_offset=None,
        reasons=("simulated",),
        better=confidence,
        expected_error=1 - confidence,
    )


def _queue(work: Workspace, name: str, limit: int | None = None) -> Callable[[], object]:
    """Opens the queue as the page does; of one that is open already takes the next `limit` labels."""
    if limit is None:
        return lambda: review.queue(work, 1, name=name, annotator=WHO)
    first = review.queue(work, 1, name=name, annotator=WHO, limit=limit)
    return lambda: review.queue(work, 1, name=name, annotator=WHO, after=first["next"], limit=limit)


def _decide(work: Workspace) -> Callable[[], object]:
    with work.database.reading() as session:
        items = reviews.queue(session, 1, name="clip", annotator=WHO, limit=1000)
    waiting = (item.label_id for item in items)

    def decide() -> object:
        new = NewDecision(key=str(uuid4()), label_id=next(waiting), verdict="keep", annotator=WHO)
        return review.decide(work, new)

    return decide


def _page(work: Workspace, labels: int) -> Callable[[], object]:
    return lambda: review.queue(work, 1, name="all", annotator=WHO, after=f"[{labels // 2}]", limit=100)


def _last_clips(work: Workspace, labels: int) -> Callable[[], object]:
    return lambda: browsing.clips(work, 1, search="", after=labels // PER_CLIP - 25, limit=24)


def _figure(work: Workspace, name: str) -> object:
    return insight.figure(work, 1, name, Asked())


def _timed(what: str, does: Callable[[], object], times: int, aim: str = "") -> Iterator[Measured]:
    does()
    processor = time.process_time()
    taken = [_seconds(does) * 1000 for _ in range(times)]
    processor = time.process_time() - processor
    yield Measured(f"{what}, median", float(np.median(taken)), "ms")
    yield Measured(f"{what}, p95", float(np.percentile(taken, 95)), "ms", aim)
    yield Measured("    its processor time, mean", processor / times * 1000, "ms")


def _exported(what: str, export: Callable[[], exporting.Exported]) -> Iterator[Measured]:
    before = _peak()
    begun = time.perf_counter()
    with export().file as file:
        size = file.seek(0, 2) / 2**20
    yield Measured(f"export of the {what}, {size:,.0f} MiB", time.perf_counter() - begun, "s")
    yield Measured(f"memory that the export of the {what} added", _peak() - before, "MiB", "< 100")


def _seconds(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


def _peak() -> float:
    """The most memory that this process ever had, MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
