"""What a person does about labels that are all off by the same frames: look at six, shift them, undo it."""

from dataclasses import asdict
from typing import Any

from app.media import picture, strip_of
from app.workspace import Workspace
from storage import datasets, shifts
from storage.records import LabelRecord, ShiftRecord

SIDE = 4
"""Pictures shown on each side of a label: two of them are left where it is shifted by two."""

Json = dict[str, Any]


def look(work: Workspace, dataset_id: int, *, seed: int = 0) -> Json:
    """The shift that holds, what each other one would do, and six random labels with their pictures.

    `checked` is None as long as nobody has said that the labels are right or shifted. Raises `NotFound`.
    """
    with work.database.reading() as session:
        held = shifts.current(session, dataset_id)
        return {
            "frames": held.frames if held else 0,
            "checked": held and _told(held),
            "effects": [asdict(effect) for effect in shifts.effects(session, dataset_id)],
            "history": [_told(row) for row in shifts.history(session, dataset_id)],
            "samples": [_sample(session, label) for label in shifts.sample(session, dataset_id, seed=seed)],
        }


def _told(row: ShiftRecord) -> Json:
    return asdict(row) | {"decided_at": row.decided_at.isoformat()}


def _sample(session: Any, label: LabelRecord) -> Json:
    clip = datasets.get_clip(session, label.clip_id)
    return {
        "label_id": label.id,
        "clip": clip.name,
        "label": label.label,
        "original_frame": label.original_frame,
        "num_frames": clip.num_frames,
        "strip": strip_of(clip, label.original_frame, SIDE).told(),
    }


def strips(work: Workspace, dataset_id: int, *, seed: int = 0) -> list[tuple[Json, bytes]]:
    """The six labels of `look` and the pictures of each as JPEG. Raises `NotFound`, `UnreadableVideo`."""
    with work.database.reading() as session:
        drawn = shifts.sample(session, dataset_id, seed=seed)
        clips = [datasets.get_clip(session, label.clip_id) for label in drawn]
        told = [_sample(session, label) for label in drawn]
    shown = [strip_of(clip, label.original_frame, SIDE) for clip, label in zip(clips, drawn, strict=True)]
    return [
        (sample, picture(work, clip, strip)) for sample, clip, strip in zip(told, clips, shown, strict=True)
    ]


def shift(work: Workspace, dataset_id: int, frames: int, *, annotator: str, key: str) -> Json:
    """Shift all labels as imported by `frames`; the row. Raises as `storage.shifts.record`."""
    with work.database.writing() as session:
        return _told(shifts.record(session, dataset_id, frames, annotator=annotator, key=key))


def undo(work: Workspace, dataset_id: int, *, annotator: str, key: str) -> Json:
    """Take the shift that holds back; the row. Raises as `storage.shifts.undo`."""
    with work.database.writing() as session:
        return _told(shifts.undo(session, dataset_id, annotator=annotator, key=key))
