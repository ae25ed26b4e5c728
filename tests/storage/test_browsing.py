import pytest
from sqlalchemy.orm import Session

from spotting.errors import NotFound
from storage import datasets, reviews
from storage.browsing import browse
from storage.records import NewDecision


def names(session: Session, dataset_id: int, **asked: object) -> list[str]:
    return [browsed.clip.name for browsed in browse(session, dataset_id, **asked).clips]  # pyright: ignore[reportArgumentType]


def test_a_page_of_clips_in_file_order_and_how_many_there_are(session: Session, add_dataset):
    dataset_id = add_dataset(session, clips=("one", "two", "three"))
    assert names(session, dataset_id) == ["one", "two", "three"]
    first = browse(session, dataset_id, limit=1)
    second = browse(session, dataset_id, limit=1, after=first.next)
    rest = browse(session, dataset_id, limit=1, after=second.next)
    assert [page.clips[0].clip.name for page in (first, second, rest)] == ["one", "two", "three"]
    assert [page.total for page in (first, second, rest)] == [3, 3, 3]
    assert rest.next is None
    assert names(session, dataset_id, after=9) == []


def test_every_word_is_searched_for_in_name_source_and_class(session: Session, add_dataset):
    dataset_id = add_dataset(session, clips=("final_one", "final_two"))
    assert names(session, dataset_id, search="ONE") == ["final_one"]
    assert names(session, dataset_id, search="final bounce") == ["final_one", "final_two"]
    assert names(session, dataset_id, search="final serve") == []
    assert names(session, dataset_id, search="final%") == []


def test_labels_stand_where_they_were_decided(session: Session, add_dataset):
    dataset_id = add_dataset(session, clips=("one",))
    first, second, _ = (label.id for label in datasets.labels(session, dataset_id))
    for label_id, verdict, frame in ((first, "set", 13), (second, "remove", None)):
        new = NewDecision(key=verdict, label_id=label_id, verdict=verdict, frame=frame, annotator="ann")
        reviews.record(session, new)
    (browsed,) = browse(session, dataset_id).clips
    told = [(label.label, label.frame, label.verdict) for label in browsed.labels]
    assert told == [("hit", 13, "set"), ("bounce", 20, "remove"), ("hit", 30, "")]
    with pytest.raises(NotFound, match="no dataset 9"):
        browse(session, 9)
