"""The class list of a dataset: given in a class.txt or by the label file, else the labels' own names."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from spotting.errors import BadLabels
from storage.formats.findings import Finding
from storage.formats.strict_json import decode, read_bytes


def read_classes(path: Path) -> tuple[str, ...]:
    """The class list of a `class.txt`: one name per line. Raises `BadLabels` for none, or one twice."""
    lines = [line.strip() for line in decode(read_bytes(path), path.name).splitlines()]
    classes = [line for line in lines if line]
    twice = next((name for name in classes if classes.count(name) > 1), None)
    if twice is not None:
        raise BadLabels(f"{path.name}: class {twice} stands twice")
    if not classes:
        raise BadLabels(f"{path.name}: there is no class in it (one name per line)")
    return tuple(classes)


def classes_of(path: Path, class_file: Path | None = None) -> tuple[str, ...] | None:
    """The classes in `class_file`, else in `<stem>.class.txt` or `class.txt` beside `path`, else None."""
    beside = [path.with_name(f"{path.stem}.class.txt"), path.with_name("class.txt")]
    chosen = class_file or next((file for file in beside if file.is_file()), None)
    return None if chosen is None else read_classes(chosen)


def class_list(
    labels: Iterable[tuple[str, str]], given: Sequence[str] | None
) -> tuple[tuple[str, ...], list[Finding]]:
    """The classes, and what had to be added to the list given; `labels` are pairs of clip and class.

    Without a list the classes are the labels', sorted.
    """
    first_clip: dict[str, str] = {}
    for clip, label in labels:
        first_clip.setdefault(label, clip)
    if given is None:
        return tuple(sorted(first_clip)), []
    known = set(given)
    missing = [name for name in first_clip if name not in known]
    message = "class {} is not in the class list: added at its end"
    added = [Finding("fixed", first_clip[name], message.format(name)) for name in missing]
    return tuple(given) + tuple(missing), added
