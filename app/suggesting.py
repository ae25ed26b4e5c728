"""Evidence of all members of a run, put together into one suggestion per label."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import evidence_files
from app.asking import asked
from app.evidence_files import StoredEvidence
from app.plan import late_epochs, member_numbers, plan_of, train_config
from app.workspace import Workspace
from spotting.density import combined_scores
from spotting.events import Suggestion
from spotting.posterior import Realignment, suggest
from spotting.recalibration import recalibrate
from spotting.traces import between, together
from storage import answers, audit_stream, checkpoints, datasets, runs, standings, suggestions
from storage.audit_stream import Audited
from storage.moves import suggested_runs
from storage.records import ClipRecord, LabelRecord, RunRecord

LATE_EPOCHS = 20
_SAME_CONFIDENCE = 0.02
_ROWS = 4000


@dataclass(frozen=True, slots=True)
class Suggested:
    """How many labels have a suggestion now, whether every member has finished, what to tell the person.

    `likelihood`: mean log probability of the labels given the evidence, nats per label (None: no evidence).
    """

    labels: int
    final: bool
    notes: tuple[str, ...]
    likelihood: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The evidence of a run's members, label by label.

    `ids` of G labels; `scores_MGS` of M trainings that did not see them; `matched` and `disagreement_G` of
    the newest, looking after `epoch_G`; `final_G`: all that a label's suggestion rests on has ended.
    `complete`: so has every member.
    """

    ids: list[int]
    scores_MGS: NDArray[np.float32]
    matched: list[float | None]
    disagreement_G: NDArray[np.float64]
    epoch_G: NDArray[np.int64]
    final_G: NDArray[np.bool_]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a dataset's labels beside evidence, read once for a fit.

    `clips` and `labels` by id; `settled`: frames that people settled labels at, by label id; `judged_blind`:
    labels settled without a suggestion, `audited` those of the blind audit; `answers`: how late classes are.
    """

    clips: Mapping[int, ClipRecord]
    labels: Mapping[int, LabelRecord]
    settled: Mapping[int, int]
    judged_blind: Collection[int]
    audited: Audited
    answers: Mapping[str, float]


def known_of(work: Workspace, dataset_id: int) -> Known:
    """What is known of a dataset's labels now."""
    with work.database.reading() as session:
        return Known(
            clips={clip.id: clip for clip in datasets.clips(session, dataset_id)},
            labels={label.id: label for label in datasets.labels(session, dataset_id)},
            settled=standings.settled_by_people(session, dataset_id),
            audited=audit_stream.audited(session, dataset_id),
            judged_blind=audit_stream.judged_blind(session, dataset_id),
            answers=answers.biases(session, dataset_id),
        )


def suggest_all(work: Workspace, run_id: int, member: int | None = None) -> Suggested:
    """Fit the label noise over all evidence of a run, and store the suggestions that changed.

    Of the labels that `member` did not see only, while others still train. A round's suggestions are stored
    once it ended, if the labels are likelier under them than under those of the run before. Raises
    `NotFound`.
    """
    with work.database.reading() as session:
        run = runs.get_run(session, run_id)
    found = gather(work, run)
    if found is None:
        return Suggested(0, False, (), None)
    own = set(found.ids)
    if member is not None and not found.complete:
        stored = evidence_files.load(work.member_folder(run_id, member))
        own = set() if stored is None else set(stored.label_ids_G.tolist())
    known = known_of(work, run.dataset_id)
    made = realign(work, run, found, known)
    if found.complete:
        made = recalibrated(found, made, known.audited)
    notes = made.notes
    if plan_of(run).base is not None:
        better, told = _compared(work, run, found, made, known) if found.complete else (False, ())
        notes = (*told, *notes)
        own = own if better else set()
    _store(work, run_id, found, made.suggestions, own)
    with work.database.writing() as session:
        runs.put_notes(session, run_id, notes, made.noise.sigma)
        if own:
            count = Counter(label.label for label in known.labels.values())
            answers.put_findings(session, run_id, asked(made.noise, count))
    return Suggested(len(made.suggestions), found.complete, notes, made.likelihood)


def gather(work: Workspace, run: RunRecord) -> Gathered | None:
    """The evidence of all members of `run`; None before the first look.

    That of the epoch which a person chose, else that of the late epochs put together.
    """
    with work.database.reading() as session:
        chosen = checkpoints.chosen(session, run.id)
    epochs = late_epochs(train_config(run).epochs) if chosen is None else (chosen,)
    loaded = [evidence_files.load(work.member_folder(run.id, each.number)) for each in member_numbers(run)]
    members = [member.at(epochs) for member in loaded if member is not None]
    if not members:
        return None
    rows: dict[int, list[tuple[StoredEvidence, int]]] = {}
    for member in members:
        for row, label_id in enumerate(member.label_ids_G.tolist()):
            rows.setdefault(label_id, []).append((member, row))
    shared = min(len(seen) for seen in rows.values())
    curves = {id(member): combined_scores(member.scores_LGS) for member in members}
    spreads = {id(m): together(m.disagreement_LG[-1], between(m.scores_LGS)) for m in members}
    newest = [seen[-1] for seen in rows.values()]
    whole = plan_of(run).repeats
    final_G = np.array([len(seen) == whole and all(m.final for m, _ in seen) for seen in rows.values()])
    return Gathered(
        ids=list(rows),
        scores_MGS=np.array(
            [[curves[id(seen[m][0])][seen[m][1]] for seen in rows.values()] for m in range(shared)]
        ),
        matched=[_known(member.matched_LG[-1, row]) for member, row in newest],
        disagreement_G=np.array([spreads[id(member)][row] for member, row in newest]),
        epoch_G=np.array([member.epoch for member, _ in newest]),
        final_G=final_G,
        complete=len(members) == len(loaded) and bool(final_G.all()),
    )


def recalibrated(found: Gathered, made: Realignment, audited: Audited) -> Realignment:
    """The same with confidences that rise with what the blind audit saw, once it has 100 labels."""
    decided = dict(zip(audited.label_ids, audited.decided_A.tolist(), strict=True))
    claimed = [
        (each.confidence, abs(each.frame - decided[label_id]) <= 1)
        for label_id, each in zip(found.ids, made.suggestions, strict=True)
        if label_id in decided and not each.refused
    ]
    fitted = recalibrate([sure for sure, _ in claimed], [right for _, right in claimed])
    if fitted is None:
        return made
    honest = fitted([each.confidence for each in made.suggestions]).tolist()
    pairs = zip(made.suggestions, honest, strict=True)
    return replace(
        made,
        suggestions=[replace(each, confidence=sure, claimed=each.confidence) for each, sure in pairs],
        notes=(*made.notes, f"confidences are recalibrated on {fitted.audits} labels of the blind audit"),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def realign(work: Workspace, run: RunRecord, found: Gathered, known: Known) -> Realignment:
    """Suggestions from gathered evidence and all that is known about the labels."""
    with work.database.reading() as session:
        trained_MEG = _trained(session, run.id, found.ids)
    told = [known.labels[label_id] for label_id in found.ids]
    clips = [known.clips[label.clip_id] for label in told]
    rows = enumerate(found.ids)
    reviewed = {row: known.settled[label_id] for row, label_id in rows if label_id in known.settled}
    return suggest(
        found.scores_MGS,
        [label.frame for label in told],
        [label.label for label in told],
        [clip.num_frames for clip in clips],
        clip_ids=[clip.id for clip in clips],
        reviewed=reviewed,
        blind=[row for row in reviewed if found.ids[row] in known.judged_blind],
        annotators=[label.annotator for label in told],
        sources=[clip.source for clip in clips],
        sigma=plan_of(run).stated_sigma,
        matched=found.matched,
        trained_MEG=trained_MEG,
        disagreement_G=found.disagreement_G,
        answers=known.answers,
    )


def _trained(session: Any, run_id: int, ids: Sequence[int]) -> NDArray[np.float64]:
    """Offsets of late epochs' matches in training [M, E, G]; NaN where a label was not matched."""
    at = {label_id: row for row, label_id in enumerate(ids)}
    members = runs.late_matches(session, run_id, LATE_EPOCHS)
    trained_MEG = np.full((len(members), max(map(len, members), default=0), len(ids)), np.nan)
    for member, epochs in enumerate(members):
        for epoch, found in enumerate(epochs):
            rows = np.array([at.get(label_id, -1) for label_id in found.label_ids_G.tolist()], dtype=np.int64)
            trained_MEG[member, epoch, rows[rows >= 0]] = found.offsets_G[rows >= 0]
    return trained_MEG


def _compared(
    work: Workspace, run: RunRecord, found: Gathered, made: Realignment, known: Known
) -> tuple[bool, tuple[str, ...]]:
    """Whether a round's suggestions are to be shown, and why, in words.

    They are if its evidence, as far around the labels as that of the run before it, makes them likelier; once
    shown, they stay.
    """
    base_id = plan_of(run).base
    assert base_id is not None
    with work.database.reading() as session:
        base = runs.get_run(session, base_id)
        is_shown = run.id in suggested_runs(session, run.dataset_id)
    before = gather(work, base)
    name = f"round {plan_of(run).round}"
    if before is None:
        return True, (f"{name}: there is no evidence of run {base_id} to compare it with",)
    near = _within(found, before.scores_MGS.shape[2])
    now = made.likelihood if near is found else realign(work, run, near, known).likelihood
    was = realign(work, base, before, known).likelihood
    if now > was:
        return True, (f"{name}: labels are likelier under its evidence ({now:.3f})",)
    figures = f"({was:.3f} before, {now:.3f} now)"
    if is_shown:
        return True, (f"{name} made the labels likelier when it ended, and no longer does {figures}",)
    return False, (
        f"{name} did not make the labels likelier {figures}: the suggestions of run {base_id} stay, and "
        "another round is of no use",
    )


def _within(found: Gathered, count: int) -> Gathered:
    """The evidence at the middle `count` shifts; as it is where there are no more."""
    extra = (found.scores_MGS.shape[2] - count) // 2
    return found if extra <= 0 else replace(found, scores_MGS=found.scores_MGS[:, :, extra:-extra])


def _store(work: Workspace, run_id: int, found: Gathered, made: Sequence[Suggestion], own: set[int]) -> None:
    """Store the suggestions of the labels `own` that differ from what the run says already."""
    with work.database.reading() as session:
        shown = suggestions.final_of(session, run_id)
    rows: dict[tuple[bool, int], list[tuple[int, Suggestion]]] = {}
    states = zip(found.ids, made, found.final_G.tolist(), found.epoch_G.tolist(), strict=True)
    for label_id, suggestion, final, epoch in states:
        if label_id in own and not (final and _same(shown.get(label_id), suggestion)):
            rows.setdefault((not final, epoch), []).append((label_id, suggestion))
    for (provisional, epoch), pairs in rows.items():
        for begin in range(0, len(pairs), _ROWS):
            part = pairs[begin : begin + _ROWS]
            with work.database.writing() as session:
                suggestions.put(session, run_id, part, provisional=provisional, epoch=epoch)
    with work.database.writing() as session:
        suggestions.mix_audit(session, run_id)


def _same(shown: tuple[int, float] | None, suggestion: Suggestion) -> bool:
    if shown is None:
        return False
    return shown[0] == suggestion.frame and abs(shown[1] - suggestion.confidence) < _SAME_CONFIDENCE
