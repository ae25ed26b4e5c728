"""True frames for labels, from a second label file with the same clips and events."""

from dataclasses import replace

from spotting.errors import BadLabels
from storage.formats.labelfile import FileClip, LabelFile, NewLabel


def pair_truth(labels: LabelFile, truth: LabelFile) -> LabelFile:
    """`labels` with every `true_frame` filled in from `truth`, by clip name and event position.

    The true frame is the event's `time` (in frames, real-valued) where that rounds to its `frame`, else its
    `frame`. Raises `BadLabels` where a clip is missing in `truth`, or has other classes or another count.
    """
    by_name = {clip.name: clip for clip in truth.clips}
    return replace(labels, clips=tuple(_pair(clip, by_name.get(clip.name)) for clip in labels.clips))


def _pair(clip: FileClip, truth: FileClip | None) -> FileClip:
    if truth is None:
        raise BadLabels(f"truth file: clip {clip.name} is missing")
    if len(truth.labels) != len(clip.labels):
        raise BadLabels(
            f"truth file, clip {clip.name}: {len(truth.labels)} events for {len(clip.labels)} labels"
        )
    for i, (label, true) in enumerate(zip(clip.labels, truth.labels, strict=True)):
        if label.label != true.label:
            raise BadLabels(
                f"truth file, clip {clip.name}, event {i}: {true.label} where labels say {label.label}"
            )
    pairs = zip(clip.labels, truth.labels, strict=True)
    return replace(clip, labels=tuple(replace(label, true_frame=_true(true)) for label, true in pairs))


def _true(label: NewLabel) -> float:
    time = label.extra.get("time")
    if isinstance(time, int | float) and abs(time - label.frame) <= 0.5 + 1e-6:
        return float(time)
    return float(label.frame)
