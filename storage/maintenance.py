"""Keep a database safe: copies of it while it is in use, and a check that what it says holds together."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from spotting.errors import Conflict, NotFound
from storage import shifts
from storage.records import ReviewProgress
from storage.reviews import progress
from storage.standings import Fold, counted, folds_of, shown
from storage.tables import Clip, Dataset, Decision, Label, Standing, SuggestionRow, Video


def backup(source: Path, target: Path) -> None:
    """Copy the SQLite database `source`, in use or not, to the new file `target`.

    The copy is one consistent state, with all that was committed when it began. Raises `NotFound` if there is
    no `source`, and `Conflict` if `target` exists or the copy fails SQLite's own check; that leaves no file.
    """
    if not source.is_file():
        raise NotFound(f"there is no database {source}")
    if target.exists():
        raise Conflict(f"{target} exists already: name another file for the backup")
    partial = target.with_name(target.name + ".partial")
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(partial)) as copy:
            original.backup(copy)
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Conflict(f"{source}: the copy is damaged ({verdict}); nothing was written")
        partial.rename(target)
    except sqlite3.Error as error:
        raise Conflict(f"{source}: {error}; nothing was written") from error
    finally:
        partial.unlink(missing_ok=True)


def check(session: Session, videos: Path) -> list[str]:
    """Every contradiction in the database and with the folder of indexed videos, in words; empty: none.

    Looks for damaged pages and dangling references (SQLite), labels, suggestions and decisions outside their
    clip, undos of another label's decision, decisions that do not fold to what is shown, and videos and
    index folders that are missing or that nothing uses. Changes nothing.
    """
    looks = (_pages, _frames, _shifts, _undos, _standings, _moved)
    return [*chain.from_iterable(look(session) for look in looks), *_media(session, videos)]


def _pages(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for (verdict,) in session.execute(sa.text("PRAGMA integrity_check")):
        if verdict != "ok":
            yield f"damaged: {verdict}"
    for table, row, parent, _ in session.execute(sa.text("PRAGMA foreign_key_check")):
        yield f"{table} row {row} refers to a row of {parent} that is not there"


def _frames(session: Session) -> Iterator[str]:
    """Labels, suggestions and decisions at frames that their clip does not have."""
    of_label = (
        (Label, Label.id, Label.original_frame),
        (SuggestionRow, SuggestionRow.label_id, SuggestionRow.frame),
        (Decision, Decision.label_id, Decision.frame),
    )
    for table, label_id, at in of_label:
        rows = sa.select(table.id, at, Clip.name, Clip.num_frames).select_from(Label).join(Clip)
        if table is not Label:
            rows = rows.join(table, label_id == Label.id)
        outside = sa.or_(at < 0, at >= Clip.num_frames)
        what = table.__tablename__.removesuffix("s")
        for id, frame, clip, num_frames in session.execute(rows.where(outside)):
            yield f"clip {clip}, {what} {id}: frame {frame} is outside the clip ({num_frames} frames)"


def _shifts(session: Session) -> Iterator[str]:
    """Clips whose shift is not what the shifts of their dataset come to."""
    for dataset_id in session.scalars(sa.select(Dataset.id)).all():
        held = shifts.frames(session, dataset_id)
        wrong = sa.select(Clip.name).where(Clip.dataset_id == dataset_id, Clip.shift != held)
        for clip in session.scalars(wrong):
            yield f"clip {clip} is not shifted by {held:+d} frames as its dataset is"


def _undos(session: Session) -> Iterator[str]:
    target = aliased(Decision)
    wrong = sa.or_(target.id.is_(None), target.label_id != Decision.label_id, target.id >= Decision.id)
    rows = session.scalars(
        sa.select(Decision.id)
        .outerjoin(target, target.id == Decision.undoes)
        .where(Decision.verdict == "undo", wrong)
    )
    for decision_id in rows:
        yield f"decision {decision_id} undoes nothing that was decided before about its label"


def _standings(session: Session) -> Iterator[str]:
    """Labels that do not stand where their decisions put them, and counts that do not count them."""
    counts: dict[int, Counter[str]] = {row: Counter() for row in session.scalars(sa.select(Dataset.id))}
    folds = folds_of(session)
    rows = session.execute(
        sa.select(Label.id, Clip.dataset_id, Standing)
        .join(Clip, Clip.id == Label.clip_id)
        .outerjoin(Standing, Standing.label_id == Label.id)
        .order_by(Label.id)
        .execution_options(yield_per=1000)
    )
    for label_id, dataset_id, row in rows:
        if row is None or not row.proposed:
            counts[dataset_id].update(total=1)
        expected = folds.get(label_id, Fold())
        if row is None:
            yield f"label {label_id} is in no queue"
            continue
        counts[dataset_id].update(counted(row))
        if {name: getattr(row, name) for name in Fold.__slots__} != shown(expected, row):
            yield f"label {label_id}: its decisions come to {expected.verdict}, shown is {row.verdict}"
    for dataset_id, count in counts.items():
        if progress(session, dataset_id) != ReviewProgress(**count):
            yield f"dataset {dataset_id}: the progress shown is not that of its labels"


def _moved(session: Session) -> Iterator[str]:
    """Labels whose moves, as they are counted, are not those from their tag."""
    expected = (SuggestionRow.frame - Label.frame, Standing.frame - Label.frame)
    kept = (Standing.offset, Standing.correction)
    wrong = (is_.is_distinct_from(should) for is_, should in zip(kept, expected, strict=True))
    rows = (
        sa.select(Label.id)
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(SuggestionRow, SuggestionRow.id == Standing.suggestion_id)
    )
    for label_id in session.scalars(rows.where(sa.or_(*wrong))):
        yield f"label {label_id}: the move that is counted is not the one from its tag"


def _media(session: Session, videos: Path) -> Iterator[str]:
    folders = {Path(folder) for folder in session.scalars(sa.select(Video.folder))}
    for folder in sorted(folders):
        if not folder.is_dir():
            yield f"{folder}: the index of a video is missing (import its dataset again)"
    for path in session.scalars(sa.select(Video.path).order_by(Video.path)):
        if not Path(path).exists():
            yield f"{path}: the video is missing, only its index and working copy are left"
    present = {path for path in videos.iterdir() if path.is_dir()} if videos.is_dir() else set()
    for folder in sorted(present - folders):
        yield f"{folder}: no dataset uses this video index (it can be deleted)"
