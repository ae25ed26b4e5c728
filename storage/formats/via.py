"""VIA 3 projects (JSON): metadata at times of a view, which shows one video."""

from collections.abc import Iterator

from spotting.errors import BadLabels
from storage.formats.intake import Intake
from storage.formats.labelfile import CarriedClip, Extra, FileClip, Json
from storage.formats.media_name import media_name
from storage.formats.outgoing import Outgoing, Part, first_written, json_list, json_text
from storage.formats.strict_json import a_list, an_object, decode, parse
from storage.formats.via_attributes import Attributes, draft, entry, is_event, others_noted

TABLES = ("view", "file", "metadata")
VIDEO, LOCAL, ADDRESSES = 4, 1, (2, 3)
"""Kinds of VIA's files: a video; lying with the person; found under an address."""


def read(data: bytes, name: str, intake: Intake) -> None:
    """Take in every view of one file as a clip; an event is the first time of metadata without a region.

    The class is an attribute with options, else the first one; `Options.columns["label"]` names another. Time
    rule: floor or round on the seconds.
    """
    project = parse(decode(data, name), name)
    if not isinstance(project, dict) or not all(isinstance(project.get(key), dict) for key in TABLES):
        raise BadLabels(f"{name}: a VIA 3 project is an object with view, file and metadata")
    intake.rule("floor", "round")
    wanted = intake.options.columns.get("label")
    attributes = Attributes(an_object(project.get("attribute")), wanted)
    intake.layout["root"] = {key: value for key, value in project.items() if key not in TABLES}
    intake.layout["label"] = wanted
    entries: dict[str, dict[str, Json]] = {view: {} for view in project["view"]}
    for identity, metadata in project["metadata"].items():
        view = an_object(metadata).get("vid")
        entries.setdefault(view if isinstance(view, str) else "", {})[identity] = metadata
    for view, metadata in entries.items():
        _take(view, metadata, project, attributes, name, intake)


def _take(
    view: str, metadata: Extra, project: Extra, attributes: Attributes, name: str, intake: Intake
) -> None:
    shown = project["view"].get(view)
    ids = [key for key in a_list(an_object(shown).get("fid_list")) if isinstance(key, str | int)]
    files = {str(key): project["file"].get(str(key)) for key in ids}
    raw = {"view": {view: shown} if shown is not None else {}, "file": files, "metadata": metadata}
    if len(files) != 1:
        intake.left_out(raw, f"the view shows {len(files)} files: one is needed")
        return
    others = {key: one for key, one in metadata.items() if not is_event(an_object(one))}
    drafts = [
        draft({**an_object(one), "id": key}, attributes, name)
        for key, one in metadata.items()
        if key not in others
    ]
    (file,) = map(an_object, files.values())
    clip = media_name(file.get("src") if file.get("loc") in ADDRESSES else file.get("fname"))
    intake.clip(clip, drafts, raw=raw, extra={"via": raw | {"metadata": others}})
    others_noted(others, clip or name, intake)


def write(out: Outgoing) -> Iterator[Part]:
    """The whole dataset as one project."""
    yield Part(name=f"{out.name}.json", text=_text(out))


def _text(out: Outgoing) -> Iterator[str]:
    """Metadata first, a line each; the small tables of views and files, known then, after them."""
    root: Extra = out.layout.get("root") or {"project": _project(out.name), "config": _config()}
    attributes = Attributes(an_object(root.get("attribute")), out.layout.get("label")).with_ours(out.classes)
    tables: dict[str, Extra] = {"view": {}, "file": {}}
    yield '{"metadata": '
    yield from json_list(_metadata(out, attributes, tables), "{}")
    if "root" not in out.layout:
        root["project"]["vid_list"] = list(tables["view"])
    for key, value in (root | {"attribute": attributes.table} | tables).items():
        yield f",\n{json_text(key)}: {json_text(value)}"
    yield "}\n"


def _metadata(out: Outgoing, attributes: Attributes, tables: dict[str, Extra]) -> Iterator[str]:
    for clip in out.clips:
        about = clip.raw if isinstance(clip, CarriedClip) else clip.extra.get("via") or _about(clip, out)
        for key in tables:
            tables[key].update(about[key])
        events = (
            {} if isinstance(clip, CarriedClip) else _events(clip, next(iter(about["view"])), attributes, out)
        )
        for identity, metadata in (about["metadata"] | events).items():
            yield f"{json_text(identity)}: {json_text(metadata)}"


def _about(clip: FileClip, out: Outgoing) -> Extra:
    key = str(clip.position + 1)
    file = {"fid": key, "fname": out.media(clip), "type": VIDEO, "loc": LOCAL, "src": ""}
    return {"view": {key: {"fid_list": [key]}}, "file": {key: file}, "metadata": {}}


def _events(clip: FileClip, view: str, attributes: Attributes, out: Outgoing) -> Extra:
    events: Extra = {}
    for i, label in enumerate(clip.labels):
        times, values = entry(clip, label, attributes, out)
        identity = first_written(label).get("id") or f"{view}_respot{i:06}"
        events[identity] = {"vid": view, "flg": 0, "z": times, "xy": [], "av": values}
    return events


def _project(name: str) -> Extra:
    about = {"pid": "__VIA_PROJECT_ID__", "rev": "__VIA_PROJECT_REV_ID__"}
    about |= {"rev_timestamp": "__VIA_PROJECT_REV_TIMESTAMP__", "pname": name, "creator": "respot"}
    return about | {"created": 0, "vid_list": []}


def _config() -> Extra:
    shown = {"file_content_align": "center", "file_metadata_editor_visible": True}
    shown |= {"spatial_metadata_editor_visible": False, "spatial_region_label_attribute_id": ""}
    return {"file": {"loc_prefix": {"1": "", "2": "", "3": "", "4": ""}}, "ui": shown}
