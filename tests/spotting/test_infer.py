"""Evidence and predictions of a trained spotter: what they hold, and that features are computed once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from spotting import augment
from spotting.config import TrainConfig
from spotting.events import Event, LabelledClip
from spotting.features import clip_features
from spotting.frame_scores import average_windows, centroids, frame_scores, smooth_scores, soft_nms
from spotting.infer import evidence, predict, read_clip, window_starts
from spotting.progress import silent
from spotting.spotter import Spotter
from spotting.windows import read_window
from tests.spotting.conftest import Pictures
from tests.spotting.trained import CLASSES, trained

Tiny = Callable[..., TrainConfig]


@pytest.mark.parametrize("length", [3, 15, 16, 17, 40, 100])
def test_windows_cover_every_frame_and_inner_ones_twice(length: int) -> None:
    starts = window_starts(length, 16, 2)
    covered = np.zeros(length, int)
    for start in starts:
        covered[max(0, start) : start + 16] += 1
    assert starts[0] == -2
    assert (covered > 0).all()
    assert (covered[8:-8] >= 2).all()
    assert starts[-1] + 16 <= max(length + 2, 16 - 2)


@pytest.fixture
def spotter(tiny: Tiny) -> Spotter:
    torch.manual_seed(0)
    return Spotter(tiny(objective="dla"), CLASSES).eval()


def test_features_in_chunks_equal_those_of_one_run(spotter: Spotter, clips: list[LabelledClip]) -> None:
    frames = clips[0].frames
    with torch.no_grad():
        parts = [(-2, 7), (7, 19), (19, 20), (20, 42)]
        chunked = torch.cat([clip_features(spotter, frames, *part, (-2, 42), "cpu") for part in parts])
        pictures, present = read_window(frames, -2, 44, 32, "whole")
        batch, there = torch.from_numpy(pictures)[None], torch.from_numpy(present)[None]
        whole = spotter.features(augment.apply(batch, there, augment.plain_draws([32], 32)))[0]
    assert torch.allclose(chunked, whole, atol=1e-5)


def test_a_gate_shift_networks_features_in_chunks_equal_those_of_one_run(tiny: Tiny) -> None:
    """With gates and residual branches open (timm closes them at first): without the margin it would show."""
    torch.manual_seed(0)
    spotter = Spotter(tiny(objective="static", backbone="regnety_002", width=368, heads=8), CLASSES).eval()
    for name, weight in spotter.backbone.named_parameters():
        if name.endswith(("gate.weight", "bn.weight")):
            torch.nn.init.normal_(weight, mean=1.0, std=0.3)
    frames = Pictures(np.random.default_rng(0).integers(0, 256, (90, 32, 32, 3), np.uint8))
    with torch.no_grad():
        whole = clip_features(spotter, frames, -2, 92, (-2, 92), "cpu")
        part = clip_features(spotter, frames, 40, 45, (-2, 92), "cpu")
        cut = clip_features(spotter, frames, 40, 45, (40, 45), "cpu")
    assert torch.allclose(part, whole[42:47], rtol=1e-3, atol=1e-4)
    assert not torch.allclose(cut, whole[42:47], rtol=1e-2, atol=1e-3)


def test_outputs_of_a_window_are_the_spotters(spotter: Spotter, clips: list[LabelledClip]) -> None:
    starts, outputs = read_clip(spotter, clips[0].frames, "cpu", silent)
    with torch.no_grad():
        limits = (int(starts[0]), int(starts[-1]) + 16)
        features = clip_features(spotter, clips[0].frames, *limits, limits, "cpu")
        alone = spotter.read(features[None, 8:24])
    assert starts[1] == starts[0] + 8
    assert outputs.query_logits_LBQC is not None
    assert torch.allclose(outputs.query_logits_LBQC[:, 1:2], alone.query_logits_LBQC, atol=1e-5)


def test_predictions_are_equation_9_averaged_and_suppressed(
    spotter: Spotter, clips: list[LabelledClip]
) -> None:
    starts, outputs = read_clip(spotter, clips[0].frames, "cpu", silent)
    scores, times = outputs.query_logits_LBQC[-1].sigmoid().numpy(), outputs.times_LBQ[-1].numpy()
    windows = np.stack([frame_scores(*pair, 16) for pair in zip(scores, times, strict=True)])
    expected = soft_nms(average_windows(windows, starts, 40))
    found = predict(spotter, clips[0].frames, device="cpu")
    assert found
    assert {(p.label, p.frame) for p in found} == {
        (CLASSES[label], frame) for frame, label in np.argwhere(expected > 0.01).tolist()
    }
    assert all(p.score == pytest.approx(expected[p.frame, CLASSES.index(p.label)]) for p in found)
    unsuppressed = predict(spotter, clips[0].frames, device="cpu", suppression="none")
    assert len(unsuppressed) >= len(found)


@pytest.mark.parametrize("objective", ["dla", "static"])
def test_a_clip_within_one_window_reads_the_same_merged_as_averaged(
    tiny: Tiny, clips: list[LabelledClip], objective: str
) -> None:
    """Without suppression every moment of a single window stands where Eq. 9 puts it, with its score."""
    torch.manual_seed(0)
    spotter = Spotter(tiny(objective=objective, blank_frames=0, prior=0.3), CLASSES)
    short = Pictures(clips[0].frames.read(range(16)))
    arguments = {"device": "cpu", "suppression": "none"}
    merged = predict(spotter, short, read_out="merged", **arguments)
    averaged = {(p.label, p.frame): p.score for p in predict(spotter, short, **arguments)}
    best = {}
    for found in merged:
        place = (found.label, found.frame)
        best[place] = max(best.get(place, 0.0), found.score)
    assert best
    if objective == "dla":
        assert best == pytest.approx(averaged)
    else:
        assert all(score == pytest.approx(averaged[place]) for place, score in best.items())


def test_windows_disagree_about_labels_that_two_of_them_hold(
    spotter: Spotter, clips: list[LabelledClip]
) -> None:
    edge = LabelledClip("edge", "edge", (Event("red", 1), Event("blue", 20)), clips[0].frames)
    first, inner = evidence(spotter, [edge], CLASSES, radius=4, device="cpu", progress=silent)
    assert np.isnan(first.disagreement)
    assert 0 <= inner.disagreement < 8
    starts, outputs = read_clip(spotter, edge.frames, "cpu", silent)
    scores = outputs.query_logits_LBQC[-1].sigmoid().numpy()
    frames = outputs.times_LBQ[-1].numpy() * 16 - 0.5
    holding = [w for w, start in enumerate(starts) if start <= 20 < start + 16]
    centres, weights = [], []
    for window in holding:
        curve = smooth_scores(scores[window], frames[window], 16)
        at = np.array([20 - starts[window]])
        offset, _ = centroids(curve[None], np.array([0]), at, np.array([1]))
        centres.append(float(offset[0]))
        weights.append(min(at[0] + 0.5, 15.5 - at[0]))
    mean = np.average(centres, weights=weights)
    assert inner.disagreement == pytest.approx(
        np.sqrt(np.average((np.array(centres) - mean) ** 2, weights=weights)), abs=1e-5
    )


def test_evidence_comes_for_every_label_in_order_and_is_missing_outside_the_clip(
    spotter: Spotter, clips: list[LabelledClip]
) -> None:
    edge = LabelledClip("edge", "edge", (Event("blue", 0), Event("red", 39)), clips[0].frames)
    found = evidence(spotter, [clips[1], edge], CLASSES, radius=5, device="cpu", progress=silent)
    assert [(e.clip, e.event) for e in found] == [(0, n) for n in range(len(clips[1].events))] + [
        (1, 0),
        (1, 1),
    ]
    assert all(e.scores_S.shape == (11,) and e.scores_S.dtype == np.float32 for e in found)
    assert np.isnan(found[-2].scores_S).tolist() == [True] * 5 + [False] * 6
    assert np.isnan(found[-1].scores_S).tolist() == [False] * 6 + [True] * 5
    assert all(
        e.matched is not None and (e.matched.clip, e.matched.event) == (e.clip, e.event) for e in found
    )


def test_evidence_is_what_was_scored_before_neighbours_are_suppressed(
    spotter: Spotter, clips: list[LabelledClip]
) -> None:
    crowd = LabelledClip("crowd", "crowd", (Event("red", 20), Event("red", 21)), clips[0].frames)
    found = evidence(spotter, [crowd], CLASSES, radius=6, device="cpu", progress=silent)
    starts, outputs = read_clip(spotter, crowd.frames, "cpu", silent)
    scores, frames = outputs.query_logits_LBQC[-1].sigmoid().numpy(), outputs.times_LBQ[-1].numpy() * 16 - 0.5
    whole = np.zeros((2, 40))
    for start, *pair in zip(starts, scores, frames, strict=True):
        for at, score in enumerate(smooth_scores(*pair, 16)[:, CLASSES.index("red")]):
            if 0 <= start + at < 40:
                weight = min(at + 0.5, 15.5 - at)
                whole[:, start + at] += weight * np.log(-np.log(1 - float(score))), weight
    told = 1 - np.exp(-np.exp(whole[0] / whole[1]))
    assert [each.scores_S for each in found] == pytest.approx(np.stack([told[14:27], told[15:28]]), abs=1e-5)


def test_evidence_does_not_depend_on_the_other_clips_or_labels(
    spotter: Spotter, clips: list[LabelledClip]
) -> None:
    together = evidence(spotter, clips, CLASSES, radius=5, device="cpu", progress=silent)
    only = LabelledClip("only", "only", clips[2].events[1:2], clips[2].frames)
    alone = evidence(spotter, [only], CLASSES, radius=5, device="cpu", progress=silent)[0]
    same = next(e for e in together if (e.clip, e.event) == (2, 1))
    assert np.array_equal(same.scores_S, alone.scores_S)


def test_evidence_knows_no_mixup_and_no_dilation(spotter: Spotter, clips: list[LabelledClip]) -> None:
    arguments = {"radius": 5, "device": "cpu", "progress": silent}
    plain = evidence(spotter, clips[:1], CLASSES, **arguments)
    spotter.config = replace(spotter.config, mixup=0.9, dilation=2)
    other = evidence(spotter, clips[:1], CLASSES, **arguments)
    assert all(np.array_equal(a.scores_S, b.scores_S) for a, b in zip(plain, other, strict=True))
    assert [each.matched for each in plain] == [each.matched for each in other]


@pytest.mark.parametrize("objective", [pytest.param("static", marks=pytest.mark.slow), "convolved"])
def test_evidence_of_unseen_clips_points_at_the_event_not_the_label(
    clips: list[LabelledClip], tiny: Tiny, tmp_path: Path, objective: str
) -> None:
    """Trained on three clips; the fourth's labels move by two frames, and the curves stay where they were."""
    config = tiny(objective=objective, sigma=0.0, epochs=25, frames_per_epoch=2 * 64)
    spotter = trained(clips[:3], config, tmp_path)
    moved = tuple(Event(event.label, event.frame + 2) for event in clips[3].events)
    shifted = LabelledClip("moved", "moved", moved, clips[3].frames)
    found = evidence(spotter, [shifted], CLASSES, radius=4, device="cpu", progress=silent)
    peaks = [int(np.nanargmax(e.scores_S)) - 4 for e in found]
    assert np.mean([peak == -2 for peak in peaks]) >= 0.75
