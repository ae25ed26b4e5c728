"""Questions about whole groups of labels: shown, answered with one click, applied, taken back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.actions import audits, background, batches, jobs, questions, review
from app.actions.datasets import get_dataset
from app.asking import asked
from app.cli import cli
from app.main import create_app
from app.workspace import Workspace
from spotting.errors import BadConfig, Conflict, NotFound
from spotting.noise_model import ClassModel, Habit, NoiseModel
from storage import answers, datasets, label_files, reviews, runs, suggestions
from storage.formats.labelfile import NewLabel
from storage.records import NewDataset, NewDecision
from tests.app.audited import LATE, rally_in
from tests.app.tiny import client_of, workspace_in
from tests.storage.conftest import make_clip, make_suggestion

WRITTEN = (("serve", "al"), ("hit", "bea"), ("serve", "bea"), ("hit", "al"))
MODEL = NoiseModel(
    basis="fitted",
    reviewed=0,
    hypotheses=(),
    classes={"serve": ClassModel(refusal="another instant", off=2.3), "hit": ClassModel()},
    habits=(Habit("annotator", "bea", 4, 1.6, 0.1, 1.0), Habit("video", "v", 4, 0.3, 0.1, 1.0)),
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """A dataset of serves and hits, some of them by bea, with a run that asks about serves and about her."""
    with workspace_in(tmp_path / "data") as fresh:
        labels = [
            NewLabel(label=label, frame=10 * at + 10, annotator=who)
            for at, (label, who) in enumerate(
                [("serve", "al"), ("hit", "bea"), ("serve", "bea"), ("hit", "al")]
            )
        ]
        clips = (make_clip("one", 0, labels),)
        new = NewDataset(name="rally", label_file="x.json", classes=("serve", "hit"), clips=clips)
        with fresh.database.writing() as session:
            dataset_id = datasets.add_dataset(session, new)
            run_id = runs.create_run(session, dataset_id, {}, folds=2)
            rows = [(each.id, make_suggestion(each.frame, 0, 0.9)) for each in datasets.labels(session, 1)]
            suggestions.put(session, run_id, rows, provisional=False, epoch=1)
            answers.put_findings(session, run_id, asked(MODEL, {"serve": 2, "hit": 2}))
        yield fresh


def frames(work: Workspace) -> list[int]:
    with work.database.reading() as session:
        (clip,) = label_files.corrected_clips(session, 1)
        return [label.frame for label in clip.labels]


def about(work: Workspace, of: str = "class", name: str = "serve") -> dict[str, Any]:
    return next(each for each in questions.questions(work, 1) if (each["of"], each["name"]) == (of, name))


def say(work: Workspace, answer: str, of: str = "class", name: str = "serve", key: str = "k") -> None:
    questions.answer(work, 1, of=of, name=name, answer=answer, annotator="anna", key=key)


def test_what_stands_out_is_asked_with_what_each_answer_does(work: Workspace) -> None:
    told = questions.questions(work, 1)
    assert [(each["of"], each["name"], each["answer"]) for each in told] == [
        ("class", "serve", None),
        ("annotator", "bea", None),
    ]
    assert told[0]["words"] == "serve: another instant"
    assert told[0]["choices"][1][1].endswith("move all 2 labels 2 frames later, until each is settled")
    assert "1.6 frames later than the others" in told[1]["words"]
    assert told[1]["choices"][1][1].endswith("2 frames earlier, until each is settled")


def test_a_moved_class_is_one_batch_and_comes_back_whole(work: Workspace) -> None:
    say(work, "move")
    assert frames(work) == [12, 20, 32, 40]
    assert about(work)["answer"] == "move"
    with work.database.reading() as session:
        assert answers.biases(session, 1) == {"serve": -2.3}
    assert [job["kind"] for job in jobs.list_jobs(work)] == ["refit"]
    say(work, "open", key="k2")
    assert frames(work) == [10, 20, 30, 40]
    assert about(work)["answer"] is None


@pytest.fixture
def rally(tmp_path: Path) -> Iterator[Workspace]:
    """400 hits that are two frames early, part of them in the blind audit, asked about; one is settled."""
    with rally_in(tmp_path / "data") as fresh:
        with fresh.database.writing() as session:
            found = answers.Finding(of="class", name="hit", labels=400, frames=2.1, words="Which instant?")
            answers.put_findings(session, 1, [found])
            hit = next(
                item for item in shown(fresh, "likely") if item["suggestion"] and item["label"] == "hit"
            )
            new = NewDecision(key="kept", label_id=hit["label_id"], verdict="keep", annotator="anna")
            reviews.record(session, new)
        yield fresh


def shown(work: Workspace, queue: str) -> list[dict[str, Any]]:
    return review.queue(work, 1, name=queue, annotator="anna", limit=900)["items"]


def hits(work: Workspace) -> Counter[int]:
    """How many frames the hits are moved in an export."""
    with work.database.reading() as session:
        labels = [label for clip in label_files.corrected_clips(session, 1) for label in clip.labels]
    moves = (label.frame - label.review.original_frame for label in labels if label.label == "hit")
    return Counter(moves)


def test_a_moved_class_goes_out_moved_and_waits_for_finer_decisions(rally: Workspace) -> None:
    queues = review.queues(rally, 1, "anna")
    accepting = audits.preview(rally, 1, threshold=0.9)["labels"]
    say(rally, "move", "class", "hit")
    assert hits(rally) == {0: 1, LATE: 399}
    assert (
        get_dataset(rally, 1)["progress"] | {"moved": 399, "decided": 1} == get_dataset(rally, 1)["progress"]
    )
    assert review.queues(rally, 1, "anna") == queues
    done = batches.accept(rally, 1, annotator="anna", threshold=0.9)["done"]
    assert done == accepting > 300
    say(rally, "open", "class", "hit", key="k2")
    assert hits(rally) == {0: 400 - done, LATE: done}


def test_the_question_says_how_many_labels_a_move_is_about(rally: Workspace) -> None:
    told = "move the 399 labels that nobody settled 2 frames later"
    assert told in about(rally, "class", "hit")["choices"][1][1]
    say(rally, "move", "class", "hit")
    assert told in about(rally, "class", "hit")["choices"][1][1]


def test_a_moved_label_of_the_blind_audit_is_no_verdict_and_shows_no_move(rally: Workspace) -> None:
    say(rally, "move", "class", "hit")
    assert audits.audit(rally, 1)["settled"] == 0
    blind = next(item for item in shown(rally, "audit") if item["label"] == "hit")
    seen = next(item for item in shown(rally, "likely") if item["label"] == "hit" and not item["audit"])
    assert (blind["moved"], seen["moved"]) == (None, seen["frame"] + LATE)
    assert review.history(rally, blind["label_id"], "anna") == []
    assert review.history(rally, seen["label_id"], "anna")[0]["verdict"] == "move"


def test_a_batch_taken_back_elsewhere_opens_the_question_again(work: Workspace) -> None:
    say(work, "move", "annotator", "bea")
    assert frames(work) == [10, 18, 28, 40]
    (made,) = batches.list_batches(work, 1)
    batches.undo(work, made["id"], annotator="anna")
    assert about(work, "annotator", "bea")["answer"] is None


def test_keeping_a_convention_moves_nothing_and_is_remembered(work: Workspace) -> None:
    say(work, "move")
    say(work, "keep", key="k2")
    assert frames(work) == [10, 20, 30, 40]
    with work.database.writing() as session:
        assert answers.biases(session, 1) == {"serve": 0.0}
        answers.put_findings(session, 1, [])
    assert about(work)["words"] == "class serve: keeps its labels"


def test_what_is_not_asked_cannot_be_answered(work: Workspace) -> None:
    with pytest.raises(NotFound, match="nothing is asked about class hit"):
        say(work, "keep", name="hit")
    with pytest.raises(BadConfig, match="must be one of keep, move, open"):
        say(work, "perhaps")
    with work.database.writing() as session:
        small = answers.Finding(of="class", name="hit", labels=2, frames=0.4, words="hit")
        answers.put_findings(session, 1, [small])
    with pytest.raises(Conflict, match="less than half a frame"):
        say(work, "move", name="hit")


def test_a_class_refused_for_another_reason_is_kept_or_looked_at(work: Workspace) -> None:
    kinds = {
        "serve": ClassModel(refusal="its evidence is not tied to its labels"),
        "hit": ClassModel(drift=0.7),
        "few": ClassModel(refusal="3 labels are too few to tell"),
        "known": ClassModel(drift=0.7, bias=-0.7),
    }
    model = NoiseModel(basis="fitted", reviewed=0, hypotheses=(), classes=kinds)
    with work.database.writing() as session:
        answers.put_findings(session, 1, asked(model, {"serve": 20, "hit": 20, "few": 3, "known": 20}))
    serve, hit = questions.questions(work, 1)
    assert serve["words"] == "serve: its evidence is not tied to its labels"
    assert [name for name, _ in serve["choices"]] == ["keep"]
    assert serve["review"] == "/?open=review&dataset=1&queue=likely&class=serve"
    assert "0.7 frames later than its labels" in hit["words"]
    assert [name for name, _ in hit["choices"]] == ["keep", "move"]
    assert background.behind(work, 1, "anna")["biases"] == []
    data = ["--data", str(work.settings.data)]
    assert serve["review"] in CliRunner().invoke(cli, ["questions", "rally", *data]).stdout
    say(work, "keep")
    assert about(work)["answer"] == "keep"
    with work.database.reading() as session:
        assert answers.biases(session, 1) == {}
    with pytest.raises(Conflict, match="nothing to move"):
        say(work, "move")


def test_a_class_with_blind_checks_left_is_looked_at_there(tmp_path: Path) -> None:
    with rally_in(tmp_path / "data") as rally:
        found = answers.Finding(of="class", name="hit", labels=400, frames=0.0, words="hit")
        with rally.database.writing() as session:
            answers.put_findings(session, 1, [found])
        (hit,) = questions.questions(rally, 1)
    assert hit["review"] == "/?open=review&dataset=1&queue=audit&class=hit"


def test_the_routes_and_the_command_answer_too(work: Workspace) -> None:
    client = client_of(create_app(work))
    body = {"key": "k", "annotator": "anna", "of": "class", "name": "serve", "answer": "keep"}
    assert client.post("/api/v1/datasets/1/questions", json=body).json()[0]["answer"] == "keep"
    assert client.get("/api/v1/datasets/1/questions").json()[0]["by"] == "anna"
    data = ["--data", str(work.settings.data)]
    said = (
        CliRunner().invoke(cli, ["questions", "rally", "--answer", "move", "--name", "serve", *data]).stdout
    )
    assert "answered: move, by " in said
    assert frames(work) == [12, 20, 32, 40]
