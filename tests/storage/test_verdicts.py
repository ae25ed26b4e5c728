from sqlalchemy.orm import Session

from storage import datasets, reviews
from storage.records import NewDecision
from storage.verdicts import differences, verdicts


def decide(session: Session, label_id: int, frame: int | None, annotator: str, verdict: str = "set") -> None:
    key = f"{annotator} {label_id} {frame} {verdict}"
    new = NewDecision(key=key, label_id=label_id, verdict=verdict, frame=frame, annotator=annotator)
    reviews.record(session, new)


def test_the_newest_frame_of_each_person_counts_unless_taken_back(session: Session, add_dataset):
    dataset_id = add_dataset(session, clips=("one",))
    first, second, third = (label.id for label in datasets.labels(session, dataset_id))
    decide(session, first, 12, "ann")
    decide(session, first, 11, "ann")
    decide(session, second, 21, "ann")
    decide(session, third, 33, "ann")
    reviews.undo(session, dataset_id, "ann", "undo")
    decide(session, first, 14, "ben")
    decide(session, second, None, "ben", "remove")
    decide(session, third, None, "ben", "flag")
    found = verdicts(session, dataset_id)
    assert {
        name: dict(zip(v.ids_G.tolist(), v.frames_G.tolist(), strict=True)) for name, v in found.items()
    } == {
        "ann": {first: 11, second: 21},
        "ben": {first: 14},
    }
    ids, apart = differences(found["ann"], found["ben"])
    assert (ids.tolist(), apart.tolist()) == ([first], [3])


def test_nobody_has_decided(session: Session, add_dataset):
    assert verdicts(session, add_dataset(session)) == {}
