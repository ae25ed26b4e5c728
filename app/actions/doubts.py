"""What a person does about labels that may be wrong in more than their frame: state rules, check them."""

from collections import defaultdict
from typing import Any

from app.doubting import doubt_again
from app.workspace import Workspace
from spotting.doubts import ClipLabels, Doubt
from spotting.events import Event
from spotting.overlap import differences
from spotting.rules import broken, read_rules
from storage import audit_stream, datasets, doubts, reviews
from storage.doubts import NewDoubt
from storage.records import LabelRecord

Json = dict[str, Any]
QUEUES = {
    "likely": "Likely errors",
    "audit": "Blind audit",
    "clip": "In clip order",
    "missing": "Missing?",
    "spurious": "Spurious?",
    "swapped": "Another class?",
    "order": "Against the rules",
    "duplicate": "Written twice?",
    "overlap": "Differs between clips",
    "flagged": "Flagged",
    "second": "For a second person",
    "apart": "Two people differ",
    "mine": "Decided by me",
    "all": "All labels",
}


def check(work: Workspace, dataset_id: int, rules: str | None = None) -> Json:
    """Check every label: rules (TOML; None: those stated before), duplicates, overlaps, what a run predicts.

    What is found waits in queues; what was dismissed stays dismissed. Raises `NotFound`, `BadConfig` for
    rules that cannot be.
    """
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        stated = doubts.rules(session, dataset_id) if rules is None else rules
        clips = datasets.clips(session, dataset_id)
        of_clip: dict[int, list[LabelRecord]] = defaultdict(list)
        for label in datasets.labels(session, dataset_id):
            of_clip[label.clip_id].append(label)
    parsed = read_rules(stated, dataset.classes)
    ids = [[label.id for label in of_clip[clip.id]] for clip in clips]
    checked = [
        ClipLabels(
            clip.name, clip.num_frames, tuple(Event(label.label, label.frame) for label in of_clip[clip.id])
        )
        for clip in clips
    ]
    found = [_new(doubt, ids) for doubt in (*broken(parsed, checked), *differences(checked))]
    with work.database.writing() as session:
        doubts.set_rules(session, dataset_id, stated)
        doubts.put(session, dataset_id, "rules", found)
    doubt_again(work, dataset_id)
    return told(work, dataset_id)


def _new(doubt: Doubt, ids: list[list[int]]) -> NewDoubt:
    """The doubt by ids of labels; rules and overlaps doubt labels that are there."""
    assert doubt.event is not None
    other = None if doubt.other is None else ids[doubt.other[0]][doubt.other[1]]
    label_id = ids[doubt.clip][doubt.event]
    return NewDoubt(
        kind=doubt.kind, reason=doubt.reason, weight=doubt.weight, label_id=label_id, other_id=other
    )


def told(work: Workspace, dataset_id: int) -> Json:
    """The rules of a dataset and how many labels each kind of doubt has open. Raises `NotFound`."""
    with work.database.reading() as session:
        rules = doubts.rules(session, dataset_id)
        return {"rules": rules, "open": doubts.counts(session, dataset_id)}


def queues(session: Any, dataset_id: int) -> list[Json]:
    """The queues that have something to offer, by name, title and count (None: not counted)."""
    audit = audit_stream.progress(session, dataset_id)
    flagged = reviews.progress(session, dataset_id).flagged
    counts: dict[str, int | None] = {
        **doubts.counts(session, dataset_id),
        "audit": audit.total - audit.settled,
    }
    shown = [name for name in QUEUES if counts.get(name) != 0]
    return [
        {
            "name": name,
            "title": QUEUES[name],
            "count": counts.get(name, flagged if name == "flagged" else None),
        }
        for name in shown
    ]
