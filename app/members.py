"""One member of a run: its clips at training size, what it learns from and what it is held out from."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.grouping import grouped
from app.plan import Plan, folds_of_clips, member_numbers, plan_of, train_config
from app.workspace import Workspace
from spotting.cache import cached_clips
from spotting.config import TrainConfig
from spotting.epochs import Epoch
from spotting.events import Event, Evidence, LabelledClip, Prediction
from spotting.infer import evidence, predict
from spotting.progress import Progress
from spotting.rounds import realigned
from spotting.spotter import Spotter
from spotting.video import open_frames
from storage import datasets, rounds, runs
from storage.records import LabelRecord
from storage.rounds import Lesson

_FEWEST_FRAMES = 8
_REPEAT_SEEDS = 1000


@dataclass(frozen=True, slots=True)
class Member:
    """What a member trains on and what it is held out from, the label ids of both, by (clip, event).

    `held_clips` are the ids of the clips that it is held out from. A round trains on what is left of the
    labels: `moved` says how many frames from the label each was moved, by label id.
    """

    run_id: int
    dataset_id: int
    number: int
    config: TrainConfig
    plan: Plan
    classes: tuple[str, ...]
    folder: Path
    train: Sequence[LabelledClip]
    held: Sequence[LabelledClip]
    train_ids: Mapping[tuple[int, int], int]
    held_ids: Mapping[tuple[int, int], int]
    held_clips: Sequence[int]
    moved: Mapping[int, int]
    device: str

    @property
    def radius(self) -> int:
        """How far around a label, in frames, its evidence goes: 5 sigma, 8 at least."""
        return max(_FEWEST_FRAMES, math.ceil(5 * self.plan.label_sigma))

    def evidence(self, spotter: Spotter, progress: Progress) -> list[Evidence]:
        """What the spotter says about the clips it did not see."""
        return evidence(
            spotter, self.held, self.classes, radius=self.radius, device=self.device, progress=progress
        )

    def predictions(self, spotter: Spotter, progress: Progress) -> list[list[Prediction]]:
        """What the spotter predicts in the clips it did not see, before suppression; `progress`: clips."""
        found = []
        for at, clip in enumerate(self.held):
            progress(at, len(self.held), f"clip {at + 1}/{len(self.held)}")
            found.append(predict(spotter, clip.frames, device=self.device, suppression="none"))
        return found

    def label_ids(self, found: Sequence[Evidence]) -> list[int]:
        """The label ids of pieces of evidence."""
        return [self.held_ids[piece.clip, piece.event] for piece in found]

    def as_labelled(self, epoch: Epoch) -> tuple[Epoch, list[int]]:
        """The epoch with its matches' offsets from the labels as they came, and the ids of the labels."""
        ids = [self.train_ids[match.clip, match.event] for match in epoch.matches]
        matches = [
            replace(match, offset=match.offset + self.moved.get(label_id, 0))
            for match, label_id in zip(epoch.matches, ids, strict=True)
        ]
        return replace(epoch, matches=tuple(matches)), ids


def open_member(work: Workspace, run_id: int, number: int, device: str, progress: Progress) -> Member:
    """A member with its clips at training size. Raises `NotFound`, `UnreadableVideo`, `Stopped`."""
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
        runs.check_shift(session, run_id)
        dataset = datasets.get_dataset(session, run.dataset_id)
        clips = datasets.clips(session, run.dataset_id)
        labels = datasets.labels(session, run.dataset_id)
        plan = plan_of(run)
        groups = grouped(session, run.dataset_id, clips, plan.grouping, plan.pattern).groups
        taught = [] if plan.base is None else rounds.lessons(session, run.dataset_id, plan.base)
    config = train_config(run)
    member = member_numbers(run)[number]
    of_clip: dict[int, list[LabelRecord]] = {clip.id: [] for clip in clips}
    for label in labels:
        of_clip[label.clip_id].append(label)
    folds = folds_of_clips(run, groups, [_annotator(of_clip[clip.id]) for clip in clips], member.repeat)
    pictures = [open_frames(Path(clip.video.folder)) for clip in clips]
    opened = [
        LabelledClip(clip.name, clip.source, _events(of_clip[clip.id]), frames)
        for clip, frames in zip(clips, pictures, strict=True)
    ]
    identities = [frames.identity for frames in pictures]
    opened = cached_clips(opened, identities, work.cache(run.dataset_id), config.model, progress)
    train, held = (
        [i for i in range(len(clips)) if (folds[i] == member.fold) == side] for side in (False, True)
    )
    learned, train_ids = [opened[i] for i in train], _ids([of_clip[clips[i].id] for i in train])
    if plan.base is not None:
        learned, train_ids = _taught(learned, [clips[i].id for i in train], taught)
    return Member(
        run_id=run_id,
        dataset_id=run.dataset_id,
        number=number,
        config=replace(config, seed=config.seed + _REPEAT_SEEDS * member.repeat),
        plan=plan,
        classes=dataset.classes,
        folder=work.member_folder(run_id, number),
        train=learned,
        held=[opened[i] for i in held],
        train_ids=train_ids,
        held_ids=_ids([of_clip[clips[i].id] for i in held]),
        held_clips=[clips[i].id for i in held],
        moved={lesson.label_id: lesson.move for lesson in taught},
        device=device,
    )


def _annotator(labels: Sequence[LabelRecord]) -> str | None:
    """Who wrote most of a clip's labels."""
    names = Counter(label.annotator for label in labels)
    return names.most_common(1)[0][0] if names else None


def _events(labels: Sequence[LabelRecord]) -> tuple[Event, ...]:
    return tuple(Event(label.label, label.frame) for label in labels)


def _taught(
    opened: Sequence[LabelledClip], clip_ids: Sequence[int], taught: Sequence[Lesson]
) -> tuple[list[LabelledClip], dict[tuple[int, int], int]]:
    """The clips as a round learns from them, and the label ids of their events."""
    sides = max((len(one.posterior_S) for one in taught if one.posterior_S is not None), default=1)
    of_clip: dict[int, list[Lesson]] = {clip_id: [] for clip_id in clip_ids}
    for one in taught:
        of_clip.get(one.clip_id, []).append(one)
    clips = [
        realigned(
            replace(clip, events=tuple(Event(one.label, one.frame) for one in lessons)),
            [one.move for one in lessons],
            [one.posterior_S for one in lessons],
            sides,
        )
        for clip, lessons in zip(opened, of_clip.values(), strict=True)
    ]
    ids = {
        (at, event): one.label_id
        for at, lessons in enumerate(of_clip.values())
        for event, one in enumerate(lessons)
    }
    return clips, ids


def _ids(labels: Sequence[Sequence[LabelRecord]]) -> dict[tuple[int, int], int]:
    """The label ids of clips' events, by clip and event."""
    return {(at, event): label.id for at, of in enumerate(labels) for event, label in enumerate(of)}
