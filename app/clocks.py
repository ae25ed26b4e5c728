"""The time axes of clips at import: what turns the times of a label file into frames."""

from collections.abc import Mapping
from dataclasses import replace

from app.indexing import Outcome
from app.mediafiles import Medium
from spotting.errors import Conflict, UnreadableVideo
from storage.formats.clock import Clock, Constant, exact_rate, video_clock
from storage.formats.labelfile import FileClip, LabelFile


def rated(file: LabelFile, fps: float | None) -> LabelFile:
    """The file with `fps` where it does not say how many pictures there are per second."""
    if fps is None:
        return file
    clips = (replace(clip, fps=clip.fps or fps) for clip in file.clips)
    pending = (replace(p, clip=replace(p.clip, fps=p.clip.fps or fps)) for p in file.pending)
    return replace(file, clips=tuple(clips), pending=tuple(pending))


def clock_of(
    clip: FileClip,
    missing: Mapping[int, str],
    media: Mapping[str, Medium],
    indexed: Mapping[str, Outcome],
) -> Clock | None:
    """The time axis of a clip: its video's, or for a folder of pictures the rate that was given.

    None where there is no rate. Raises `Conflict` for a clip without a readable medium.
    """
    if clip.position in missing:
        raise Conflict(missing[clip.position])
    outcome = indexed[clip.name]
    if isinstance(outcome, UnreadableVideo):
        raise Conflict(str(outcome))
    if media[clip.name].kind == "file":
        return video_clock(outcome)
    return None if clip.fps is None else Constant(exact_rate(clip.fps))
