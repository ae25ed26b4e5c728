"""Datasets with their videos, clips and labels: written once, by one transaction, then only read."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from storage import standings
from storage.formats.findings import Finding
from storage.formats.labelfile import FileClip
from storage.jobs import training_on
from storage.records import (
    ClipRecord,
    DatasetRecord,
    LabelRecord,
    NewClip,
    NewDataset,
    NewVideo,
    VideoRecord,
)
from storage.tables import CarriedEntry, Clip, Dataset, Label, Video

AT_ONCE = 1000
"""Clips whose labels are written by one statement."""


def add_dataset(session: Session, new: NewDataset) -> int:
    """Store a dataset whole and return its id.

    Raises `Conflict` if the name is taken, `BadLabels` for a dataset without labels, an unknown class or a
    frame outside its clip.
    """
    _check(session, new)
    written = [label for clip in new.clips for label in clip.clip.labels]
    dataset = Dataset(
        name=new.name,
        label_file=new.label_file,
        classes=list(new.classes),
        extra={"layout": new.layout},
        report=[asdict(finding) for finding in new.report],
        clips=len(new.clips),
        labels=len(written),
        has_truth=any(label.true_frame is not None for label in written),
        created_at=datetime.now(UTC),
    )
    session.add(dataset)
    session.flush()
    _add_clips(session, dataset.id, new.clips)
    session.add_all(
        CarriedEntry(dataset_id=dataset.id, position=entry.position, raw=entry.raw) for entry in new.carried
    )
    session.flush()
    standings.begin(session, dataset.id)
    return dataset.id


def _check(session: Session, new: NewDataset) -> None:
    if session.scalar(sa.select(Dataset.id).where(Dataset.name == new.name)) is not None:
        raise Conflict(f"a dataset named {new.name} exists already: choose another name")
    if not any(clip.clip.labels for clip in new.clips):
        raise BadLabels(f"{new.label_file}: no clip with labels could be taken in")
    known = set(new.classes)
    for clip in new.clips:
        for label in clip.clip.labels:
            where = f"{new.label_file}, clip {clip.clip.name}"
            if label.label not in known:
                raise BadLabels(f"{where}: class {label.label} is not in the class list")
            if not 0 <= label.frame < clip.video.num_frames:
                raise BadLabels(
                    f"{where}: frame {label.frame} is outside the clip ({clip.video.num_frames} frames)"
                )


def _add_clips(session: Session, dataset_id: int, clips: Sequence[NewClip]) -> None:
    videos = _video_ids(session, {(clip.video.path, clip.video.identity): clip.video for clip in clips})
    session.connection().execute(
        sa.insert(Clip),
        [_clip_values(dataset_id, videos[new.video.path, new.video.identity], new) for new in clips],
    )
    rows = session.execute(sa.select(Clip.position, Clip.id).where(Clip.dataset_id == dataset_id)).all()
    ids = dict(rows)
    for at in range(0, len(clips), AT_ONCE):
        part = clips[at : at + AT_ONCE]
        values = (_label_values(ids[new.clip.position], new.clip) for new in part)
        labels = list(chain.from_iterable(values))
        if labels:
            session.connection().execute(sa.insert(Label), labels)


def _video_ids(session: Session, videos: dict[tuple[str, str], NewVideo]) -> dict[tuple[str, str], int]:
    """Row ids by path and identity; what is there already takes the index folder it has now."""
    stored = sa.select(Video.path, Video.identity, Video.id)
    known = {(path, identity): id for path, identity, id in session.execute(stored)}
    new = [asdict(video) for key, video in videos.items() if key not in known]
    if new:
        session.connection().execute(sa.insert(Video), new)
    moved = [{"id": known[key], "folder": video.folder} for key, video in videos.items() if key in known]
    if moved:
        session.execute(sa.update(Video), moved)
    return {(path, identity): id for path, identity, id in session.execute(stored)}


def _clip_values(dataset_id: int, video_id: int, new: NewClip) -> dict[str, Any]:
    copied = ("name", "position", "fps", "width", "height", "extra")
    return {name: getattr(new.clip, name) for name in copied} | {
        "dataset_id": dataset_id,
        "video_id": video_id,
        "source": new.source,
        "num_frames": new.video.num_frames,
    }


def _label_values(clip_id: int, clip: FileClip) -> list[dict[str, Any]]:
    names = ("label", "frame", "comment", "annotator", "extra", "true_frame")
    return [
        {name: getattr(label, name) for name in names} | {"clip_id": clip_id, "position": position}
        for position, label in enumerate(clip.labels)
    ]


def list_datasets(session: Session) -> list[DatasetRecord]:
    """All datasets, oldest first."""
    return [_record(row) for row in session.scalars(sa.select(Dataset).order_by(Dataset.id))]


def get_dataset(session: Session, dataset_id: int) -> DatasetRecord:
    """One dataset. Raises `NotFound`."""
    row = session.get(Dataset, dataset_id)
    if row is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return _record(row)


def find_dataset(session: Session, name: str) -> DatasetRecord:
    """The dataset of that name. Raises `NotFound`."""
    row = session.scalar(sa.select(Dataset).where(Dataset.name == name))
    if row is None:
        raise NotFound(f"there is no dataset named {name}")
    return _record(row)


def _record(row: Dataset) -> DatasetRecord:
    return row.record(DatasetRecord, classes=tuple(row.classes))


def report(session: Session, dataset_id: int) -> list[Finding]:
    """What the import found in the dataset's label file. Raises `NotFound`."""
    rows = session.scalar(sa.select(Dataset.report).where(Dataset.id == dataset_id))
    if rows is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return [Finding(**row) for row in rows]


def clips(session: Session, dataset_id: int) -> list[ClipRecord]:
    """The clips of a dataset in file order."""
    rows = session.scalars(sa.select(Clip).where(Clip.dataset_id == dataset_id).order_by(Clip.position))
    return [as_clip(row) for row in rows]


def get_clip(session: Session, clip_id: int) -> ClipRecord:
    """One clip. Raises `NotFound`."""
    row = session.get(Clip, clip_id)
    if row is None:
        raise NotFound(f"there is no clip {clip_id}")
    return as_clip(row)


def sources(session: Session, dataset_id: int) -> list[str]:
    """The source videos of a dataset's clips, by name."""
    found = sa.select(Clip.source).where(Clip.dataset_id == dataset_id).distinct().order_by(Clip.source)
    return list(session.scalars(found))


def writers(session: Session, dataset_id: int) -> dict[int, str]:
    """Who wrote most labels of each clip, by clip id; clips whose labels name nobody are left out."""
    count = sa.func.count()
    found = (
        sa.select(Label.clip_id, Label.annotator)
        .join(Clip)
        .where(Clip.dataset_id == dataset_id, Label.annotator.is_not(None), Label.proposed.is_(False))
        .group_by(Label.clip_id, Label.annotator)
        .order_by(Label.clip_id, count, Label.annotator.desc())
    )
    return {row.clip_id: row.annotator for row in session.execute(found)}


def labelled_folders(session: Session) -> set[str]:
    """The folders of video indexes on whose pictures labels stand."""
    return set(session.scalars(sa.select(Video.folder).join(Clip, Clip.video_id == Video.id).distinct()))


def as_clip(row: Clip) -> ClipRecord:
    """The row as a frozen value."""
    return row.record(ClipRecord, video=row.video.record(VideoRecord))


def labels(session: Session, dataset_id: int) -> list[LabelRecord]:
    """The labels of a dataset, clip by clip in file order."""
    rows = session.execute(
        sa.select(*(getattr(Label, name) for name in LabelRecord.__slots__))
        .join(Clip)
        .where(Clip.dataset_id == dataset_id, Label.proposed.is_(False))
        .order_by(Clip.position, Label.position)
    )
    return [LabelRecord(**row._mapping) for row in rows]


def move_video(session: Session, video_id: int, path: str) -> None:
    """Let a video lie at another path, for every dataset that it is in. Raises `NotFound`, `Conflict`."""
    video = session.get(Video, video_id)
    if video is None:
        raise NotFound(f"there is no video {video_id}")
    same = (Video.path == path, Video.identity == video.identity, Video.id != video_id)
    if session.scalar(sa.select(Video.id).where(*same)) is not None:
        raise Conflict(f"{path} was imported from there as another video")
    video.path = path
    session.flush()


def delete_dataset(session: Session, dataset_id: int) -> None:
    """Remove a dataset with its runs, suggestions and decisions; its media stay where they are.

    Raises `NotFound`, or `Conflict` while a job works on it.
    """
    get_dataset(session, dataset_id)
    busy = training_on(session, dataset_id)
    if busy is not None:
        raise Conflict(f"dataset {dataset_id} is being trained on (job {busy}): stop that first")
    session.execute(sa.delete(Dataset).where(Dataset.id == dataset_id))
    in_use = sa.select(Clip.id).where(Clip.video_id == Video.id).exists()
    session.execute(sa.delete(Video).where(~in_use))
