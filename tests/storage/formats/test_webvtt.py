from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.webvtt import write
from tests.storage.formats.tables import outgoing


def test_a_cue_lasts_from_its_picture_to_the_next():
    labels = (
        NewLabel(label="b <1>", frame=139, comment="a --> b"),
        NewLabel(label="hit", frame=0, extra={"team": "home"}),
    )
    clip = FileClip(name="match_3", position=0, num_frames=800, labels=labels)
    (part,) = write(outgoing([clip]))
    assert part.name == "match_3.vtt"
    assert "".join(map(str, part.text)) == (
        "WEBVTT\n"
        '\nNOTE {"frame": 0, "team": "home"}\n\n00:00:00.001 --> 00:00:00.034\nhit\n'
        '\nNOTE {"frame": 139, "comment": "a --\\u003e b"}\n\n00:00:04.638 --> 00:00:04.672\nb &lt;1&gt;\n'
    )
