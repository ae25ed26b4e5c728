from spotting.doubts import ClipLabels
from spotting.events import Event
from spotting.overlap import differences, overlaps


def clip(name: str, num_frames: int | None, *events: tuple[str, int]) -> ClipLabels:
    return ClipLabels(name, num_frames, tuple(Event(label, frame) for label, frame in events))


def test_clips_that_share_frames_of_a_source_are_found_by_their_names():
    clips = [clip("m_1_300_400", 100), clip("m_1_100_200", 100), clip("m_1_150_350", None)]
    others = [clip("m_2_100_200", 100), clip("whole", 900), clip("m_1_400_500", 100)]
    found = [(one.clip, other.clip) for one, other in overlaps([*clips, *others])]
    assert found == [(1, 2), (2, 0)]


def test_a_name_whose_numbers_are_no_frames_of_the_clip_tells_nothing():
    seconds = [clip("gym_000147_000152", 260, ("hit", 60)), clip("gym_000200_000206", 300, ("hit", 90))]
    assert overlaps(seconds) == []
    assert differences(seconds) == []
    inclusive = [clip("m_100_200", 101), clip("m_150_250", 101)]
    assert [(one.stop, other.stop) for one, other in overlaps(inclusive)] == [(201, 251)]


def test_labels_at_other_frames_of_the_source_are_doubted_once():
    clips = [
        clip("m_100_200", 100, ("hit", 60), ("hit", 80)),
        clip("m_120_220", 100, ("hit", 42), ("hit", 60)),
    ]
    (doubt,) = differences(clips)
    assert (doubt.kind, doubt.clip, doubt.event, doubt.other) == ("overlap", 1, 0, (0, 0))
    assert doubt.reason == "m_100_200 shows the same frames and has it 2 frames earlier"


def test_a_label_that_the_other_clip_lacks_is_doubted_inside_the_overlap_only():
    inside, edge, outside = ("hit", 60), ("hit", 22), ("hit", 5)
    (doubt,) = differences([clip("m_100_200", 100, outside, edge, inside), clip("m_120_220", 100)])
    assert (doubt.clip, doubt.event, doubt.other) == (0, 2, None)
    assert doubt.reason == "m_120_220 shows the same frames and has no hit there"


def test_every_label_has_one_partner_the_nearest():
    clips = [clip("m_100_200", 100, ("hit", 50)), clip("m_100_190", 90, ("hit", 47), ("hit", 50))]
    (doubt,) = differences(clips)
    assert (doubt.clip, doubt.event, doubt.other) == (1, 0, None)
    assert differences([clip("m_0_50", 50, ("hit", 20)), clip("m_0_60", 60, ("bounce", 20))])[0].other is None
