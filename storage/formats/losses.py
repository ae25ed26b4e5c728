"""What a format cannot carry of a dataset: counted before anything is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from storage.formats.labelfile import AS_WRITTEN, CarriedClip, FileClip, NewLabel
from storage.formats.outgoing import CLIP_KEYS

REVIEW_KEYS = frozenset({"original_frame", "original_label", "decision"})
"""Added by the export; where a format has no place for them they are in the audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carries:
    """What a format has a place for. `keys`: the labels' own keys by name, or True for any."""

    comment: bool = False
    annotator: bool = False
    score: bool = False
    keys: bool | frozenset[str] = False
    clip_keys: bool = False
    empty_clips: bool = False

    def words(self) -> tuple[str, ...]:
        """What it cannot carry, in words."""
        few = isinstance(self.keys, frozenset) and self.keys
        lacking = {
            "comments": self.comment,
            "annotators": self.annotator,
            "scores": self.score,
            f"keys of labels but {' and '.join(sorted(few))}" if few else "other keys of labels": self.keys
            is True,
            "other keys of clips": self.clip_keys,
            "clips without events": self.empty_clips,
        }
        return tuple(words for words, carried in lacking.items() if not carried)


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of thing that would be lost: how often, and where first."""

    what: str
    count: int
    first: str

    def __str__(self) -> str:
        return f"{self.what}: {self.count:,} (first: {self.first})"


def losses(clips: Iterable[FileClip | CarriedClip], carries: Carries, same: bool, native: str) -> list[Loss]:
    """What the format would lose of these clips; empty when all goes out.

    `same`: the dataset came in this format, so that entries not taken in go out as they came; `native` is the
    name under which this format keeps keys of its own in a clip.
    """
    counts: dict[str, tuple[int, str]] = {}
    for clip in clips:
        for what, where in _lost(clip, carries, same, native):
            count, first = counts.get(what, (0, where))
            counts[what] = (count + 1, first)
    return [Loss(what, count, first) for what, (count, first) in counts.items()]


def _lost(
    clip: FileClip | CarriedClip, carries: Carries, same: bool, native: str
) -> Iterator[tuple[str, str]]:
    if isinstance(clip, CarriedClip):
        if not same:
            yield "entries that were not taken in", f"entry {clip.position}"
        return
    where = f"clip {clip.name}"
    if not clip.labels and not carries.empty_clips:
        yield "clips without events", where
    if not carries.clip_keys:
        for key in clip.extra.keys() - CLIP_KEYS - {native}:
            yield f"clip key {key}", where
    for label in clip.labels:
        for what in _lost_of_label(label, carries):
            yield what, f"{where}, {label.label} at frame {label.frame}"


def _lost_of_label(label: NewLabel, carries: Carries) -> Iterator[str]:
    absent: list[tuple[str, Callable[[], bool]]] = [
        ("comments", lambda: bool(label.comment) and not carries.comment),
        ("annotators", lambda: label.annotator is not None and not carries.annotator),
        ("scores", lambda: "score" in label.extra and not carries.score),
    ]
    yield from (what for what, lost in absent if lost())
    if carries.keys is True:
        return
    known = carries.keys or frozenset()
    for key in label.extra.keys() - REVIEW_KEYS - known - {AS_WRITTEN, "score"}:
        yield f"label key {key}"
