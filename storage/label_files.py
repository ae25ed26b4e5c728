"""A dataset written as a label file: its labels at the frames that hold now, in any format of the table."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import Conflict, UnreadableVideo
from spotting.index import VideoIndex
from storage.datasets import get_dataset
from storage.everything import sheets
from storage.exports import decision_text, holds_at, is_there
from storage.formats.clock import Clock, Constant, exact_rate, video_clock
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, NewLabel, Reviewed
from storage.formats.losses import Loss, losses
from storage.formats.outgoing import Outgoing, Part
from storage.formats.table import Format, find_format
from storage.tables import CarriedEntry, Clip, Dataset, Decision, Label, Standing, SuggestionRow, Video

BATCH = 500
"""Clips in memory at a time."""


def own_format(session: Session, dataset_id: int) -> Format:
    """The format that a dataset came in. Raises `NotFound`."""
    return find_format(_layout(session, dataset_id).get("format", "spot"))


def write(session: Session, dataset_id: int, format: Format, *, drop_removed: bool = False) -> Iterator[Part]:
    """The dataset in `format`, file by file and piece by piece while the session is open.

    Same clips and events in the same order, `frame` the one that holds; what the format has a place for goes
    with them. Raises `NotFound`, and `Conflict` for a clip that the format cannot place in time, or when
    labels are marked removed, unless `drop_removed` leaves them out (the audit still lists them).
    """
    dataset = get_dataset(session, dataset_id)
    if format.write is None:
        raise Conflict(f"{format.title} is read, not written")
    if not drop_removed and not format.everything:
        check_removed(session, dataset_id)
    layout = _layout(session, dataset_id)
    same = layout.get("format", "spot") == format.name
    clips = corrected_clips(session, dataset_id)
    entries = _carried(session, dataset_id)
    media = _Media(session, dataset_id)
    outgoing = Outgoing(
        name=dataset.name,
        classes=dataset.classes,
        clips=heapq.merge(clips, entries, key=attrgetter("position")) if same else map(_timeless, clips),
        clock=lambda clip: media.clock(clip.name),
        suffix=lambda clip: media.suffix(clip.name),
        layout=layout if same else {},
        sheets=sheets(session, dataset_id),
    )
    return format.write(outgoing)


def lost(session: Session, dataset_id: int, format: Format) -> list[Loss]:
    """What `format` cannot carry of the dataset; empty when all goes out. Raises `NotFound`."""
    layout = _layout(session, dataset_id)
    if format.everything:
        return []
    same = layout.get("format", "spot") == format.name
    clips: Iterator[FileClip | CarriedClip] = (
        corrected_clips(session, dataset_id) if format.carries.words() else iter(())
    )  # else no label has to be looked at
    entries = heapq.merge(clips, _carried(session, dataset_id), key=attrgetter("position"))
    found = losses(entries, format.carries, same, format.name)
    head = ", ".join(layout.get("root", {}))
    return found if same or not head else [*found, Loss("what the file says of itself", 1, head)]


def _layout(session: Session, dataset_id: int) -> Extra:
    get_dataset(session, dataset_id)
    return session.scalars(sa.select(Dataset.extra).where(Dataset.id == dataset_id)).one()["layout"]


def _timeless(clip: FileClip) -> FileClip:
    """The clip without the time stamps of the format it came in: they mean nothing in another."""
    return replace(clip, labels=tuple(_without_stamps(label) for label in clip.labels))


def _without_stamps(label: NewLabel) -> NewLabel:
    return replace(label, extra={key: value for key, value in label.extra.items() if key != AS_WRITTEN})


class _Media:
    """Clocks and suffixes of a dataset's media, one clip at a time."""

    def __init__(self, session: Session, dataset_id: int) -> None:
        self._rows = (
            sa.select(Video.path, Video.kind, Video.folder, Clip.fps)
            .join(Clip, Clip.video_id == Video.id)
            .where(Clip.dataset_id == dataset_id)
        )
        self._session = session
        self.clock = lru_cache(1)(self._clock)
        self.suffix = lru_cache(1)(self._suffix)

    def _clock(self, clip: str) -> Clock:
        """A video's own clock; the label file's rate for pictures in a folder."""
        _, kind, folder, fps = self._session.execute(self._rows.where(Clip.name == clip)).one()
        if kind == "file":
            try:
                return video_clock(VideoIndex.load(Path(folder)))
            except UnreadableVideo as error:
                raise Conflict(str(error)) from None
        if fps is None:
            raise Conflict("the pictures have no rate, so their times are unknown: choose a format of frames")
        return Constant(exact_rate(fps))

    def _suffix(self, clip: str) -> str:
        path, kind, _, _ = self._session.execute(self._rows.where(Clip.name == clip)).one()
        suffix = Path(path).suffix if kind == "file" else ""
        return "" if clip.endswith(suffix) else suffix


def check_removed(session: Session, dataset_id: int) -> None:
    """Raise `Conflict` where labels are marked removed: an export would not have them."""
    removed = session.execute(
        sa.select(Clip.name, Label.label, Label.frame)
        .join(Label, Label.clip_id == Clip.id)
        .join(Standing, Standing.label_id == Label.id)
        .where(Standing.dataset_id == dataset_id, Standing.verdict == "remove", Standing.proposed.is_(False))
        .order_by(Standing.place)
    ).all()
    if removed:
        first = "; ".join(f"clip {name}, {label} at frame {frame}" for name, label, frame in removed[:5])
        raise Conflict(
            f"{len(removed)} labels are marked removed ({first}{'; ...' if len(removed) > 5 else ''}): "
            "export without them by asking for it, or undo the removal"
        )


def _carried(session: Session, dataset_id: int) -> Iterator[CarriedClip]:
    rows = session.scalars(
        sa.select(CarriedEntry)
        .where(CarriedEntry.dataset_id == dataset_id)
        .order_by(CarriedEntry.position)
        .execution_options(yield_per=BATCH)
    )
    return (CarriedClip(position=row.position, raw=row.raw) for row in rows)


def corrected_clips(session: Session, dataset_id: int) -> Iterator[FileClip]:
    """The clips in file order: labels at the frame that holds with their review, no removed ones."""
    batches = session.execute(
        sa.select(
            Clip.id,
            Clip.name,
            Clip.position,
            Clip.num_frames,
            Clip.fps,
            Clip.width,
            Clip.height,
            Clip.extra,
        )
        .where(Clip.dataset_id == dataset_id)
        .order_by(Clip.position)
        .execution_options(yield_per=BATCH)
    ).partitions()
    for batch in batches:
        labels = _labels(session, [clip.id for clip in batch])
        for clip_id, name, position, num_frames, fps, width, height, extra in batch:
            yield FileClip(
                name=name,
                position=position,
                num_frames=num_frames,
                fps=fps,
                width=width,
                height=height,
                extra=extra,
                labels=labels.get(clip_id, ()),
            )


def _labels(session: Session, clip_ids: Sequence[int]) -> dict[int, tuple[NewLabel, ...]]:
    shown = sa.func.coalesce(Decision.suggestion_id, Standing.suggestion_id)
    rows = session.execute(
        sa.select(
            Label.clip_id,
            Label.label,
            Label.original_frame,
            holds_at(),
            Label.comment,
            Label.annotator,
            Label.extra,
            decision_text(),
            Standing.annotator,
            Standing.relabelled,
            SuggestionRow.frame,
            SuggestionRow.confidence,
            SuggestionRow.run_id,
        )
        .join(Standing, Standing.label_id == Label.id)
        .outerjoin(Decision, Decision.id == Standing.decision_id)
        .outerjoin(SuggestionRow, SuggestionRow.id == shown)
        .where(Label.clip_id.in_(clip_ids), sa.func.coalesce(Standing.verdict, "") != "remove", is_there())
        .order_by(Label.clip_id, Label.position)
    )
    grouped = groupby(rows, key=itemgetter(0))
    return {clip_id: tuple(_corrected(*row[1:]) for row in group) for clip_id, group in grouped}


def _corrected(
    label: str,
    original_frame: int,
    frame: int,
    comment: str | None,
    annotator: str | None,
    extra: Extra,
    decision: str,
    decided_by: str | None,
    relabelled: str | None,
    suggested: int | None,
    confidence: float | None,
    run: int | None,
) -> NewLabel:
    return NewLabel(
        label=relabelled or label,
        frame=frame,
        comment=comment,
        annotator=annotator,
        extra=extra,
        review=Reviewed(
            original_frame=original_frame,
            original_label=None if relabelled in (None, label) else label,
            decision=decision,
            decided_by=decided_by,
            suggested_frame=suggested,
            confidence=confidence,
            run=run,
        ),
    )
