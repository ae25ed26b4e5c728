"""Exports as programs of others read them."""

from io import StringIO
from pathlib import Path

import pytest
import webvtt
from pympi.Elan import Eaf

from storage.formats import eaf
from storage.formats.clock import Constant, milliseconds
from storage.formats.labelfile import FileClip, NewLabel
from storage.formats.webvtt import write
from tests.storage.formats.reading import PAL
from tests.storage.formats.tables import NTSC, outgoing

LABELS = (
    NewLabel(label="hit", frame=139, comment="late?", annotator="eva"),
    NewLabel(label="bounce", frame=140),
    NewLabel(label="hit", frame=0),
    NewLabel(label="hit", frame=139),
)
CLIP = FileClip(name="match_3", position=0, num_frames=800, labels=LABELS)


def test_an_elan_reader_finds_every_annotation_in_the_tier_of_its_class(tmp_path: Path):
    (part,) = eaf.write(outgoing([CLIP]))
    path = tmp_path / part.name
    path.write_text("".join(map(str, part.text)), encoding="utf-8")
    document = Eaf(str(path))
    at = {frame: milliseconds(NTSC, frame) for frame in (0, 1, 139, 140, 141)}
    hits = document.get_annotation_data_for_tier("hit")
    assert sorted(hits) == [(at[0], at[1] - 1, "hit"), (at[139], at[140] - 1, "hit")]
    assert document.get_annotation_data_for_tier("bounce") == [(at[140], at[141] - 1, "bounce")]
    assert document.get_annotation_data_for_tier("hit 2") == [(at[139], at[140] - 1, "hit")]
    (note,) = document.get_ref_annotation_data_for_tier("respot@hit")
    assert note[2] == '{"comment": "late?", "annotator": "eva"}'
    assert document.get_parameters_for_tier("respot@hit")["PARENT_REF"] == "hit"
    assert document.get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "match_3.mp4"


@pytest.mark.parametrize("clock", [NTSC, PAL])
def test_a_subtitle_reader_finds_every_cue_at_its_picture(clock: Constant):
    (part,) = write(outgoing([CLIP], clock))
    cues = webvtt.from_buffer(StringIO("".join(map(str, part.text))))
    expected = [(0, "hit"), (139, "hit"), (139, "hit"), (140, "bounce")]
    assert [(cue.start, cue.text) for cue in cues] == [(stamp(clock, at), name) for at, name in expected]


def stamp(clock: Constant, frame: int) -> str:
    at = milliseconds(clock, frame)
    return f"00:00:{at // 1000:02}.{at % 1000:03}"
