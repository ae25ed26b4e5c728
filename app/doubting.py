"""Doubts about labels: those that the labels themselves raise, and those that a run raises out of fold."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app import prediction_files
from app.plan import member_numbers, plan_of
from app.prediction_files import StoredPredictions
from app.workspace import Workspace
from spotting.doubts import ClipLabels, Doubt
from spotting.events import Event
from spotting.overlap import differences
from spotting.rules import Rules, broken
from spotting.unmatched import surprises
from storage import audit_stream, datasets, doubts, runs
from storage.doubts import NewDoubt
from storage.records import ClipRecord, LabelRecord, RunRecord

_NEAREST, _SIGMAS = 4, 3


def doubts_of_labels(
    rules: Rules, clips: Sequence[ClipRecord], labels: Sequence[LabelRecord]
) -> list[NewDoubt]:
    """What needs no model: labels that break a rule, are written twice, or differ where clips overlap."""
    told, ids = _of_clips(clips, labels)
    return [_new(doubt, ids) for doubt in (*broken(rules, told), *differences(told))]


def doubt_again(work: Workspace, dataset_id: int) -> int:
    """Let the newest run that predicted in every clip say which labels it doubts; how many it does.

    Labels of the blind audit are left out: a doubt would tell what the models think of them. Raises
    `NotFound`.
    """
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        clips = datasets.clips(session, dataset_id)
        labels = datasets.labels(session, dataset_id)
        hidden = audit_stream.members(session, dataset_id)
        settled = doubts.settled(session, dataset_id)
        known = runs.list_runs(session, dataset_id)
    found: list[NewDoubt] = []
    newest = next(((run, told) for run in known if (told := _members(work, run))), None)
    if newest is not None:
        near = max(_NEAREST, math.ceil(_SIGMAS * plan_of(newest[0]).label_sigma))
        lengths = {clip.id: clip.num_frames for clip in clips}
        seen = prediction_files.peaks(newest[1], lengths, dataset.classes, near // 2)
        told, ids = _of_clips([clip for clip in clips if clip.id in seen], labels)
        doubted = surprises(told, [seen[clip_id] for clip_id, _ in ids], near, settled)
        found = [_new(doubt, ids) for doubt in doubted if not _hidden(doubt, ids, hidden)]
    with work.database.writing() as session:
        doubts.put(session, dataset_id, "run", found)
    return len(found)


def _members(work: Workspace, run: RunRecord) -> list[StoredPredictions]:
    """The predictions of all members of a run; none if any member has not got so far."""
    loaded = [prediction_files.load(work.member_folder(run.id, each.number)) for each in member_numbers(run)]
    members = [member for member in loaded if member is not None]
    return members if len(members) == len(loaded) else []


Ids = list[tuple[int, list[int]]]


def _of_clips(clips: Sequence[ClipRecord], labels: Sequence[LabelRecord]) -> tuple[list[ClipLabels], Ids]:
    """The labels clip by clip, and the ids of clips and labels."""
    of_clip: dict[int, list[LabelRecord]] = defaultdict(list)
    for label in labels:
        of_clip[label.clip_id].append(label)
    told = [
        ClipLabels(clip.name, clip.num_frames, tuple(Event(one.label, one.frame) for one in of_clip[clip.id]))
        for clip in clips
    ]
    return told, [(clip.id, [label.id for label in of_clip[clip.id]]) for clip in clips]


def _hidden(doubt: Doubt, ids: Ids, hidden: set[int]) -> bool:
    return doubt.event is not None and ids[doubt.clip][1][doubt.event] in hidden


def _new(doubt: Doubt, ids: Ids) -> NewDoubt:
    clip_id, label_ids = ids[doubt.clip]
    proposed: dict[str, Any] = {}
    if doubt.event is None and doubt.proposed is not None:
        proposed = {"clip_id": clip_id, "frame": doubt.proposed.frame}
    return NewDoubt(
        kind=doubt.kind,
        reason=doubt.reason,
        weight=doubt.weight,
        label_id=None if doubt.event is None else label_ids[doubt.event],
        other_id=None if doubt.other is None else ids[doubt.other[0]][1][doubt.other[1]],
        label=None if doubt.proposed is None else doubt.proposed.label,
        **proposed,
    )
