"""A dataset whose right frames are known, with suggestions, and somebody who settles its blind audit."""

from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from app.actions import review
from app.workspace import Workspace
from storage import datasets, reviews, runs, suggestions
from storage.formats.labelfile import NewLabel
from storage.records import NewDataset, NewDecision
from tests.app.tiny import workspace_in
from tests.storage.conftest import make_clip, make_suggestion

CLIPS, PER_CLIP = 16, 50
LATE = 2
KEYS = count()


@contextmanager
def rally_in(folder: Path, clips: int = CLIPS) -> Generator[Workspace]:
    """50 labels a clip, two frames early, 15 % of them in the blind audit; but for some bounces, suggestions
    are right."""
    with workspace_in(folder) as fresh:
        labels = [NewLabel(label=("hit", "bounce")[i % 2], frame=10 * i + 5) for i in range(PER_CLIP)]
        made = tuple(make_clip(f"m_{i}", i, labels, num_frames=600) for i in range(clips))
        new = NewDataset(name="rally", label_file="labels.json", classes=("hit", "bounce"), clips=made)
        with fresh.database.writing() as session:
            dataset_id = datasets.add_dataset(session, new)
            run_id = runs.create_run(session, dataset_id, {}, folds=2)
            rows = [
                (
                    label.id,
                    make_suggestion(
                        label.frame, 9 if wrong(label.id, label.label) else LATE, sure(label.label)
                    ),
                )
                for label in datasets.labels(session, dataset_id)
            ]
            suggestions.put(session, run_id, rows, provisional=False, epoch=1)
            suggestions.mix_audit(session, run_id)
        yield fresh


def wrong(label_id: int, label: str) -> bool:
    return label == "bounce" and label_id % 10 == 0


def sure(label: str) -> float:
    return 0.99 if label == "hit" else 0.8


def audit_all(work: Workspace, most: int = 200) -> list[dict[str, Any]]:
    """Settle the blind audit, or the next `most` of it, as somebody who sees the right frame."""
    items = review.queue(work, 1, name="audit", annotator="anna", limit=most)["items"]
    with work.database.writing() as session:
        for item in items:
            frame = item["frame"] + LATE
            new = {"key": f"a-{next(KEYS)}", "verdict": "set", "annotator": "anna", "frame": frame}
            reviews.record(session, NewDecision(label_id=item["label_id"], **new))
    return items
