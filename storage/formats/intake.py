"""Takes in what a reader found, clip by clip: the rules kept, what breaks them left out, carried and told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from spotting.errors import BadLabels
from storage.formats.classes import class_list
from storage.formats.clock import Rule
from storage.formats.findings import Finding
from storage.formats.labelfile import (
    CarriedClip,
    Extra,
    FileClip,
    Json,
    LabelFile,
    NewLabel,
    Pending,
    TimedLabel,
)
from storage.formats.rules import (
    LARGEST,
    frame_findings,
    is_name,
    is_number,
    is_storable,
    outside,
    short,
    whole,
)

LONGEST = 10**7
"""The largest time in seconds that is taken in (115 days)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person says about a file that the file does not say itself.

    `rule`: how its times are read. `fps`: pictures per second, of frame folders and of formats that count on
    a grid of their own. `columns`: names of columns by what they hold. `classes`: the class list.
    `first_picture`: the number of frame 0 where pictures of a folder are named by their number.
    """

    rule: Rule | None = None
    fps: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None
    first_picture: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as a reader found it, unchecked. `at` is its frame, or its seconds, or the rule it breaks."""

    label: Json
    at: int | Fraction | str
    comment: Json = None
    annotator: Json = None
    extra: Extra = field(default_factory=dict)


def frame_of(value: Json) -> int | str:
    """A frame as `Draft.at`."""
    frame = whole(value)
    return f"frame must be a whole number, not {short(value)}" if frame is None else frame


def seconds_of(value: Json, unit: Fraction = Fraction(1), what: str = "time") -> Fraction | str:
    """A time as `Draft.at`: a number, or text that is one, in units of `unit` seconds."""
    wrong = f"{what} must be a number, not {short(value)}"
    if isinstance(value, str):
        value = value.strip()
        if len(value) > 40 or not value.lstrip("+-").replace(".", "", 1).isdecimal():
            return wrong
    elif not is_number(value):
        return wrong
    seconds = Fraction(str(value)) * unit
    return seconds if abs(seconds) <= LONGEST else f"{what} {short(value)} is out of range"


class Intake:
    """Collects the clips of the file called `name`; `finish` gives what came of them."""

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self.options = options
        self.layout: Extra = {}
        self.classes: list[str] = []
        self.findings: list[Finding] = []
        self.raw: dict[int, Json] = {}
        self._names: dict[str, int] = {}
        self._clips: list[FileClip] = []
        self._pending: list[Pending] = []
        self._carried: list[CarriedClip] = []

    def next_file(self, name: str) -> "Intake":
        """The same intake, for the next of several files."""
        self.name = name
        return self

    def rule(self, *allowed: Rule) -> Rule:
        """The rule by which the file is read. Raises `BadLabels` for none, and for one it does not allow."""
        if self.options.rule in allowed:
            return self.options.rule
        words = {
            "frame": "frame (its own frame numbers)",
            "floor": "floor (the picture on the screen at its time)",
            "round": "round (the picture that begins nearest to its time)",
        }
        choice = " or ".join(words[rule] for rule in allowed)
        raise BadLabels(f"{self.name}: say how its times are to be read, time rule {choice}")

    def left_out(self, raw: Json, message: str, clip: Json = None) -> None:
        """An entry that is no clip at all: carried, and told."""
        position = len(self.raw)
        self.raw[position] = raw
        self._carried.append(CarriedClip(position=position, raw=raw))
        name = clip if is_name(clip) else f"entry {position}"
        self.findings.append(Finding("refused", name, message))

    def clip(
        self,
        name: Json,
        drafts: Iterable[Draft],
        *,
        raw: Json,
        num_frames: int | None = None,
        fps: Json = None,
        width: int | None = None,
        height: int | None = None,
        extra: Extra | None = None,
    ) -> None:
        """Take in one clip; `raw` goes out again where it cannot be."""
        if not is_name(name):
            self.left_out(raw, "the clip's name must be text of one or more characters")
            return
        if name in self._names:
            taken = self._names[name]
            self.left_out(raw, f"the name is taken by entry {taken}: this one is left out", name)
            return
        position = len(self.raw)
        rate = float(fps) if is_number(fps) and 0 < fps <= LARGEST else None
        clip = FileClip(
            name=name,
            position=position,
            num_frames=num_frames,
            fps=rate,
            width=width,
            height=height,
            extra=extra or {},
        )
        self._add(clip, list(drafts), raw)

    def _add(self, clip: FileClip, drafts: Sequence[Draft], raw: Json) -> None:
        broken = [(i, _broken(draft, clip)) for i, draft in enumerate(drafts)]
        refused = [Finding("refused", clip.name, message, i) for i, message in broken if message]
        if refused:
            self.left_out(raw, refused[0].message, clip.name)
            self.findings[-1:] = refused
            return
        self._names[clip.name] = clip.position
        self.raw[clip.position] = raw
        if any(isinstance(draft.at, Fraction) for draft in drafts):
            timed = tuple(_timed(draft) for draft in drafts)
            self._pending.append(Pending(clip=clip, labels=timed))
        else:
            labels = tuple(_framed(draft) for draft in drafts)
            self.findings += frame_findings(clip.name, labels)
            self._clips.append(replace(clip, labels=labels))
        self._note_comments(clip.name, drafts)

    def _note_comments(self, clip: str, drafts: Sequence[Draft]) -> None:
        for i, draft in enumerate(drafts):
            if draft.comment is not None and _plain(draft.comment) is None:
                message = "comment is not plain text: kept as it stands, not shown"
                self.findings.append(Finding("noted", clip, message, i))

    def finish(self) -> LabelFile:
        """The file as read; classes are those given, else the file's own, else its labels', sorted."""
        framed = [(clip.name, label.label) for clip in self._clips for label in clip.labels]
        timed = [(waiting.clip.name, label.label) for waiting in self._pending for label in waiting.labels]
        given = self.options.classes or tuple(dict.fromkeys(self.classes)) or None
        classes, added = class_list(framed + timed, given)
        return LabelFile(
            classes=classes,
            clips=tuple(self._clips),
            pending=tuple(self._pending),
            findings=tuple(self.findings + added),
            carried=tuple(self._carried),
            layout=self.layout,
            raw=self.raw,
        )


def _broken(draft: Draft, clip: FileClip) -> str | None:
    """The rule that an event breaks, or None."""
    if not is_name(draft.label):
        return "label must be a name of one or more characters"
    if isinstance(draft.at, str):
        return draft.at
    if draft.annotator is not None and _plain(draft.annotator) is None:
        return f"annotator must be text, not {short(draft.annotator)}"
    return outside(draft.at, clip.num_frames) if isinstance(draft.at, int) else None


def _plain(value: Json) -> str | None:
    return value if isinstance(value, str) and is_storable(value) else None


def _extra(draft: Draft) -> Extra:
    kept = draft.comment is not None and _plain(draft.comment) is None
    return draft.extra | {"comment": draft.comment} if kept else draft.extra


def _timed(draft: Draft) -> TimedLabel:
    return TimedLabel(
        label=draft.label,
        seconds=Fraction(draft.at),
        comment=_plain(draft.comment),
        annotator=_plain(draft.annotator),
        extra=_extra(draft),
    )


def _framed(draft: Draft) -> NewLabel:
    return NewLabel(
        label=draft.label,
        frame=int(draft.at),
        comment=_plain(draft.comment),
        annotator=_plain(draft.annotator),
        extra=_extra(draft),
    )


def gathered(
    read: Callable[[bytes, str, Intake], None],
) -> Callable[[Iterable[tuple[str, bytes]], Options], LabelFile]:
    """A reader of one file as a reader of many (pairs of name and bytes), clip names unique over all."""

    def read_all(files: Iterable[tuple[str, bytes]], options: Options) -> LabelFile:
        intake: Intake | None = None
        for name, data in files:
            intake = Intake(name, options) if intake is None else intake.next_file(name)
            read(data, name, intake)
        if intake is None:
            raise BadLabels("there is no label file to read")
        return intake.finish()

    return read_all
