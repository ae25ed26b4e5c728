"""Labels with their evidence and their truth, as arrays in one file: all that read-outs need."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spotting.corruption import Corrupted


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """G labels: clip and place in it, class, frame, frames in the clip; `scores_GS`, the evidence around it.

    `source_G` names the video, `annotator_G` who labelled it, "" where that is not known. `true_G` is the
    precise frame, -1 for a spurious label; `right_class_G` tells whether the class is right.
    """

    clip_G: NDArray[np.int64]
    event_G: NDArray[np.int64]
    class_G: NDArray[np.str_]
    frame_G: NDArray[np.int64]
    length_G: NDArray[np.int64]
    source_G: NDArray[np.str_]
    annotator_G: NDArray[np.str_]
    true_G: NDArray[np.int64]
    right_class_G: NDArray[np.bool_]
    scores_GS: NDArray[np.float32]

    def save(self, path: Path) -> None:
        """Write to `path`, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        with partial.open("wb") as file:
            np.savez_compressed(file, **{field.name: getattr(self, field.name) for field in fields(self)})
        partial.replace(path)


def load(path: Path) -> Labels:
    """What `Labels.save` wrote."""
    with np.load(path) as stored:
        return Labels(**{field.name: stored[field.name] for field in fields(Labels)})


def gather(asked: Corrupted, found: Sequence[tuple[int, int, NDArray[np.float32]]]) -> Labels:
    """The labels of `asked` in their order, with the curves `found` for (clip, event)."""
    curves = {(clip, event): scores_S for clip, event, scores_S in found}
    rows = [
        (number, place, label, event, len(clip.frames))
        for number, (clip, truth) in enumerate(zip(asked.clips, asked.truth, strict=True))
        for place, (label, event) in enumerate(zip(clip.events, truth, strict=True))
    ]
    return Labels(
        clip_G=np.array([row[0] for row in rows]),
        event_G=np.array([row[1] for row in rows]),
        class_G=np.array([row[2].label for row in rows]),
        frame_G=np.array([row[2].frame for row in rows]),
        length_G=np.array([row[4] for row in rows]),
        source_G=np.array([asked.clips[row[0]].source for row in rows]),
        annotator_G=np.array([asked.annotators[row[0]] or "" for row in rows]),
        true_G=np.array([-1 if row[3] is None else row[3].frame for row in rows]),
        right_class_G=np.array([row[3] is not None and row[3].label == row[2].label for row in rows]),
        scores_GS=np.stack([curves[row[0], row[1]] for row in rows]),
    )
