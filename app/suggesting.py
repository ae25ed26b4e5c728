"""Evidence of all members of a run, put together into one suggestion per label."""

from collections.abc import Sequence
from dataclasses import dataclass

from app import evidence_files
from app.actions.training import stated_sigma
from app.evidence_files import StoredEvidence
from app.workspace import Workspace
from spotting.events import Evidence, Suggestion
from spotting.posterior import Realignment, suggest
from storage import datasets, runs, standings, suggestions
from storage.records import RunRecord


@dataclass(frozen=True, slots=True)
class Suggested:
    """How many labels have a suggestion now, whether every member has finished, what to tell the person."""

    labels: int
    final: bool
    notes: tuple[str, ...]


def suggest_all(work: Workspace, run_id: int, fold: int | None = None) -> Suggested:
    """Fit the label noise over all evidence of a run, and store suggestions.

    Of the member `fold` only, while others still train; of all members otherwise. Raises `NotFound`.
    """
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
    stored = {number: evidence_files.load(work.member_folder(run_id, number)) for number in range(run.folds)}
    members = {number: member for number, member in stored.items() if member is not None}
    final = all(member is not None and member.final for member in stored.values())
    if not members:
        return Suggested(0, False, ())
    found = _realigned(work, run, list(members.values()))
    rows = _by_member(members, found.suggestions)
    with work.database.writing() as session:
        for number, member in members.items():
            if final or fold in (None, number):
                provisional = not member.final
                suggestions.put(session, run_id, rows[number], provisional=provisional, epoch=member.epoch)
    return Suggested(len(found.suggestions), final, found.notes)


def _by_member(
    members: dict[int, StoredEvidence], found: Sequence[Suggestion]
) -> dict[int, list[tuple[int, Suggestion]]]:
    """The suggestions of each member with their label ids; `found` holds them one member after the other."""
    rows: dict[int, list[tuple[int, Suggestion]]] = {}
    begin = 0
    for number, member in members.items():
        end = begin + len(member.evidence)
        rows[number] = list(zip(member.label_ids_G.tolist(), found[begin:end], strict=True))
        begin = end
    return rows


def _realigned(work: Workspace, run: RunRecord, members: Sequence[StoredEvidence]) -> Realignment:
    with work.database.reading() as session:
        lengths = {clip.id: clip.num_frames for clip in datasets.clips(session, run.dataset_id)}
        labels = {label.id: label for label in datasets.labels(session, run.dataset_id)}
        settled = standings.settled_by_people(session, run.dataset_id)
    ids = [label_id for member in members for label_id in member.label_ids_G.tolist()]
    pieces: list[Evidence] = [piece for member in members for piece in member.evidence]
    told = [labels[label_id] for label_id in ids]
    return suggest(
        [piece.scores_S for piece in pieces],
        [label.frame for label in told],
        [label.label for label in told],
        [lengths[label.clip_id] for label in told],
        clip_ids=[label.clip_id for label in told],
        reviewed={row: settled[label_id] for row, label_id in enumerate(ids) if label_id in settled},
        sigma=stated_sigma(run),
        matched=[None if piece.matched is None else piece.matched.offset for piece in pieces],
    )
