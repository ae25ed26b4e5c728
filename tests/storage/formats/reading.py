"""Files of other tools, read and written again, as text."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from storage.formats.clock import Constant, Rule
from storage.formats.intake import Intake, Options
from storage.formats.labelfile import LabelFile
from storage.formats.outgoing import Outgoing, Part
from storage.formats.place import place
from tests.storage.formats.tables import outgoing

PAL = Constant(Fraction(25))


def taken(
    read: Callable[[bytes, str, Intake], None], text: str, name: str, rule: Rule, **options: object
) -> LabelFile:
    """The file as read and, at 25 pictures per second, placed."""
    intake = Intake(name, Options(rule=rule, **options))  # pyright: ignore[reportArgumentType]
    read(text.encode(), name, intake)
    return place(intake.finish(), lambda _: PAL, rule)


def frames(file: LabelFile) -> dict[str, list[tuple[str, int]]]:
    """Class and frame of every label, by clip."""
    return {clip.name: [(label.label, label.frame) for label in clip.labels] for clip in file.clips}


def sent_back(write: Callable[[Outgoing], Iterator[Part]], file: LabelFile) -> str:
    """The text of an export of what was read and not changed."""
    entries = sorted((*file.clips, *file.carried), key=lambda entry: entry.position)
    out = replace(outgoing([], PAL), clips=entries, layout=file.layout)
    return "".join(str(piece) for part in write(out) for piece in part.text)
