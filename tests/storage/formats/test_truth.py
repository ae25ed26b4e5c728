import json
from typing import Any

import pytest

from spotting.errors import BadLabels
from storage.formats.labelfile import LabelFile
from storage.formats.spot import parse_spot
from storage.formats.truth import pair_truth


def file(**clips: list[dict[str, Any]]) -> LabelFile:
    entries = [
        {"video": name, "num_frames": 100, "num_events": len(events), "events": events}
        for name, events in clips.items()
    ]
    return parse_spot(json.dumps(entries).encode(), "labels.json")


NOISY = file(one=[{"frame": 12, "label": "hit"}, {"frame": 9, "label": "bounce"}], two=[])


def truths(truth: LabelFile) -> list[float | None]:
    return [label.true_frame for clip in pair_truth(NOISY, truth).clips for label in clip.labels]


def test_events_are_paired_in_file_order_with_their_sub_frame_time():
    hit = {"frame": 10, "label": "hit", "time": 9.62}
    bounce = {"frame": 20, "label": "bounce", "time": 20.5}
    assert truths(file(two=[], one=[hit, bounce], three=[])) == [9.62, 20.5]


@pytest.mark.parametrize("time", [None, "9.6", 0.4, 10.7])
def test_a_time_that_is_not_the_frames_is_not_taken_for_one(time):
    hit = {"frame": 10, "label": "hit", "time": time}
    assert truths(file(two=[], one=[hit, {"frame": 20, "label": "bounce"}])) == [10.0, 20.0]


@pytest.mark.parametrize(
    ("one", "message"),
    [
        ([{"frame": 1, "label": "hit"}], "clip one: 1 events for 2 labels"),
        (
            [{"frame": 1, "label": "hit"}, {"frame": 1, "label": "hit"}],
            "clip one, event 1: hit where labels say bounce",
        ),
    ],
)
def test_a_truth_that_does_not_pair_is_refused(one, message: str):
    with pytest.raises(BadLabels, match=f"truth file, {message}"):
        pair_truth(NOISY, file(one=one, two=[]))


def test_a_clip_without_truth_is_refused():
    with pytest.raises(BadLabels, match="truth file: clip one is missing"):
        pair_truth(NOISY, file(two=[]))
