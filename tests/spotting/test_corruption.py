"""Label noise of every kind: its size, what it leaves alone, and that its truth pairs up."""

from dataclasses import dataclass

import numpy as np
import pytest

from spotting.corruption import KINDS, Corrupted, corrupt
from spotting.errors import BadConfig
from spotting.events import Event, LabelledClip
from spotting.noise import expected_offset


@dataclass(frozen=True)
class Blank:
    """`Frames` of a clip whose pictures nobody asks for."""

    length: int

    def __len__(self) -> int:
        return self.length

    def read(self, indices: object) -> np.ndarray:
        raise AssertionError(indices)


@pytest.fixture(scope="module")
def clips() -> list[LabelledClip]:
    rng = np.random.default_rng(0)
    return [
        LabelledClip(
            f"clip{n}",
            f"match{n // 4}",
            tuple(
                Event("abcd"[rng.integers(4)], frame + int(rng.integers(9))) for frame in range(30, 220, 12)
            ),
            Blank(256),
        )
        for n in range(64)
    ]


def errors(made: Corrupted) -> list[np.ndarray]:
    """Label - truth, clip by clip."""
    return [
        np.array([label.frame - true.frame for label, true in zip(clip.events, truth, strict=True) if true])
        for clip, truth in zip(made.clips, made.truth, strict=True)
    ]


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_gaussian_noise_starts_where_the_paper_says(clips: list[LabelledClip], sigma: float) -> None:
    moved = np.abs(np.concatenate(errors(corrupt(clips, f"gaussian-{sigma:g}", 0))))
    assert moved.mean() == pytest.approx(expected_offset(sigma), abs=0.09)


@pytest.mark.parametrize("kind", [*KINDS, "gaussian-3"])
def test_labels_pair_up_with_their_truth_and_stay_inside_the_clip(
    clips: list[LabelledClip], kind: str
) -> None:
    made = corrupt(clips, kind, 0)
    assert [clip.name for clip in made.clips] == [clip.name for clip in clips]
    for before, clip, truth in zip(clips, made.clips, made.truth, strict=True):
        assert all(0 <= label.frame < 256 for label in clip.events)
        assert {true for true in truth if true} <= set(before.events)
        assert clip.frames is before.frames


def test_no_noise_is_no_noise(clips: list[LabelledClip]) -> None:
    assert list(corrupt(clips, "none", 0).clips) == clips


def test_a_constant_is_two_frames_and_a_reaction_about_six(clips: list[LabelledClip]) -> None:
    assert np.concatenate(errors(corrupt(clips, "constant", 0))).mean() == pytest.approx(2, abs=0.1)
    assert np.median(np.concatenate(errors(corrupt(clips, "reaction", 0)))) == pytest.approx(6, abs=0.5)


def test_another_frame_rate_runs_away_in_every_fourth_match_only(clips: list[LabelledClip]) -> None:
    made = corrupt(clips, "rate", 0)
    for clip, truth, off in zip(made.clips, made.truth, errors(made), strict=True):
        stretched = int(clip.source.removeprefix("match")) % 4 == 0
        late = np.array([true.frame for true in truth if true]) / 24 if stretched else 0.0
        assert np.abs(off - late).mean() < 1.5


def test_rounding_leaves_only_frames_of_the_grid(clips: list[LabelledClip]) -> None:
    for kind, step in (("seconds", 25), ("keyframes", 12)):
        frames = {label.frame for clip in corrupt(clips, kind, 0).clips for label in clip.events}
        assert all(frame % step == 0 for frame in frames)


def test_annotators_take_matches_in_turn_and_keep_their_lag(clips: list[LabelledClip]) -> None:
    found = errors(corrupt(clips, "annotators", 0))
    lag = [np.mean(np.concatenate(found[4 * n :: 16][:1] + found[4 * n + 1 :: 16][:1])) for n in range(4)]
    assert np.argsort(lag).tolist() == [0, 1, 2, 3]


def test_an_outlier_may_be_far_off_but_is_rare(clips: list[LabelledClip]) -> None:
    moved = np.abs(np.concatenate(errors(corrupt(clips, "outliers", 0))))
    assert 0.01 < (moved > 4).mean() < 0.07
    assert moved.max() <= 12


def test_sparse_labels_miss_events_invent_some_and_swap_classes(clips: list[LabelledClip]) -> None:
    made = corrupt(clips, "sparse", 0)
    total = sum(len(clip.events) for clip in clips)
    pairs = [
        pair for c, t in zip(made.clips, made.truth, strict=True) for pair in zip(c.events, t, strict=True)
    ]
    true = [(label, event) for label, event in pairs if event]
    assert len(true) / total == pytest.approx(0.9, abs=0.03)
    assert (len(pairs) - len(true)) / total == pytest.approx(0.05, abs=0.02)
    assert np.mean([label.label != event.label for label, event in true]) == pytest.approx(0.056, abs=0.02)


def test_the_same_seed_gives_the_same_labels_and_another_seed_others(clips: list[LabelledClip]) -> None:
    one, again, other = (corrupt(clips, "offsets", seed).clips for seed in (0, 0, 1))
    assert one == again != other


def test_an_unknown_kind_is_refused(clips: list[LabelledClip]) -> None:
    with pytest.raises(BadConfig, match="noise 'wobble'"):
        corrupt(clips, "wobble", 0)
