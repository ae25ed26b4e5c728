"""What every format keeps: events in are events out, frames exact, and any bytes are read or refused."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spotting.errors import BadConfig, BadLabels
from storage.formats.clock import Constant, Rule, Table
from storage.formats.intake import Options
from storage.formats.labelfile import AS_WRITTEN, FileClip, LabelFile, NewLabel
from storage.formats.losses import losses
from storage.formats.table import FORMATS, Format, find_format, read_labels
from tests.storage.formats.tables import READABLE, ROUND_TRIP, bare, datasets, moved, read_back, written

PATIENT = settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
CASES = [
    pytest.param(format, rule, id=f"{format.name}-{rule}") for format in ROUND_TRIP for rule in format.rules
]

TIMED = [f for f in ROUND_TRIP if "round" in f.rules and f.name not in ("label-studio", "csv", "tsv")]


@pytest.mark.parametrize("format", ROUND_TRIP, ids=lambda format: format.name)
@PATIENT
@given(data=st.data())
def test_whatever_is_written_is_read_back_to_the_frame_by_every_rule(format: Format, data, tmp_path: Path):
    clips = data.draw(datasets(format))
    assert losses(clips, format.carries, same=False, native=format.name) == []
    sent = written(format, clips)
    for rule in format.rules:
        file = read_back(format, sent, tmp_path, rule)
        assert [finding for finding in file.findings if finding.level == "refused"] == []
        assert bare(file.clips, ordered=False) == bare(clips, ordered=False)


@pytest.mark.parametrize(("format", "rule"), CASES)
@pytest.mark.parametrize("by", [0, 2])
def test_a_second_round_trip_changes_what_was_moved_and_nothing_else(
    format: Format, rule: Rule, by: int, tmp_path: Path
):
    labels = tuple(NewLabel(label="hit", frame=frame) for frame in (0, 1, 2, 139, 140, 9000))
    data = written(format, [FileClip(name="match_3", position=0, num_frames=None, fps=30.0, labels=labels)])
    first = read_back(format, data, tmp_path, rule)
    clips = [moved(clip, by) for clip in first.clips]
    again = written(format, clips, layout=first.layout)
    second = read_back(format, again, tmp_path, rule)
    assert [label.frame for label in second.clips[0].labels] == [label.frame + by for label in labels]
    if by == 0:
        assert stamps(first) == stamps(second)


def stamps(file: LabelFile) -> list[object]:
    return [label.extra.get(AS_WRITTEN) for clip in file.clips for label in clip.labels]


@pytest.mark.parametrize("format", TIMED, ids=lambda f: f.name)
@pytest.mark.parametrize("rule", ["floor", "round"])
def test_a_variable_rate_is_written_from_its_time_stamps(format: Format, rule: Rule, tmp_path: Path):
    clock = Table([0, 3003, 6006, 36036, 39039, 39400, 90_000], unit=Constant(90_000).start(1))  # pyright: ignore
    labels = tuple(NewLabel(label="hit", frame=frame) for frame in range(7))
    clips = [FileClip(name="match_3", position=0, num_frames=7, labels=labels)]
    file = read_back(format, written(format, clips, clock=clock), tmp_path, rule, clock)
    assert bare(file.clips) == bare(clips)


@pytest.mark.parametrize("format", TIMED, ids=lambda f: f.name)
def test_times_are_not_read_before_a_person_says_how(format: Format, tmp_path: Path):
    data = written(
        format, [FileClip(name="one", position=0, num_frames=9, labels=(NewLabel(label="hit", frame=3),))]
    )
    path = tmp_path / f"rally{'.zip' if format.many else format.extensions[0]}"
    path.write_bytes(data)
    with pytest.raises(BadLabels, match="say how its times are to be read, time rule .*floor .*round"):
        read_labels(path, format.name, Options())


@pytest.mark.parametrize("format", READABLE, ids=lambda format: format.name)
@PATIENT
@given(data=st.data())
def test_any_bytes_are_read_or_refused(format: Format, data, tmp_path: Path):
    good = written(format, data.draw(datasets(format))) if format.write else b""
    bytes_ = data.draw(st.binary(max_size=200) | st.just(good).flatmap(_spoilt))
    path = tmp_path / f"some{data.draw(st.sampled_from([format.extensions[0], '.zip']))}"
    path.write_bytes(bytes_)
    for rule in format.rules:
        with suppress(BadLabels):
            read_labels(path, format.name, Options(rule=rule, fps=30.0))


def _spoilt(good: bytes) -> st.SearchStrategy[bytes]:
    """Good bytes with a stretch of them replaced, doubled or cut out."""
    place = st.integers(0, max(0, len(good) - 1))
    middle = st.sampled_from(
        [b"", b'"', b"null", b"1e999", b"NaN", b"\xff", b"-1", b"[[", b"\0", b"<a>", b"9" * 400]
    )
    return st.tuples(place, st.integers(0, 12), middle).map(
        lambda spoil: good[: spoil[0]] + spoil[2] + good[spoil[0] + spoil[1] :]
    )


def test_the_table_names_every_format_once():
    names = [format.name for format in FORMATS]
    assert len(set(names)) == len(names)
    assert all(find_format(name).name == name for name in names)
    with pytest.raises(BadConfig, match="there is no label format xls: choose one of spot, soccernet"):
        find_format("xls")
