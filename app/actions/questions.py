"""Questions that settle a whole class, annotator or video with one answer, and what an answer does."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from app.actions import batches as moves
from app.actions.refits import refit
from app.workspace import Workspace
from spotting.errors import BadConfig, Conflict, NotFound
from spotting.progress import Progress, silent
from storage import answers, batches, datasets, queue_counts
from storage.answers import Answer, AnswerRecord, Finding, GroupKind
from storage.batches import Group
from storage.moves import shown_run

Json = dict[str, Any]
ANSWERS: tuple[Answer, ...] = ("keep", "move", "open")


def questions(work: Workspace, dataset_id: int) -> list[Json]:
    """What the suggestions shown leave to a person, and what was answered.

    Each tells `of` (class, annotator or video), `name`, `labels`, `frames`, `words`, the `choices` as
    (answer, words), `review` (the address of a class's labels in Review; None of others), and `answer` (None
    while it is open), `by` and `batch_id`. Raises `NotFound`.
    """
    with work.database.reading() as session:
        datasets.get_dataset(session, dataset_id)
        shown = shown_run(session, dataset_id)
        found = [] if shown is None else answers.findings(session, shown)
        held = answers.holding(session, dataset_id)
        told = {
            (each.of, each.name): asdict(each)
            | {"choices": _choices(each, meant), "review": _review(session, dataset_id, each)}
            for each in found
            for meant in [_meant(session, dataset_id, each, held.get((each.of, each.name)))]
        }
    for key, answer in held.items():
        known = told.get(key)
        shown = {"of": answer.of, "name": answer.name, "labels": None, "frames": answer.frames, "choices": []}
        told[key] = (known or shown | {"words": _said(answer)}) | {
            "answer": answer.answer,
            "by": answer.annotator,
            "batch_id": answer.batch_id,
        }
    unanswered = {"answer": None, "by": None, "batch_id": None, "review": None}
    return [unanswered | each for each in told.values()]


def _review(session: Any, dataset_id: int, finding: Finding) -> str | None:
    """Where a class's labels are looked at: those of the blind audit first."""
    if finding.of != "class":
        return None
    blind = queue_counts.size(session, dataset_id, "audit", "", label_class=finding.name)
    queue = "audit" if blind else "likely"
    asked = {"open": "review", "dataset": dataset_id, "queue": queue, "class": finding.name}
    return f"/?{urlencode(asked)}"


def _meant(session: Any, dataset_id: int, finding: Finding, held: AnswerRecord | None) -> int:
    """How many labels a move moves, or moved if that was the answer."""
    if held is not None and held.batch_id is not None:
        return batches.get_batch(session, held.batch_id).done
    return batches.movable(session, dataset_id, _group(finding))


def _choices(finding: Finding, meant: int) -> list[list[str]]:
    if not finding.frames:
        return [["keep", "keep its labels as they are, unless reviews tell more"]]
    by = round(finding.frames)
    choices = [["keep", "the labels are right as they are: keep this convention"]]
    if by:
        frames = f"{abs(by)} frame{'s' if abs(by) > 1 else ''} {'later' if by > 0 else 'earlier'}"
        which = "all {:,} labels" if meant == finding.labels else "the {:,} labels that nobody settled"
        what = f"what stands out is meant: move {which.format(meant)} {frames}"
        choices.append(["move", f"{what}, until each is settled"])
    return choices


def _said(answer: AnswerRecord) -> str:
    what = "keeps its labels" if answer.answer == "keep" else f"moved by {round(answer.frames):+d} frames"
    return f"{answer.of} {answer.name}: {what}"


def answer(
    work: Workspace,
    dataset_id: int,
    *,
    of: str,
    name: str,
    answer: str,
    annotator: str,
    key: str,
    progress: Progress = silent,
) -> list[Json]:
    """Answer the question about a group; the questions as they stand then.

    "keep": its labels are right as they are on average, so single ones may move. "move": all its labels
    that nobody settled are moved by the measured offset, as one batch that can be taken back; each still
    waits for its own decision. "open" takes the answer back, and
    its batch. The label noise is fitted again, without training. Raises `NotFound` for no such question,
    `BadConfig` for another answer, `Conflict` for a move of no whole frame.
    """
    if answer not in ANSWERS:
        raise BadConfig(f"the answer is {answer!r}: must be one of {', '.join(ANSWERS)}")
    finding = _finding(work, dataset_id, of, name)
    by = round(finding.frames)
    if answer == "move" and by == 0:
        raise Conflict(f"{of} {name} is off by less than half a frame: there is nothing to move")
    with work.database.reading() as session:
        before = answers.holding(session, dataset_id).get((finding.of, finding.name))
    if before is not None and before.batch_id is not None:
        moves.undo(work, before.batch_id, annotator=annotator, key=f"{key}-back", progress=progress)
    batch_id = None
    if answer == "move":
        group = _group(finding)
        moved = moves.move(
            work, dataset_id, by=by, group=group, annotator=annotator, key=key, progress=progress
        )
        batch_id = moved["id"]
    with work.database.writing() as session:
        answers.add(session, dataset_id, finding, answer, annotator=annotator, batch_id=batch_id)
        refit(session, dataset_id)
    return questions(work, dataset_id)


def _finding(work: Workspace, dataset_id: int, of: str, name: str) -> Finding:
    """What is asked about a group, or was when it was answered."""
    told = [each for each in questions(work, dataset_id) if (each["of"], each["name"]) == (of, name)]
    if not told:
        raise NotFound(f"nothing is asked about {of} {name}")
    known = told[0]
    words, labels = known["words"], known["labels"] or 0
    return Finding(of=known["of"], name=name, labels=labels, frames=known["frames"], words=words)


def _group(finding: Finding) -> Group:
    fields: dict[GroupKind, str] = {"class": "label", "annotator": "annotator", "video": "source"}
    return Group(**{fields[finding.of]: finding.name})
