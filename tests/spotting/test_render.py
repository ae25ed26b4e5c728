"""Sample clips: their labels are exactly known, their videos ordinary, and they need motion to be read."""

import json
from pathlib import Path

import av
import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.progress import Stopped
from spotting.rally import BALL_RADIUS, CLASSES, Rally, simulate
from spotting.render import render_dataset, width_of
from spotting.scene import draw_outfit, pictures
from spotting.venue import draw_background, draw_venue


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    render_dataset(folder, clips=5, frames=60, size=64, seed=3, sigma=2.0)
    return folder


def rallies(count: int, frames: int = 400) -> list[Rally]:
    return [simulate(np.random.default_rng(seed), frames) for seed in range(count)]


def test_writes_ordinary_videos_with_as_many_pictures_as_the_labels_say(dataset: Path) -> None:
    clips = json.loads((dataset / "labels.json").read_text())
    assert [clip["video"] for clip in clips] == [f"match0{match}_clip01" for match in range(1, 6)]
    for clip in clips:
        with av.open(str(dataset / "videos" / f"{clip['video']}.mp4")) as container:
            stream = container.streams.video[0]
            assert stream.codec_context.name == "h264"
            assert stream.average_rate == clip["fps"]
            assert (stream.width, stream.height) == (clip["width"], clip["height"]) == (114, 64)
            assert sum(1 for _ in container.decode(stream)) == clip["num_frames"] == 60


def test_labels_and_truth_pair_up_event_by_event(dataset: Path) -> None:
    labels, truth = (json.loads((dataset / name).read_text()) for name in ("labels.json", "truth.json"))
    assert (dataset / "class.txt").read_text().split() == list(CLASSES)
    for noisy, true in zip(labels, truth, strict=True):
        assert noisy["num_events"] == len(noisy["events"])
        assert [e["label"] for e in noisy["events"]] == [e["label"] for e in true["events"]]
        assert all(0 <= e["frame"] < noisy["num_frames"] for e in noisy["events"])
        assert all(abs(e["frame"] - e["time"]) <= 0.5 for e in true["events"])


def test_label_noise_has_the_size_asked_for(tmp_path: Path) -> None:
    render_dataset(tmp_path, clips=24, frames=200, size=32, sigma=2.0)
    labels, truth = (json.loads((tmp_path / name).read_text()) for name in ("labels.json", "truth.json"))
    moved = [
        abs(a["frame"] - b["frame"])
        for noisy, true in zip(labels, truth, strict=True)
        for a, b in zip(noisy["events"], true["events"], strict=True)
    ]
    assert len(moved) > 250
    assert np.mean(moved) == pytest.approx(1.58, abs=0.2)


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        render_dataset(tmp_path / name, clips=1, frames=40, size=32, seed=seed)
    for file in ("labels.json", "truth.json", "videos/match01_clip01.mp4"):
        a, b, c = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert a == b != c


def test_clips_of_a_match_share_a_venue_and_venues_recur(tmp_path: Path) -> None:
    render_dataset(tmp_path, clips=16, frames=2, size=32)
    names = sorted(path.stem for path in (tmp_path / "videos").iterdir())
    assert names[:5] == [*(f"match01_clip0{clip}" for clip in range(1, 5)), "match02_clip01"]
    first = {name: first_picture(tmp_path / "videos" / f"{name}.mp4") for name in names}
    same_match = difference(first["match01_clip01"], first["match01_clip02"])
    same_venue = difference(first["match01_clip01"], first["match03_clip01"])
    other_venue = difference(first["match01_clip01"], first["match02_clip01"])
    assert max(same_match, same_venue) < 0.6 * other_venue


def test_consecutive_events_are_8_to_40_frames_apart() -> None:
    gaps = np.concatenate([np.diff([time for time, _ in rally.events]) for rally in rallies(60)])
    assert gaps.min() >= 8
    assert gaps.max() <= 40


def test_every_event_is_a_kink_in_the_balls_way_and_nothing_else_but_the_toss_is() -> None:
    for rally in rallies(20):
        times = np.arange(0, 400, 0.05)
        velocity = np.gradient(rally.ball(times), times, axis=0)
        turns = np.abs(np.diff(velocity, axis=0)).max(axis=1)
        kinks = times[1:][np.nan_to_num(turns) > 0.1]
        events = np.array([time for time, _ in rally.events])
        tosses = [swing.toss for side in rally.swings for swing in side if swing.toss is not None]
        known = np.concatenate([events, tosses])
        assert all(np.abs(known - kink).min() < 0.2 for kink in kinks if 1 < kink < 398)
        assert all(np.abs(kinks - event).min() < 0.2 for event in events if 1 < event < 398)


def test_the_ball_stays_above_ground_and_clears_the_net() -> None:
    for rally in rallies(20):
        times = np.arange(0, 400, 0.1)
        ball = rally.ball(times)
        assert np.nanmin(ball[:, 2]) >= BALL_RADIUS - 1e-6
        crossings = np.nonzero(ball[1:, 1] * ball[:-1, 1] < 0)[0]
        assert (ball[crossings, 2] > 0.85).all()


def test_a_swing_beside_the_ball_is_not_always_a_hit() -> None:
    swings = [swing.time for rally in rallies(20) for side in rally.swings for swing in side]
    swings = [time for time in swings if 0 < time < 399]
    hits = [time for rally in rallies(20) for time, label in rally.events if label != "bounce"]
    assert len(swings) > 1.15 * len(hits)


def test_pictures_come_at_the_size_asked_for() -> None:
    rng = np.random.default_rng(0)
    venue = draw_venue(rng, 0, width_of(48) / 48)
    outfits = (draw_outfit(rng), draw_outfit(rng))
    film = list(pictures(simulate(rng, 5), venue, outfits, draw_background(venue, 48), 5, 48, rng))
    assert len(film) == 5
    assert {(picture.shape, picture.dtype.name) for picture in film} == {((48, 86, 3), "uint8")}


def test_refuses_a_size_that_cannot_be_encoded(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="size 51"):
        render_dataset(tmp_path, size=51)


def test_stops_when_asked(tmp_path: Path) -> None:
    def stop(done: float, total: float, note: str = "") -> None:
        if done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        render_dataset(tmp_path, clips=3, frames=4, size=32, progress=stop)


def first_picture(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())
