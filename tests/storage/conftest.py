"""A real database per test, and a small dataset to put into it."""

import shutil
from collections.abc import Callable, Generator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from spotting.events import Suggestion
from storage import datasets, runs, suggestions
from storage.database import Database
from storage.formats.labelfile import FileClip, NewLabel
from storage.records import LabelRecord, NewClip, NewDataset, NewVideo
from tests import server

AddDataset = Callable[..., int]
PlansOf = Callable[..., list[str]]
Suggest = Callable[..., int]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "respot.sqlite"
    database = Database(path)
    database.migrate()
    database.close()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Generator[Database]:
    """An empty database: SQLite, or one on the server that the tests are told of."""
    path = tmp_path / "respot.sqlite"
    shutil.copy(migrated, path)
    with server.lent() if server.URL else nullcontext(path) as place:
        opened = Database(place)
        yield opened
        opened.close()


@pytest.fixture
def sqlite_only() -> None:
    if server.URL:
        pytest.skip("about SQLite")


@pytest.fixture
def session(database: Database) -> Generator[Session]:
    """A write transaction for the whole test."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def plans_of(session: Session, sqlite_only: None) -> PlansOf:
    """The steps by which SQLite answers the queries that something sends, those that begin with a text."""

    def plans(does: Callable[[], object], beginning: str = "") -> list[str]:
        steps: list[str] = []

        def explain(connection, cursor, statement, parameters, context, executemany):
            if statement.startswith(beginning) and not executemany:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps.extend(row[-1] for row in cursor.fetchall())

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", explain)
        does()
        event.remove(connection, "before_cursor_execute", explain)
        return steps

    return plans


def make_clip(name: str, position: int, labels: list[NewLabel], num_frames: int = 100) -> NewClip:
    return NewClip(
        clip=FileClip(name=name, position=position, num_frames=num_frames, fps=25.0, labels=tuple(labels)),
        source=name,
        video=NewVideo(
            path=f"/media/{name}.mp4",
            kind="file",
            folder=f"/data/videos/{name}",
            num_frames=num_frames,
            fps=25.0,
            width=224,
            height=224,
            identity=name,
        ),
    )


@pytest.fixture
def add_dataset() -> AddDataset:
    """Adds a dataset with hits at `frames` in every clip, their truth one frame later if asked."""

    def add(
        session: Session,
        *,
        name: str = "rally",
        clips: tuple[str, ...] = ("one", "two"),
        frames: tuple[int, ...] = (10, 20, 30),
        truth: bool = False,
        **more: object,
    ) -> int:
        labels = [
            NewLabel(label=("hit", "bounce")[i % 2], frame=frame, true_frame=frame + 1.25 if truth else None)
            for i, frame in enumerate(frames)
        ]
        made = tuple(make_clip(clip, i, labels) for i, clip in enumerate(clips))
        new = NewDataset(name=name, label_file="labels.json", classes=("hit", "bounce"), clips=made, **more)
        return datasets.add_dataset(session, new)

    return add


@pytest.fixture
def labels_of() -> Callable[[Session, int], list[LabelRecord]]:
    return datasets.labels


@pytest.fixture
def suggest() -> Suggest:
    """Puts one suggestion per label, `offset` frames later, with rising confidence; returns the run's id."""

    def put(
        session: Session,
        dataset_id: int,
        offsets: dict[int, float],
        *,
        confidence: float = 0.9,
        provisional: bool = False,
        refused: bool = False,
        claimed: float | None = None,
        run_id: int | None = None,
    ) -> int:
        if run_id is None:
            run_id = runs.create_run(session, dataset_id, {"preset": "small"}, folds=2)
        frames = {label.id: label.frame for label in datasets.labels(session, dataset_id)}
        rows = [
            (label_id, replace(made, refused=refused, claimed=claimed))
            for label_id, offset in offsets.items()
            for made in [make_suggestion(frames[label_id], offset, confidence)]
        ]
        suggestions.put(session, run_id, rows, provisional=provisional, epoch=3)
        suggestions.mix_audit(session, run_id)
        return run_id

    return put


def make_suggestion(frame: int, offset: float, confidence: float) -> Suggestion:
    scores_S = np.linspace(0, 1, 9, dtype=np.float32)
    scores_S[0] = np.nan
    posterior_S = np.zeros(25, dtype=np.float32)
    posterior_S[12] = 1 - confidence
    posterior_S[12 + round(offset)] += confidence
    return Suggestion(
        frame=frame + round(offset),
        offset=offset,
        confidence=confidence,
        posterior_S=posterior_S,
        scores_S=scores_S,
        matched_offset=offset / 2,
        reasons=("a clear peak",),
        better=confidence,
        expected_error=1 - confidence,
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server only what meets the database is run: the rest was run without."""
    if server.URL:
        met = [
            item for item in items if {"database", "work", "filled"} & set(getattr(item, "fixturenames", ()))
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in met])
        items[:] = met
