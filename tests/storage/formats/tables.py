"""Datasets to send through the formats: what each format carries, written and read again."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from hypothesis import strategies as st

from storage.formats.clock import Clock, Constant, Rule
from storage.formats.container import pack
from storage.formats.intake import Options
from storage.formats.labelfile import AS_WRITTEN, FileClip, LabelFile, NewLabel, Reviewed
from storage.formats.outgoing import Outgoing
from storage.formats.place import place
from storage.formats.table import FORMATS, Format, read_labels

CLASSES = ("bounce", "far_court_serve", "Som(s).Tuck", "größe 球 & <x>")
READABLE = [format for format in FORMATS if format.read]
ROUND_TRIP = [format for format in READABLE if format.write]
WRITTEN_ONLY = [format for format in FORMATS if not format.read]
NTSC = Constant(Fraction(30_000, 1001))

WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029"), max_size=12
)
COMMENTS = WORDS.map(str.strip) | st.sampled_from(
    ["2.5 Soms.Pike -> Entry", "=1+1", 'a "b", c', "two\nlines"]
)
KEYS = st.dictionaries(
    st.sampled_from(["team", "note", "by"]),
    st.sampled_from(["home", "5", 5, 0.25, None, True, [1, "a"], {"a": {"b": []}}]),
    max_size=2,
)


@st.composite
def labels(draw: st.DrawFn, format: Format) -> NewLabel:
    carries = format.carries
    extra = draw(KEYS) if carries.keys is True else {}
    if isinstance(carries.keys, frozenset):
        extra = {key: draw(st.sampled_from(["home", "5"])) for key in carries.keys if draw(st.booleans())}
    if carries.score:
        extra |= draw(st.sampled_from([{}, {"score": 0.75}, {"score": 1}]))
    return NewLabel(
        label=draw(st.sampled_from(CLASSES)),
        frame=draw(st.integers(0, 9999)),
        comment=draw(st.none() | COMMENTS.filter(bool)) if carries.comment else None,
        annotator=draw(st.none() | st.sampled_from(["eva", "Jörg B."])) if carries.annotator else None,
        extra=extra,
    )


@st.composite
def datasets(draw: st.DrawFn, format: Format) -> list[FileClip]:
    least = 0 if format.carries.empty_clips else 1
    names = draw(
        st.lists(
            st.sampled_from(["match_3", "train/one", "a b (1)", "größe_球", "x.y"]), unique=True, min_size=1
        )
    )
    events = st.lists(labels(format), min_size=least, max_size=5)
    return [
        FileClip(name=name, position=i, num_frames=10_000, fps=float(NTSC.rate), labels=tuple(draw(events)))
        for i, name in enumerate(names)
    ]


def outgoing(clips: Sequence[FileClip], clock: Clock = NTSC, **more) -> Outgoing:
    return Outgoing(
        name="rally", classes=CLASSES, clips=clips, clock=lambda _: clock, suffix=lambda _: ".mp4", **more
    )


def written(format: Format, clips: Sequence[FileClip], **more) -> bytes:
    """The bytes of the export: a zip for formats of many files."""
    assert format.write is not None
    file = BytesIO()
    pack(format.write(outgoing(clips, **more)), file, many=format.many)
    return file.getvalue()


def read_back(
    format: Format, data: bytes, folder: Path, rule: Rule, clock: Clock = NTSC, **options
) -> LabelFile:
    path = folder / f"rally{'.zip' if format.many else format.extensions[0]}"
    path.write_bytes(data)
    grid = float(NTSC.rate) if format.name == "label-studio" and rule != "frame" else None
    file = read_labels(path, format.name, Options(rule=rule, fps=grid, **options))
    return place(file, lambda _: clock, rule)


def bare(clips: Sequence[FileClip], *, ordered: bool = True) -> dict[str, list[NewLabel]]:
    """The labels of every clip, without time stamps and review keys, for comparison."""
    told = {clip.name: [_bare(label) for label in clip.labels] for clip in clips}
    return told if ordered else {name: sorted(values, key=_place) for name, values in told.items()}


def _place(label: NewLabel) -> tuple[int, str]:
    return label.frame, repr(label)


def _bare(label: NewLabel) -> NewLabel:
    hidden = {AS_WRITTEN, "original_frame", "decision"}
    extra = {key: value for key, value in sorted(label.extra.items()) if key not in hidden}
    return replace(label, extra=extra, review=None)


def moved(clip: FileClip, by: int) -> FileClip:
    """The clip as an export has it after every label was moved."""
    return replace(clip, labels=tuple(_moved(label, by) for label in clip.labels))


def _moved(label: NewLabel, by: int) -> NewLabel:
    review = Reviewed(original_frame=label.frame, decision="set", decided_by="ann")
    return replace(label, frame=label.frame + by, review=review)
