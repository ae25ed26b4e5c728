"""Decisions, the queue and its items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from spotting.doubts import Kind
from spotting.events import Event
from storage.formats.labelfile import Extra
from storage.records.runs import SuggestionRecord

Verdict = Literal["accept", "keep", "set", "relabel", "remove", "skip", "flag", "move", "undo"]
FlagReason = Literal["unseen", "between", "undefined", "class", "event", "pictures"]
"""Why a label is flagged: the event cannot be seen, lies between two frames, its instant is not defined, it
may be another class, it may be no event or several, the pictures are wrong."""
QueueName = Literal["likely", "audit", "clip", "flagged", "second", "apart", "mine", "all"] | Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A person's verdict. `key` is the client's (a UUID): the same key again changes nothing.

    `frame` is needed for `set` and may be left out otherwise; `label`, the right class, is for `relabel`.
    `reason` may say why a label is flagged. `seconds` is how long the label was on the screen, if that is
    known. `suggestion_id` is the suggestion that was on the screen; `accept` needs it. `seen` is the decision
    that held when the person looked (0: none; None: not told): another one made meanwhile by somebody else is
    a conflict. `adjudicates`: made in sight of what two people decided apart.
    """

    key: str
    label_id: int
    verdict: Verdict
    annotator: str
    frame: int | None = None
    suggestion_id: int | None = None
    seen: int | None = None
    label: str | None = None
    reason: FlagReason | None = None
    seconds: float | None = None
    adjudicates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision as stored. `undoes` is the decision (or the undo) that an undo takes back.

    `reason` (of a flag) and `seconds` (the label was looked at) as in `NewDecision`.
    """

    id: int
    key: str
    label_id: int
    verdict: Verdict
    label: str | None
    frame: int | None
    annotator: str
    decided_at: datetime
    suggestion_id: int | None
    undoes: int | None
    batch_id: int | None
    reason: FlagReason | None
    seconds: float | None
    adjudicates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtRecord:
    """A reason to look at a label again: `storage.tables.DoubtRow`."""

    kind: Kind
    reason: str
    weight: float
    label: str | None
    other_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """What a person needs to settle one label.

    `decision` is the one that holds now. `audit`: it is in the blind audit stream, so its suggestion stays
    hidden (None), whether there is one or not. `proposed`: no label, but an event that may be missing; to
    keep or set it adds it, to remove it dismisses it. `relabelled` is the class that a person gave it.
    `flag_reason` is why it is flagged, if anybody said so. `neighbours` are the other labels of the clip near
    it, at the frame that holds for them. `cursor` continues the queue after this item. `moved` is the frame
    that a move of its whole group gives it until it is settled (None: none did, or it is in the blind audit).
    `opinions` is what two people decided unseen, once both have.
    """

    label_id: int
    dataset_id: int
    clip_id: int
    clip: str
    label: str
    frame: int
    num_frames: int
    fps: float | None
    comment: str
    flagged: bool
    flag_reason: FlagReason | None
    skipped: bool
    audit: bool
    proposed: bool
    relabelled: str | None
    doubts: tuple[DoubtRecord, ...]
    suggestion: SuggestionRecord | None
    decision: DecisionRecord | None
    neighbours: tuple[Event, ...]
    cursor: str
    moved: int | None
    opinions: tuple[DecisionRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProgress:
    """How many labels the blind audit stream of a dataset has, and how many of them are settled."""

    total: int
    settled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """A batch of decisions: `storage.tables.Batch`. `undone`: a later batch that holds undoes it."""

    id: int
    dataset_id: int
    key: str
    kind: Literal["accept", "move", "undo", "revert"]
    params: Extra
    annotator: str
    undoes: int | None
    size: int
    done: int
    created_at: datetime
    finished_at: datetime | None
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewProgress:
    """Counts of labels. decided = accepted + kept + set + removed; skipped ones are not decided yet.

    `moved`: not decided either, but moved with their whole group.
    """

    total: int
    decided: int = 0
    skipped: int = 0
    flagged: int = 0
    accepted: int = 0
    kept: int = 0
    set: int = 0
    removed: int = 0
    moved: int = 0
