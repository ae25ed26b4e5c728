"""The table of label formats: what each is called, reads, writes, and cannot carry."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from spotting.errors import BadConfig, BadLabels
from storage.formats import (
    activitynet,
    boris,
    boris_table,
    coco,
    cvat,
    delimited,
    eaf,
    fcpxml,
    fiftyone,
    label_studio,
    labelu,
    osl,
    parquet,
    premiere,
    soccernet,
    sportscode,
    spot,
    via,
    via_table,
    webvtt,
)
from storage.formats.classes import classes_of
from storage.formats.clock import Rule
from storage.formats.container import members
from storage.formats.intake import Options, gathered
from storage.formats.labelfile import LabelFile
from storage.formats.losses import Carries
from storage.formats.outgoing import Outgoing, Part

Reader = Callable[[Iterable[tuple[str, bytes]], Options], LabelFile]
Writer = Callable[[Outgoing], Iterator[Part]]

ALL = Carries(comment=True, annotator=True, score=True, keys=True, clip_keys=True, empty_clips=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One label format. `extensions`: the first is that of an export. `rules`: how its events can be placed.

    `many`: a dataset is several files, one per video or game; they come and go as a folder or a zip.
    `everything`: it holds the tables of the dataset, removed labels and all.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    rules: tuple[Rule, ...]
    carries: Carries
    read: Reader | None = None
    write: Writer | None = None
    many: bool = False
    everything: bool = False


TIMES: tuple[Rule, ...] = ("floor", "round")
ANY: tuple[Rule, ...] = ("frame", "floor", "round")

FORMATS = (
    Format(
        name="spot",
        title="Spot JSON (E2E-Spot, T-DEED)",
        extensions=(".json",),
        rules=("frame",),
        carries=ALL,
        read=spot.read_members,
        write=spot.parts,
    ),
    Format(
        name="soccernet",
        title="SoccerNet Labels-v2.json",
        extensions=(".json",),
        rules=ANY,
        carries=replace(ALL, clip_keys=False),
        read=gathered(soccernet.read),
        write=soccernet.write,
        many=True,
    ),
    Format(
        name="osl",
        title="OpenSportsLab JSON v2",
        extensions=(".json",),
        rules=ANY,
        carries=ALL,
        read=gathered(osl.read),
        write=osl.write,
    ),
    Format(
        name="eaf",
        title="ELAN .eaf",
        extensions=(".eaf",),
        rules=TIMES,
        carries=replace(ALL, clip_keys=False),
        read=gathered(eaf.read),
        write=eaf.write,
        many=True,
    ),
    Format(
        name="csv",
        title="CSV, columns by --column",
        extensions=(".csv",),
        rules=ANY,
        carries=replace(ALL, clip_keys=False),
        read=gathered(delimited.reader(",")),
        write=delimited.writer(",", ".csv"),
    ),
    Format(
        name="tsv",
        title="TSV, columns by --column",
        extensions=(".tsv", ".txt"),
        rules=ANY,
        carries=replace(ALL, clip_keys=False),
        read=gathered(delimited.reader("\t")),
        write=delimited.writer("\t", ".tsv"),
    ),
    Format(
        name="label-studio",
        title="Label Studio tasks with timeline labels",
        extensions=(".json",),
        rules=ANY,
        carries=ALL,
        read=gathered(label_studio.read),
        write=label_studio.write,
    ),
    Format(
        name="fiftyone",
        title="FiftyOne temporal detections",
        extensions=(".json",),
        rules=("frame",),
        carries=replace(ALL, clip_keys=False),
        read=gathered(fiftyone.read),
        write=fiftyone.write,
    ),
    Format(
        name="activitynet",
        title="ActivityNet JSON (THUMOS, mmaction2)",
        extensions=(".json",),
        rules=ANY,
        carries=ALL,
        read=gathered(activitynet.read),
        write=activitynet.write,
    ),
    Format(
        name="labelu",
        title="LabelU JSON, frame tool",
        extensions=(".json",),
        rules=ANY,
        carries=ALL,
        read=gathered(labelu.read),
        write=labelu.write,
    ),
    Format(
        name="boris",
        title="BORIS project",
        extensions=(".boris", ".boris.gz"),
        rules=ANY,
        carries=Carries(comment=True, keys=frozenset(boris.KEYS), empty_clips=True),
        read=gathered(boris.read),
        write=boris.write,
    ),
    Format(
        name="boris-tsv",
        title="BORIS events (TSV)",
        extensions=(".tsv",),
        rules=ANY,
        carries=replace(ALL, clip_keys=False, empty_clips=False),
        read=gathered(boris_table.read),
        write=boris_table.write,
    ),
    Format(
        name="via",
        title="VIA 3 project (JSON)",
        extensions=(".json",),
        rules=TIMES,
        carries=replace(ALL, clip_keys=False),
        read=gathered(via.read),
        write=via.write,
    ),
    Format(
        name="via-csv",
        title="VIA 3 CSV",
        extensions=(".csv",),
        rules=TIMES,
        carries=replace(ALL, clip_keys=False, empty_clips=False),
        read=gathered(via_table.read),
        write=via_table.write,
    ),
    Format(
        name="cvat",
        title="CVAT for images 1.1, tags",
        extensions=(".xml",),
        rules=("frame",),
        carries=replace(ALL, clip_keys=False),
        read=gathered(cvat.read),
        write=cvat.write,
        many=True,
    ),
    Format(
        name="webvtt",
        title="WebVTT",
        extensions=(".vtt",),
        rules=(),
        carries=replace(ALL, clip_keys=False),
        write=webvtt.write,
        many=True,
    ),
    Format(
        name="sportscode",
        title="Sportscode XML",
        extensions=(".xml",),
        rules=(),
        carries=replace(ALL, clip_keys=False),
        write=sportscode.write,
        many=True,
    ),
    Format(
        name="fcpxml",
        title="Final Cut Pro markers (FCPXML 1.9)",
        extensions=(".fcpxml",),
        rules=(),
        carries=replace(ALL, clip_keys=False),
        write=fcpxml.write,
        many=True,
    ),
    Format(
        name="premiere",
        title="Premiere Pro markers (Final Cut Pro 7 XML)",
        extensions=(".xml",),
        rules=(),
        carries=replace(ALL, clip_keys=False),
        write=premiere.write,
        many=True,
    ),
    Format(
        name="coco",
        title="COCO-like JSON, a picture per labelled frame",
        extensions=(".json",),
        rules=(),
        carries=ALL,
        write=coco.write,
    ),
    Format(
        name="parquet",
        title="Parquet of everything: labels, decisions, suggestions, runs",
        extensions=(".parquet",),
        rules=(),
        carries=ALL,
        write=parquet.write,
        many=True,
        everything=True,
    ),
)


def find_format(name: str) -> Format:
    """The format of that name. Raises `BadConfig`."""
    found = next((format for format in FORMATS if format.name == name), None)
    if found is None:
        raise BadConfig(
            f"there is no label format {name}: choose one of {', '.join(f.name for f in FORMATS)}"
        )
    return found


def read_labels(path: Path, name: str, options: Options, class_file: Path | None = None) -> LabelFile:
    """Read the label file at `path`, or a folder or zip of them, in the format called `name`.

    Classes come from `class_file`, else `<stem>.class.txt` or `class.txt` beside the file, else the file.
    Raises `BadLabels` for what is no file of this format, `BadConfig` for a format that is not read.
    """
    format = find_format(name)
    if format.read is None:
        raise BadConfig(f"{format.title} is written, not read")
    if options.rule not in (None, *format.rules):
        raise BadLabels(f"{path.name}: {format.title} is not read by time rule {options.rule}")
    classes = classes_of(path, class_file)
    file = format.read(members(path, format.extensions), replace(options, classes=classes))
    return replace(file, layout=file.layout | {"format": name, "rule": options.rule})
