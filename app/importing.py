"""Import: a label file and a folder of media become a dataset, every frame checked, or nothing does."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.clocks import clock_of, rated
from app.doubting import doubts_of_labels
from app.grouping import compiled, part_of
from app.indexing import Outcome, Wanted, index_media
from app.mediafiles import MediaFolder, Medium, meant
from app.settings import Settings
from app.workspace import Workspace
from spotting.errors import BadLabels, UnreadableVideo
from spotting.index import VideoIndex
from spotting.progress import Progress
from spotting.rules import Rules
from storage import datasets, doubts
from storage.formats import spot
from storage.formats.clock import Rule
from storage.formats.findings import Finding
from storage.formats.intake import Options
from storage.formats.labelfile import CarriedClip, FileClip, LabelFile
from storage.formats.place import place
from storage.formats.recognise import recognise
from storage.formats.table import read_labels
from storage.formats.truth import pair_truth
from storage.records import NewClip, NewDataset, NewVideo

_SAME_RATE = 0.005
"""Relative difference below which two rates are one, told roughly (29.97 and 30)."""
DEFAULT_SOURCE = r"^(.+?)(?:_\d+_\d+)?$"
"""The source video of `match_3_1200_1450` is `match_3`; other names are their own source."""

PATHS = ("labels", "media", "class_file", "truth")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What a person points at.

    `source_pattern` is a regular expression whose first group (or whole match) in a clip's name is the source
    video it was cut from; clips of one source are always held out together.
    `first_picture` is the number of frame 0 in folders of pictures; None takes 0 and refuses other folders.
    Without `working_copies` folders of pictures are read as they are; videos always get one.
    `format` is that of the label file, recognised where it is None; `time_rule`, `fps` and `columns` say what
    it does not say itself (`storage.formats.intake.Options`).
    """

    labels: Path
    media: Path
    name: str | None = None
    class_file: Path | None = None
    truth: Path | None = None
    source_pattern: str | None = None
    first_picture: int | None = None
    working_copies: bool = True
    format: str | None = None
    time_rule: Rule | None = None
    fps: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def to_params(self) -> dict[str, Any]:
        """As JSON values, paths absolute."""
        values = asdict(self)
        return values | {key: str(values[key].resolve()) for key in PATHS if values[key] is not None}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "ImportRequest":
        """What `to_params` wrote. Raises `BadLabels` where the label file or the media are not named."""
        for key, what in (("labels", "label file"), ("media", "folder of videos")):
            if not params.get(key):
                raise BadLabels(f"say which {what}: its path is empty")
        paths = {key: Path(params[key]) for key in PATHS if params.get(key) is not None}
        return cls(**{**params, **paths})


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import. `doubted` labels wait in review queues for what they say, not for a model."""

    dataset_id: int
    name: str
    clips: int
    labels: int
    doubted: int
    report: tuple[Finding, ...]

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def dataset_name(request: ImportRequest) -> str:
    """The given name, else the label file's, else (for a file called labels.json) its folder's."""
    if request.name and request.name.strip():
        return request.name.strip()
    stem = request.labels.stem
    return request.labels.resolve().parent.name if stem.lower() in ("labels", "label", "labels-v2") else stem


def read_file(request: ImportRequest) -> LabelFile:
    """The label file as it is; its times, if it has any, are not yet frames. Raises `BadLabels`."""
    options = Options(
        rule=request.time_rule,
        fps=request.fps,
        columns=request.columns,
        first_picture=request.first_picture or 0,
    )
    format = request.format or recognise(request.labels)
    return rated(read_labels(request.labels, format, options, request.class_file), request.fps)


def import_dataset(work: Workspace, request: ImportRequest, progress: Progress) -> Imported:
    """Read, find, number, check, then add the dataset in one transaction.

    Raises `BadLabels` when nothing can be taken in, `Conflict` for a taken name, `BadConfig` for a pattern
    that is no regular expression, and `Stopped`; then no dataset is added.
    """
    pattern = compiled(request.source_pattern or DEFAULT_SOURCE, "source pattern")
    file = read_file(request)
    media, missing = found_media(file, MediaFolder(request.media))
    with work.database.reading() as session:
        labelled = datasets.labelled_folders(session)
    wanted = {name: wanted_of(medium, request, work.settings, labelled) for name, medium in media.items()}
    outcomes = index_media(list(dict.fromkeys(wanted.values())), progress)
    reasons: dict[int, str] = dict(missing)
    indexed = {name: outcomes[found.folder] for name, found in wanted.items()}
    file = place(file, lambda clip: clock_of(clip, reasons, media, indexed), request.time_rule or "frame")
    if request.truth is not None:
        file = pair_truth(file, spot.read(request.truth, request.class_file))
    findings: list[Finding] = []
    clips: list[NewClip] = []
    for clip in file.clips:
        if clip.name not in media:
            continue
        outcome = indexed[clip.name]
        refusal = _refusal(clip, outcome)
        if refusal is not None or isinstance(outcome, UnreadableVideo):
            reasons[clip.position] = refusal or str(outcome)
            continue
        findings += _findings(clip, outcome, media[clip.name])
        clips.append(_new_clip(clip, media[clip.name], wanted[clip.name].folder, outcome, pattern))
    clips, grouped = _grouped(clips, request.source_pattern)
    return _add(work, request, _refused(file, reasons), clips, findings + grouped)


def _add(
    work: Workspace,
    request: ImportRequest,
    file: LabelFile,
    clips: Sequence[NewClip],
    findings: list[Finding],
) -> Imported:
    report = (*file.findings, *findings)
    if not any(clip.clip.labels for clip in clips):
        refused = "; ".join(str(finding) for finding in report if finding.level == "refused")
        raise BadLabels(f"{request.labels.name}: no clip with labels could be taken in. {refused[:2000]}")
    new = NewDataset(
        name=dataset_name(request),
        label_file=str(request.labels.resolve()),
        classes=file.classes,
        clips=tuple(clips),
        report=report,
        carried=file.carried,
        layout=file.layout,
    )
    with work.database.writing() as session:
        dataset_id = datasets.add_dataset(session, new)
        labels = datasets.labels(session, dataset_id)
        found = doubts_of_labels(Rules(), datasets.clips(session, dataset_id), labels)
        doubts.put(session, dataset_id, "rules", found)
    return Imported(
        dataset_id=dataset_id,
        name=new.name,
        clips=len(clips),
        labels=len(labels),
        doubted=len({doubt.label_id for doubt in found}),
        report=report,
    )


def found_media(file: LabelFile, folder: MediaFolder) -> tuple[dict[str, Medium], dict[int, str]]:
    """The medium of every clip by name, and by position why a clip has none."""
    media: dict[str, Medium] = {}
    missing: dict[int, str] = {}
    for clip in (*file.clips, *(waiting.clip for waiting in file.pending)):
        candidates = folder.find(clip.name)
        medium = meant(candidates)
        if medium is not None:
            media[clip.name] = medium
        elif candidates:
            names = ", ".join(str(medium.path.relative_to(folder.folder)) for medium in candidates[:5])
            missing[clip.position] = f"{len(candidates)} media have this name: {names}"
        else:
            missing[clip.position] = f"no video or folder of pictures of this name below {folder.folder}"
    return media, missing


def wanted_of(medium: Medium, request: ImportRequest, settings: Settings, labelled: Set[str]) -> Wanted:
    """What to index for a medium; `labelled` are the index folders on whose pictures labels stand."""
    folder, first, style = settings.videos / medium.key(), None, settings.proxy_style
    if medium.kind == "folder":
        unsaid = request.first_picture is None and medium.begins_at_zero()
        first = 0 if unsaid else request.first_picture
        style = style if request.working_copies else None
    return Wanted(medium.path, folder, first, style, str(folder) in labelled)


def _refused(file: LabelFile, reasons: Mapping[int, str]) -> LabelFile:
    """The file with the clips at these positions left out, to go out again on export as they came."""
    left_out = [clip for clip in file.clips if clip.position in reasons]
    carried = [CarriedClip(position=clip.position, raw=file.raw[clip.position]) for clip in left_out]
    return replace(
        file,
        clips=tuple(clip for clip in file.clips if clip.position not in reasons),
        carried=tuple(sorted((*file.carried, *carried), key=lambda entry: entry.position)),
        findings=(*file.findings, *(Finding("refused", c.name, reasons[c.position]) for c in left_out)),
    )


def _refusal(clip: FileClip, outcome: Outcome) -> str | None:
    """Why a clip whose medium was found cannot be taken in, or None."""
    if isinstance(outcome, UnreadableVideo):
        return str(outcome)
    last = max((label.frame for label in clip.labels), default=-1)
    if last >= outcome.num_frames:
        return f"frame {last} is past the end ({outcome.num_frames} frames)"
    if last >= outcome.usable:
        return f"the video is damaged from frame {outcome.usable} on, and a label stands at frame {last}"
    return None


def _findings(clip: FileClip, index: VideoIndex, medium: Medium) -> list[Finding]:
    """What is worth knowing about a clip that was taken in."""
    found = [Finding("noted", clip.name, note) for note in index.notes]
    if medium.kind == "file" and clip.fps and abs(clip.fps / index.fps - 1) > _SAME_RATE:
        message = (
            f"the label file says {clip.fps:.4g} pictures per second, the video has {index.fps:.4g}: "
            "if frames were counted at another rate, labels run away from their events along the video"
        )
        found.append(Finding("noted", clip.name, message))
    if clip.num_frames is not None and clip.num_frames != index.num_frames:
        message = f"num_frames is {clip.num_frames}, but there are {index.num_frames} pictures: counted"
        found.append(Finding("fixed", clip.name, message))
    if index.suspect:
        message = f"{index.usable:,} of {index.num_frames:,} frames are usable: those before the first damage"
        found.append(Finding("noted", clip.name, message))
    for start, stop in index.suspect:
        found.append(Finding("noted", clip.name, f"frames {start} to {stop - 1} are damaged"))
    return found


def _new_clip(
    clip: FileClip, medium: Medium, folder: Path, index: VideoIndex, pattern: re.Pattern[str]
) -> NewClip:
    video = NewVideo(
        path=str(medium.path.resolve()),
        kind=medium.kind,
        folder=str(folder),
        num_frames=index.num_frames,
        fps=index.fps if medium.kind == "file" else None,
        width=index.width,
        height=index.height,
        identity=index.identity.digest,
    )
    return NewClip(clip=clip, source=part_of(clip.name, pattern) or clip.name, video=video)


def _grouped(clips: list[NewClip], asked: str | None) -> tuple[list[NewClip], list[Finding]]:
    """Clips with their own names as sources where nobody chose a pattern and the default lumps all."""
    if asked or len(clips) < 2 or len({clip.source for clip in clips}) > 1:
        return clips, []
    message = (
        "all clips seem cut from one video; each is held out by itself (set a source pattern to change it)"
    )
    return [replace(clip, source=clip.clip.name) for clip in clips], [
        Finding("noted", clips[0].source, message)
    ]
