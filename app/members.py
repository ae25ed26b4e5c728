"""One member of a run: its clips at training size, what it learns from and what it is held out from."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
from storage import datasets, runs, suggestions
from storage.records import ClipRecord, LabelRecord

_FEWEST_FRAMES = 8
_REPEAT_SEEDS = 1000


@dataclass(frozen=True, slots=True)
class Member:
    """What a member trains on and what it is held out from, the label ids of both, by (clip, event).

    `held_clips` are the ids of the clips that it is held out from. `moved`: how many frames the labels that
    it trains on were moved before, by label id (rounds).
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
        moved = {} if plan.base is None else suggestions.moves(session, plan.base)
        known = {} if plan.base is None else suggestions.posteriors(session, plan.base)
    config = train_config(run)
    member = member_numbers(run)[number]
    of_clip = {clip.id: [label for label in labels if label.clip_id == clip.id] for clip in clips}
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
    return Member(
        run_id=run_id,
        dataset_id=run.dataset_id,
        number=number,
        config=replace(config, seed=config.seed + _REPEAT_SEEDS * member.repeat),
        plan=plan,
        classes=dataset.classes,
        folder=work.member_folder(run_id, number),
        train=[_as_moved(opened[i], of_clip[clips[i].id], moved, known) for i in train],
        held=[opened[i] for i in held],
        train_ids=_ids(train, clips, of_clip),
        held_ids=_ids(held, clips, of_clip),
        held_clips=[clips[i].id for i in held],
        moved=moved,
        device=device,
    )


def _annotator(labels: Sequence[LabelRecord]) -> str | None:
    """Who wrote most of a clip's labels."""
    names = Counter(label.annotator for label in labels)
    return names.most_common(1)[0][0] if names else None


def _events(labels: Sequence[LabelRecord]) -> tuple[Event, ...]:
    return tuple(Event(label.label, label.frame) for label in labels)


def _as_moved(
    clip: LabelledClip,
    labels: Sequence[LabelRecord],
    moved: Mapping[int, int],
    known: Mapping[int, NDArray[np.float32]],
) -> LabelledClip:
    """The clip as a round learns from it; as it is where no round came before."""
    if not known and not moved:
        return clip
    sides = len(next(iter(known.values()), np.ones(1)))
    return realigned(
        clip,
        [moved.get(label.id, 0) for label in labels],
        [known.get(label.id) for label in labels],
        sides,
    )


def _ids(
    side: Sequence[int], clips: Sequence[ClipRecord], of_clip: Mapping[int, Sequence[LabelRecord]]
) -> dict[tuple[int, int], int]:
    return {
        (at, event): label.id for at, i in enumerate(side) for event, label in enumerate(of_clip[clips[i].id])
    }
