"""Labels with times get their frames, once the videos are known."""

from collections.abc import Callable
from dataclasses import replace

from spotting.errors import Conflict
from storage.formats.clock import Clock, Rule, frame_at
from storage.formats.findings import Finding
from storage.formats.labelfile import CarriedClip, FileClip, LabelFile, NewLabel, Pending, TimedLabel
from storage.formats.rules import frame_findings, outside

NO_RATE = "the file gives times and the pictures have no rate: say how many there are per second"


def place(file: LabelFile, clock_of: Callable[[FileClip], Clock | None], rule: Rule) -> LabelFile:
    """The file with no clip pending: every time read as a frame by `rule`, on the clock of its clip.

    A clip without a clock (None, or `Conflict` raised), or with a label outside it, is left out, carried and
    told in `findings`. `rule` is "floor" or "round".
    """
    clips, carried, findings = list(file.clips), list(file.carried), list(file.findings)
    for waiting in file.pending:
        placed, found = _placed(waiting, clock_of, rule)
        findings += found
        if placed is None:
            position = waiting.clip.position
            carried.append(CarriedClip(position=position, raw=file.raw[position]))
        else:
            clips.append(placed)
    return replace(
        file,
        clips=tuple(sorted(clips, key=lambda clip: clip.position)),
        pending=(),
        carried=tuple(sorted(carried, key=lambda clip: clip.position)),
        findings=tuple(findings),
    )


def _placed(
    waiting: Pending, clock_of: Callable[[FileClip], Clock | None], rule: Rule
) -> tuple[FileClip | None, list[Finding]]:
    clip = waiting.clip
    try:
        clock = clock_of(clip)
    except Conflict as error:
        return None, [Finding("refused", clip.name, str(error))]
    if clock is None:
        return None, [Finding("refused", clip.name, NO_RATE)]
    labels = tuple(_at(label, frame_at(clock, label.seconds, rule)) for label in waiting.labels)
    broken = [(i, outside(label.frame, clip.num_frames)) for i, label in enumerate(labels)]
    refused = [Finding("refused", clip.name, message, i) for i, message in broken if message]
    if refused:
        return None, refused
    return replace(clip, labels=labels), frame_findings(clip.name, labels)


def _at(label: TimedLabel, frame: int) -> NewLabel:
    return NewLabel(
        label=label.label,
        frame=frame,
        comment=label.comment,
        annotator=label.annotator,
        extra=label.extra,
    )
