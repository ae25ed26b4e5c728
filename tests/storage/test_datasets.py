from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadLabels, Conflict, NotFound
from storage import datasets, jobs, reviews
from storage.formats.findings import Finding
from storage.records import NewDecision
from storage.tables import Table, Video


def test_a_dataset_comes_back_as_it_went_in(session: Session, add_dataset):
    found = Finding("noted", "one", "events are not in order of frame: their order is kept")
    dataset_id = add_dataset(session, frames=(30, 10), truth=True, report=(found,))
    dataset = datasets.get_dataset(session, dataset_id)
    assert (dataset.name, dataset.classes, dataset.clips, dataset.labels) == (
        "rally",
        ("hit", "bounce"),
        2,
        4,
    )
    assert dataset.has_truth
    assert datasets.report(session, dataset_id) == [found]
    clips = datasets.clips(session, dataset_id)
    assert [(clip.name, clip.position, clip.video.path) for clip in clips] == [
        ("one", 0, "/media/one.mp4"),
        ("two", 1, "/media/two.mp4"),
    ]
    labels = datasets.labels(session, dataset_id)
    assert [(label.clip_id, label.position, label.frame) for label in labels[:2]] == [
        (clips[0].id, 0, 30),
        (clips[0].id, 1, 10),
    ]
    assert labels[0].true_frame == 31.25
    assert datasets.find_dataset(session, "rally") == dataset == datasets.list_datasets(session)[0]


def test_two_datasets_of_the_same_media_share_the_videos(session: Session, add_dataset):
    first = add_dataset(session, name="first")
    second = add_dataset(session, name="second")
    videos = [[clip.video.id for clip in datasets.clips(session, each)] for each in (first, second)]
    assert videos[0] == videos[1]


def test_a_name_can_be_taken_once(session: Session, add_dataset):
    add_dataset(session)
    with pytest.raises(Conflict, match="a dataset named rally exists already"):
        add_dataset(session)


def test_a_frame_past_the_end_is_refused_with_clip_and_frame(session: Session, add_dataset):
    with pytest.raises(
        BadLabels, match=r"labels\.json, clip one: frame 100 is outside the clip \(100 frames\)"
    ):
        add_dataset(session, frames=(10, 100))


def test_a_dataset_without_labels_is_refused(session: Session, add_dataset):
    with pytest.raises(BadLabels, match="no clip with labels"):
        add_dataset(session, frames=())


def test_a_clip_without_labels_is_kept(session: Session, add_dataset, monkeypatch: pytest.MonkeyPatch):
    kept = datasets.add_dataset

    def with_an_empty_clip(session: Session, new: datasets.NewDataset) -> int:
        first, second = new.clips
        return kept(
            session, replace(new, clips=(first, replace(second, clip=replace(second.clip, labels=()))))
        )

    monkeypatch.setattr(datasets, "add_dataset", with_an_empty_clip)
    dataset_id = add_dataset(session)
    assert [clip.name for clip in datasets.clips(session, dataset_id)] == ["one", "two"]
    assert len(datasets.labels(session, dataset_id)) == 3


def test_what_is_not_there_is_named(session: Session):
    for call in (datasets.get_dataset, datasets.report, datasets.delete_dataset):
        with pytest.raises(NotFound, match="there is no dataset 7"):
            call(session, 7)
    with pytest.raises(NotFound, match="there is no clip 7"):
        datasets.get_clip(session, 7)
    with pytest.raises(NotFound, match="named tennis"):
        datasets.find_dataset(session, "tennis")


def test_deleting_a_dataset_leaves_no_row_of_it(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session)
    label = datasets.labels(session, dataset_id)[0]
    suggest(session, dataset_id, {label.id: 2.0})
    reviews.record(session, NewDecision(key="k", label_id=label.id, verdict="keep", annotator="ann"))
    reviews.undo(session, dataset_id, "ann", "u")
    datasets.delete_dataset(session, dataset_id)
    session.flush()
    for table in Table.metadata.sorted_tables:
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.name


def test_a_deleted_dataset_leaves_shared_videos_to_the_other(session: Session, add_dataset):
    add_dataset(session, name="first", clips=("one",))
    second = add_dataset(session, name="second")
    datasets.delete_dataset(session, second)
    assert session.scalars(sa.select(Video.path)).all() == ["/media/one.mp4"]


def test_ids_of_deleted_labels_are_not_given_out_again(session: Session, add_dataset):
    first = add_dataset(session)
    last = datasets.labels(session, first)[-1].id
    datasets.delete_dataset(session, first)
    second = add_dataset(session)
    assert datasets.labels(session, second)[0].id > last


def test_a_dataset_in_training_is_not_deleted(session: Session, add_dataset, suggest):
    dataset_id = add_dataset(session)
    run_id = suggest(session, dataset_id, {})
    job_id = jobs.enqueue(session, "member", {"run_id": run_id, "fold": 0})
    with pytest.raises(Conflict, match=f"is being trained on \\(job {job_id}\\)"):
        datasets.delete_dataset(session, dataset_id)
    jobs.ask_stop(session, job_id)
    datasets.delete_dataset(session, dataset_id)
