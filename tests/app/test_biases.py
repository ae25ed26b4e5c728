"""What is off as a whole where a label belongs: checked blind, or only by a run's account."""

from collections import Counter
from pathlib import Path

import pytest

from app.actions import background, questions
from storage import answers, audit_stream, datasets
from tests.app.audited import LATE, audit_all, rally_in


def test_a_bias_is_known_once_the_audit_shows_it_and_before_that_as_unchecked(tmp_path: Path) -> None:
    with rally_in(tmp_path / "data") as work:
        assert background.behind(work, 1, "anna")["biases"] == []
        audit_all(work)
        with work.database.writing() as session:
            audited = Counter(audit_stream.audited(session, 1).sources)
            clip = next(each for each in datasets.clips(session, 1) if audited[each.source] < 10)
            label = next(each for each in datasets.labels(session, 1) if each.clip_id == clip.id)
            words = f"{clip.source} is early"
            found = [
                answers.Finding(of="video", name=clip.source, labels=50, frames=1.6, words=words),
                answers.Finding(of="video", name="another", labels=50, frames=1.6, words="another is early"),
                answers.Finding(of="class", name=label.label, labels=400, frames=2.0, words="all are early"),
            ]
            answers.put_findings(session, 1, found)
        told = background.behind(work, label.id, "anna")["biases"]
        assert [(one["of"], one["name"]) for one in told] == [
            ("all", ""),
            ("class", label.label),
            ("video", clip.source),
        ]
        assert [one["frames"] for one in told] == pytest.approx([LATE, LATE, 1.6])
        assert [one["low"] is None for one in told] == [False, False, True]
        assert told[0]["labels"] == 120
        questions.answer(work, 1, of="video", name=clip.source, answer="keep", annotator="anna", key="k")
        assert len(background.behind(work, label.id, "anna")["biases"]) == 2
