"""What a writer is given, and the text helpers that all writers share."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from spotting.errors import Conflict
from storage.formats.clock import Clock, Constant, milliseconds
from storage.formats.labelfile import AS_WRITTEN, CarriedClip, Extra, FileClip, Json, NewLabel
from storage.formats.sheet import Sheet

CLIP_KEYS = frozenset({"video", "num_frames", "num_events", "events", "fps", "width", "height"})
VERDICTS = frozenset({"accept", "keep", "set", "flag", "skip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of an export: its path, and its text (or bytes) piece by piece."""

    name: str
    text: Iterable[str | bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A dataset on its way out. `clips` come in file order, carried entries of this format among them.

    `clock` gives a clip's time axis and raises `Conflict` where there is none; `suffix` is that of its video
    file ("" for a folder of pictures). `layout` is what the reader of this same format left; empty for a
    dataset that came in another format. `sheets` are the tables of all that is known.
    """

    name: str
    classes: tuple[str, ...]
    clips: Iterable[FileClip | CarriedClip]
    clock: Callable[[FileClip], Clock]
    suffix: Callable[[FileClip], str] = lambda _: ""
    layout: Extra = field(default_factory=dict)
    sheets: Sequence[Sheet] = ()

    def media(self, clip: FileClip) -> str:
        """The clip's media file, relative to the folder of media."""
        return clip.name + self.suffix(clip)

    def milliseconds(self, clip: FileClip, label: NewLabel) -> int:
        """The label's time that every reader reads back as its frame. Raises `Conflict` where none is."""
        try:
            return milliseconds(self.clock(clip), label.frame)
        except Conflict as error:
            raise Conflict(f"clip {clip.name}: {error}") from None

    def timed(self, clip: FileClip) -> bool:
        """Whether the clip has a time axis."""
        try:
            self.clock(clip)
        except Conflict:
            return False
        return True

    def taken_in(self) -> Iterator[FileClip]:
        """The clips without the carried entries, which no other format than their own can hold."""
        return (clip for clip in self.clips if isinstance(clip, FileClip))

    def constant_rate(self, clip: FileClip) -> Fraction:
        """Pictures per second, exactly. Raises `Conflict` where they vary, or nobody knows."""
        try:
            clock = self.clock(clip)
        except Conflict as error:
            raise Conflict(f"clip {clip.name}: {error}") from None
        if not isinstance(clock, Constant):
            raise Conflict(f"clip {clip.name}: its rate varies, and this format counts at a constant one")
        return clock.rate

    def rate(self, clip: FileClip) -> float | None:
        """Pictures per second of the clip's time axis; None where it has none, or they vary."""
        clock = self.clock(clip) if self.timed(clip) else None
        return float(clock.rate) if isinstance(clock, Constant) else None


def as_written(label: NewLabel) -> Extra:
    """The time stamps that the file had for a label, as long as it has not moved; else none."""
    moved = label.review is not None and label.review.original_frame != label.frame
    return {} if moved else label.extra.get(AS_WRITTEN, {})


def first_written(label: NewLabel) -> Extra:
    """The time stamps that the file had for a label, moved or not."""
    return label.extra.get(AS_WRITTEN, {})


def told(label: NewLabel) -> Extra:
    """The keys beside frame, class, comment and annotator: the file's own, and what the review adds.

    `original_frame` and `decision` are the file's where it already has them (a decision that is one of ours
    gives way to a newer one).
    """
    own = {key: value for key, value in label.extra.items() if key != AS_WRITTEN}
    if label.review is None:
        return own
    told = {"original_frame": label.review.original_frame} | own
    if label.review.original_label is not None:
        told = {"original_label": label.review.original_label} | told
    if label.review.decision and own.get("decision", "set") in VERDICTS:
        told["decision"] = label.review.decision
    return told


def noted(label: NewLabel) -> Extra:
    """`told` with the comment and the annotator under those names, where there are any."""
    beside = {"comment": label.comment, "annotator": label.annotator}
    return {key: value for key, value in beside.items() if value is not None} | told(label)


def pictures(clip: FileClip) -> int:
    """How many pictures the clip has; where no one says, as many as its labels need."""
    return clip.num_frames or max((label.frame + 1 for label in clip.labels), default=1)


def clip_keys(clip: FileClip, native: str) -> Extra:
    """The file's own keys of a clip, but for those that stand for fields and those of the format itself."""
    return {key: value for key, value in clip.extra.items() if key != native and key not in CLIP_KEYS}


def json_text(value: Json, indent: int | None = None) -> str:
    """JSON that is UTF-8 text: half a surrogate pair, legal in JSON, is written as its escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def json_list(members: Iterable[str], brackets: str = "[]") -> Iterator[str]:
    """A list (or with "{}" an object) of members that are text already, one a line, never all in memory."""
    yield brackets[0]
    before = "\n"
    for member in members:
        yield before + member
        before = ",\n"
    yield f"\n{brackets[1]}"


def json_members(head: Extra, key: str, members: Iterable[str], brackets: str = "[]") -> Iterator[str]:
    """An object with the keys of `head`, then `key` with `members` as `json_list` has them."""
    yield "{"
    for name, value in head.items():
        yield f"{json_text(name)}: {json_text(value)},\n"
    yield f"{json_text(key)}: "
    yield from json_list(members, brackets)
    yield "}\n"
