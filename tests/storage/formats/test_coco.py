import json

from storage.formats.coco import write
from storage.formats.labelfile import FileClip, NewLabel
from tests.storage.formats.tables import CLASSES, outgoing


def test_a_picture_with_two_labels_stands_once():
    labels = [NewLabel(label=name, frame=139, extra={"id": "x"}) for name in CLASSES[:2]]
    clips = [
        FileClip(name="one", position=0, num_frames=800, extra={"part": "a"}, labels=tuple(labels)),
        FileClip(name="two", position=1, num_frames=800, labels=(NewLabel(label=CLASSES[1], frame=139),)),
    ]
    (part,) = write(outgoing(clips))
    told = json.loads("".join(map(str, part.text)))
    places = {image["id"]: (image["video_id"], image["frame_index"]) for image in told["images"]}
    names = {category["id"]: category["name"] for category in told["categories"]}
    found = [(*places[one["image_id"]], names[one["category_id"]]) for one in told["annotations"]]
    assert found == [(1, 139, CLASSES[0]), (1, 139, CLASSES[1]), (2, 139, CLASSES[1])]
    assert [one["id"] for one in told["annotations"]] == [1, 2, 3]
    assert told["annotations"][0]["attributes"] == {"id": "x"}
    assert [(video["name"], video["attributes"]) for video in told["videos"]] == [
        ("one", {"part": "a"}),
        ("two", {}),
    ]
