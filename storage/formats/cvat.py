"""CVAT for images 1.1 (XML): tags on pictures of a task, which is one video or folders of pictures."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, tostring

from spotting.errors import BadLabels
from storage.formats.attributes import as_texts, from_texts
from storage.formats.findings import Finding
from storage.formats.intake import Draft, Intake
from storage.formats.labelfile import CarriedClip, FileClip, NewLabel
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part
from storage.formats.strict_xml import element, parse_xml

_OF_VIDEO = re.compile(r"frame_([0-9]{1,9})")
_NUMBER = re.compile(r"([0-9]{1,9})$")
OWN = ("source", "group_id")
"""What a tag says of itself beside its class."""
BY_HAND = {"source": "manual"}


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in the tags of every picture; pictures called `frame_000139` are of the task's video.

    Other pictures are of the folder that their name begins with, numbered by its end, less
    `Options.first_picture`.
    """
    root = parse_xml(data, name)
    if root.tag != "annotations":
        raise BadLabels(f"{name}: CVAT's XML begins with annotations, not {root.tag[:40]}")
    if root.find("track") is not None:
        raise BadLabels(f"{name}: CVAT's video format has no tags: export as CVAT for images 1.1")
    tasks = _tasks(root)
    intake.classes += [text for text in (one.findtext("name") for one in _labels(root)) if text]
    meta = root.find("meta")
    if meta is not None:
        intake.layout.setdefault("meta", {})[name] = tostring(meta, "unicode")
    clips: dict[str, list[tuple[Element, int | str]]] = {clip: [] for clip in tasks.values() if clip}
    for image in root.iter("image"):
        clip, frame = _place(image, tasks, intake.options.first_picture)
        clips.setdefault(clip or "", []).append((image, frame))
    for clip, pictures in clips.items():
        _take(clip, pictures, name, intake)


def _take(clip: str, pictures: list[tuple[Element, int | str]], name: str, intake: Intake) -> None:
    drafts = [_draft(tag, frame, name) for image, frame in pictures for tag in image.iter("tag")]
    images = [tostring(image, "unicode") for image, _ in pictures]
    about = dict(pictures[0][0].attrib) if pictures else {}
    about = {key: about[key] for key in about if key != "id"} | {"file": name}
    raw = {"file": name, "images": images}
    intake.clip(clip, drafts, raw=raw, extra={"cvat": about | {"first": intake.options.first_picture}})
    shapes = sum(shape.tag != "tag" for image, _ in pictures for shape in image)
    if shapes:
        told = f"{shapes} shapes are not taken in and do not go out again"
        intake.findings.append(Finding("noted", clip or name, told))


def _labels(root: Element) -> list[Element]:
    return [label for labels in root.iter("labels") for label in labels.iter("label")]


def _tasks(root: Element) -> dict[str | None, str | None]:
    """The clip of each task, by its id: its source, else its name. The only one also for pictures without."""
    tasks = [task for kind in ("task", "job") for task in root.iter(kind)]
    named = {
        task.findtext("id"): media_name(task.findtext("source") or task.findtext("name")) for task in tasks
    }
    return named | {None: next(iter(named.values()), None)} if len(named) < 2 else named


def _place(image: Element, tasks: dict[str | None, str | None], first: int) -> tuple[str | None, int | str]:
    """The clip of a picture, and its frame there or the rule that its name breaks."""
    path = PurePosixPath(image.get("name", ""))
    of_video = _OF_VIDEO.fullmatch(path.stem)
    task = tasks.get(image.get("task_id")) or tasks.get(None)
    if of_video and path.parent == PurePosixPath():
        return task, int(of_video[1])
    number = _NUMBER.search(path.stem)
    frame = (
        f"the picture's name must end in its number, not {path.name[:40]}"
        if number is None
        else int(number[1])
    )
    folder = path.parent.as_posix()
    return task if folder == "." else folder, frame - first if isinstance(frame, int) else frame


def _draft(tag: Element, frame: int | str, name: str) -> Draft:
    given = {one.get("name") or "": one.text or "" for one in tag.iter("attribute")}
    extra = from_texts(given, name)
    own = {key: tag.get(key) for key in OWN if tag.get(key) not in (None, BY_HAND.get(key))}
    return Draft(
        label=tag.get("label"),
        at=frame,
        comment=extra.pop("comment", None),
        annotator=extra.pop("annotator", None),
        extra=extra | own,
    )


def write(out: Outgoing) -> Iterator[Part]:
    """One document per task, which is that of the file a clip came in, else its own: pictures with tags."""
    for name, clips in groupby(out.clips, _file):
        yield Part(name=name, text=_document(name, list(clips), out))


def _file(clip: FileClip | CarriedClip) -> str:
    if isinstance(clip, CarriedClip):
        return clip.raw["file"]
    return clip.extra["cvat"]["file"] if "cvat" in clip.extra else f"{clip.name}.xml"


def _document(name: str, clips: list[FileClip | CarriedClip], out: Outgoing) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
    yield (out.layout.get("meta", {}).get(name) or _meta(clips, out)) + "\n"
    for clip in clips:
        if isinstance(clip, CarriedClip):
            yield from clip.raw["images"]
            continue
        frames: dict[int, list[NewLabel]] = {}
        for label in clip.labels:
            frames.setdefault(label.frame, []).append(label)
        for frame, labels in sorted(frames.items()):
            yield element("image", _picture(clip, frame)).removesuffix("/>") + ">\n"
            yield from map(_tag, labels)
            yield "</image>\n"
    yield "</annotations>\n"


def _meta(clips: list[FileClip | CarriedClip], out: Outgoing) -> str:
    (clip,) = (clip for clip in clips if isinstance(clip, FileClip))
    kinds = (f"<label>{element('name', {}, name)}<type>tag</type></label>\n" for name in out.classes)
    task = f"{element('name', {}, clip.name)}<labels>\n{''.join(kinds)}</labels>"
    return f"<meta><task>{task}{element('source', {}, out.media(clip))}</task></meta>"


def _picture(clip: FileClip, frame: int) -> dict[str, str]:
    """The attributes of a picture; its name as the others of the clip were called."""
    about = dict(clip.extra.get("cvat", {}))
    first, like = about.pop("first", 0), str(about.pop("name", "frame_000000"))
    about.pop("file", None)
    stem, dot, suffix = like.rpartition(".") if "." in PurePosixPath(like).name else (like, "", "")
    found = _NUMBER.search(stem)
    begin, digits = (stem, 6) if found is None else (stem[: found.start()], len(found[1]))
    number = frame if _OF_VIDEO.fullmatch(stem) else frame + first
    size = {key: str(value) for key, value in (("width", clip.width), ("height", clip.height)) if value}
    return {"id": str(frame), "name": f"{begin}{number:0{digits}}{dot}{suffix}"} | size | about


def _tag(label: NewLabel) -> str:
    texts = as_texts(label)
    own = {key: texts.pop(key) for key in OWN if key in texts}
    opened = element("tag", {"label": label.label} | BY_HAND | own).removesuffix("/>")
    attributes = "".join(element("attribute", {"name": key}, text) for key, text in texts.items())
    return f"{opened}>{attributes}</tag>\n"
