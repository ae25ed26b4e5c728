"""What a person does about labels that may be wrong in more than their frame: state rules, check them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.doubting import doubt_again, doubts_of_labels
from app.workspace import Workspace
from spotting.rules import forbid, rare_successions, read_rules
from storage import audit_stream, datasets, doubts, reviews
from storage.successions import successions

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
        clips, labels = datasets.clips(session, dataset_id), datasets.labels(session, dataset_id)
    found = doubts_of_labels(read_rules(stated, dataset.classes), clips, labels)
    with work.database.writing() as session:
        doubts.set_rules(session, dataset_id, stated)
        doubts.put(session, dataset_id, "rules", found)
    doubt_again(work, dataset_id)
    return told(work, dataset_id)


def rare(work: Workspace, dataset_id: int) -> list[Json]:
    """Which class seldom follows which (`spotting.rules.Succession`) and no rule forbids yet, rarest first.

    Raises `NotFound`.
    """
    with work.database.reading() as session:
        dataset = datasets.get_dataset(session, dataset_id)
        stated = read_rules(doubts.rules(session, dataset_id), dataset.classes)
        found = rare_successions(successions(session, dataset_id))
    return [asdict(each) for each in found if (each.one, each.other) not in stated.never]


def check_forbidding(work: Workspace, dataset_id: int, rules: str, never: Sequence[tuple[str, str]]) -> Json:
    """`check` by `rules` and by pairs of classes that never follow one another besides. Raises as `check`."""
    return check(work, dataset_id, forbid(rules, never))


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
