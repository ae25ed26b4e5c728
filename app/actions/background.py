"""What one finds out who looks longer at a label: its trace, norms, the class's meaning, the own log."""

from dataclasses import asdict, dataclass
from typing import Any

from app.actions import biases
from app.actions.kept import audited_of
from app.actions.record import track_record
from app.media import strip_of
from app.workspace import Workspace
from storage import background, datasets, decision_log, definitions, reviews

Json = dict[str, Any]
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDefinition:
    """What a class of a dataset means from now on."""

    label: str
    text: str
    examples: tuple[definitions.Example, ...]
    annotator: str


def behind(work: Workspace, label_id: int, annotator: str) -> Json:
    """Trace, record of suggestions like it, norms and definition of its class, known biases, what it is of.

    Raises `NotFound`.

    The trace is the suggestion's run's; none for a label that has no suggestion.
    """
    with work.database.reading() as session:
        item = reviews.item(session, label_id)
        run_id = item.suggestion and item.suggestion.run_id
        of = (session, item.dataset_id, item.label)
        trace = None if run_id is None else background.trace(session, label_id, run_id)
        found = audited_of(session, item.dataset_id)
        where = background.belongs(session, label_id)
        norms = {"class_norm": background.norm(*of), "own_norm": background.norm(*of, annotator)}
        return {
            "trace": trace and asdict(trace),
            "record": item.suggestion and track_record(found, item.suggestion.confidence),
            "belongs": where,
            "biases": biases.known(session, item.dataset_id, found, where, run_id),
            **{name: norm and asdict(norm) for name, norm in norms.items()},
            "definition": _defined(session, item.dataset_id, item.label),
        }


def define(work: Workspace, dataset_id: int, new: NewDefinition) -> Json:
    """Write down what a class means; the definition as it is shown. Errors as in `definitions.put`."""
    with work.database.writing() as session:
        definitions.put(session, dataset_id, new.label, new.text, new.examples, new.annotator)
        return {"definition": _defined(session, dataset_id, new.label)}


def decision_page(work: Workspace, dataset_id: int, annotator: str, before: int | None) -> Json:
    """A page of a person's own decisions, newest first, and where it goes on. Raises `NotFound`."""
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        entries = decision_log.latest(session, dataset_id, annotator, before, PAGE)
    told = [asdict(entry) | {"decided_at": entry.decided_at.isoformat()} for entry in entries]
    return {"decisions": told, "next": entries[-1].id if len(entries) == PAGE else None}


def _defined(session: Any, dataset_id: int, label: str) -> Json | None:
    found = definitions.get(session, dataset_id, label)
    if found is None:
        return None
    return {
        "text": found.text,
        "annotator": found.annotator,
        "changed_at": found.changed_at.isoformat(),
        "examples": [_pictured(session, example) for example in found.examples],
    }


def _pictured(session: Any, example: definitions.Example) -> Json:
    clip = datasets.get_clip(session, example.clip_id)
    return asdict(example) | {"clip": clip.name, "url": strip_of(clip, example.frame, side=0).told()["url"]}
