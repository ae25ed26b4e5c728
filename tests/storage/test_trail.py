import csv
from io import StringIO

import pytest
from sqlalchemy.orm import Session

from spotting.errors import NotFound
from storage import reviews, trail
from storage.records import NewDecision


def decide(session: Session, key: str, label_id: int, verdict: str, **more) -> int:
    new = NewDecision(key=key, label_id=label_id, verdict=verdict, annotator="=anna", **more)  # pyright: ignore
    return reviews.record(session, new).id


@pytest.fixture
def dataset(session: Session, add_dataset) -> int:
    return add_dataset(session)


def test_every_decision_stays_in_the_trail_with_what_was_shown(session: Session, dataset: int, suggest):
    labels = [item.label_id for item in reviews.queue(session, dataset, name="all", annotator="a")]
    suggest(session, dataset, {labels[0]: 2})
    shown = reviews.item(session, labels[0]).suggestion
    assert shown is not None
    accepted = decide(session, "1", labels[0], "accept", suggestion_id=shown.id)
    reviews.undo(session, dataset, "=anna", "2")
    decide(session, "3", labels[0], "set", frame=14)
    decide(session, "4", labels[1], "remove")
    told = list(trail.rows(session, dataset))
    assert [(row.verdict, row.frame, row.undoes) for row in told] == [
        ("accept", shown.frame, None),
        ("undo", None, accepted),
        ("set", 14, None),
        ("remove", None, None),
    ]
    assert [(row.shown_frame, row.shown_run) for row in told[:2]] == [
        (shown.frame, shown.run_id),
        (None, None),
    ]


def test_the_csv_is_the_trail_and_runs_no_formula(session: Session, dataset: int):
    label_id = reviews.queue(session, dataset, name="all", annotator="a")[0].label_id
    decide(session, "1", label_id, "flag", reason="class", seconds=2.25)
    (row,) = csv.DictReader(StringIO("".join(trail.csv_text(session, dataset))))
    assert (row["verdict"], row["frame"], row["annotator"]) == ("flag", "", "'=anna")
    assert (row["reason"], row["seconds"]) == ("class", "2.2")
    assert tuple(row) == trail.TrailRow.__slots__


def test_there_is_no_trail_of_an_unknown_dataset(session: Session):
    with pytest.raises(NotFound):
        trail.rows(session, 99)
