"""Which class follows which, as the database counts it."""

from sqlalchemy.orm import Session

from spotting.doubts import ClipLabels
from spotting.events import Event
from spotting.rules import successions as counted
from storage import datasets, doubts
from storage.formats.labelfile import NewLabel
from storage.records import NewDataset
from storage.successions import successions
from tests.storage.conftest import make_clip

CLIPS = (
    [("hit", 30), ("serve", 5), ("hit", 30), ("bounce", 30)],
    [("serve", 1)],
    [("hit", 9), ("serve", 2)],
)


def test_successions_are_counted_in_the_order_of_frames_within_clips(
    session: Session,
) -> None:
    clips = tuple(
        make_clip(f"m_{at}", at, [NewLabel(label=label, frame=frame) for label, frame in events])
        for at, events in enumerate(CLIPS)
    )
    for name in ("one", "two"):
        new = NewDataset(name=name, label_file="x", classes=("serve", "hit", "bounce"), clips=clips)
        dataset_id = datasets.add_dataset(session, new)
    clip_id = datasets.clips(session, dataset_id)[1].id
    missing = doubts.NewDoubt(kind="missing", reason="", clip_id=clip_id, frame=50, label="hit")
    doubts.put(session, dataset_id, "run", [missing])
    told = [ClipLabels("m", None, tuple(Event(*event) for event in events)) for events in CLIPS]
    assert successions(session, dataset_id) == counted(told)
    assert counted(told)["serve", "hit"] == 2
