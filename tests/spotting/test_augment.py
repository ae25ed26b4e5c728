"""Augmentation: what each draw does to pixels and labels, and one padding for training and evaluation."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from spotting import augment
from spotting.config import TrainConfig
from spotting.targets import LabelRows

MEAN, DEVIATION = torch.tensor(augment.MEAN), torch.tensor(augment.DEVIATION)


PLAIN = augment.plain_draws([32, 32], 32)


def pictures(batch: int = 2, width: int = 32) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (batch, 3, 32, width, 3), generator=generator, dtype=torch.uint8)


def show(shown: torch.Tensor, there: torch.Tensor, draws: augment.Draws) -> torch.Tensor:
    return augment.apply(augment.crop(list(shown.numpy()), draws, 32), there, draws)


def present(batch: int = 2) -> torch.Tensor:
    return torch.ones(batch, 3, dtype=torch.bool)


def test_the_plain_view_is_the_normalised_centre() -> None:
    wide = pictures(width=48)
    shown = show(wide, present(), augment.plain_draws([48, 48], 32))
    expected = (wide[:, :, :, 8:40].float() / 255 - MEAN) / DEVIATION
    assert shown.shape == (2, 3, 3, 32, 32)
    assert torch.allclose(shown, expected.permute(0, 1, 4, 2, 3), atol=1e-5)


def test_a_flip_mirrors_every_frame_of_its_window_only() -> None:
    before = show(pictures(), present(), PLAIN)
    after = show(pictures(), present(), replace(PLAIN, flip_B=np.array([True, False])))
    assert torch.equal(after[0], before[0].flip(-1))
    assert torch.equal(after[1], before[1])


def test_a_shift_repeats_the_edge() -> None:
    plain = augment.plain_draws([32], 32)
    before = show(pictures(1), present(1), plain)
    after = show(pictures(1), present(1), replace(plain, top_B=np.array([3]), left_B=np.array([-2])))
    assert torch.equal(after[..., :29, 2:], before[..., 3:, :30])
    assert torch.equal(after[..., 31, 2:], before[..., 31, :30])
    assert torch.equal(after[..., :29, 0], before[..., 3:, 0])


def test_blank_frames_are_zero_in_training_as_in_evaluation(tiny: Callable[..., TrainConfig]) -> None:
    there = present()
    there[0, 0] = there[1, 2] = False
    rng = np.random.default_rng(0)
    config = tiny(colour=2.0, blur=True)
    for draws in (augment.draw(config, [32, 32], rng), PLAIN):
        shown = show(pictures(), there, draws)
        assert not shown[~there].any()
        assert shown[there].flatten(1).any(1).all()


def test_mixup_shares_pictures_with_the_next_window() -> None:
    first, second = show(pictures(), present(), PLAIN)
    mixed = show(pictures(), present(), replace(PLAIN, mix_B=np.array([0.7, 0.2], np.float32)))
    assert torch.allclose(mixed[0], 0.7 * first + 0.3 * second, atol=1e-5)
    assert torch.allclose(mixed[1], 0.2 * second + 0.8 * first, atol=1e-5)


def test_blur_is_a_normalised_gaussian_within_each_frame() -> None:
    dot = torch.zeros(1, 3, 32, 32, 3, dtype=torch.uint8)
    dot[0, 1, 16, 16] = 255
    draws = augment.plain_draws([32], 32)
    draws = replace(
        draws, colour_B33=np.eye(3, dtype=np.float32)[None], offset_B3=np.zeros((1, 3), np.float32)
    )
    shown = show(dot, present(1), replace(draws, blur_B=np.array([1.0], np.float32)))
    taps = np.exp(-0.5 * np.arange(-2, 3) ** 2.0)
    kernel = np.outer(taps, taps) / taps.sum() ** 2
    assert np.allclose(shown[0, 1, 0, 14:19, 14:19].numpy(), kernel, atol=1e-6)
    assert not shown[0, [0, 2]].any()


def test_colour_jitter_keeps_grey_grey_and_hue_turns_round(tiny: Callable[..., TrainConfig]) -> None:
    grey = np.full(3, 0.4)
    third = augment._hue(1 / 3)
    assert np.allclose(grey @ third, grey)
    assert np.allclose(np.array([1.0, 0, 0]) @ third, [0, 1, 0], atol=1e-9)
    assert np.allclose(np.linalg.matrix_power(third, 3), np.eye(3), atol=1e-9)
    draws = augment.draw(tiny(colour=1.0), [32] * 200, np.random.default_rng(0))
    seen = (np.full((200, 1, 3), 0.4) @ draws.colour_B33)[:, 0] + draws.offset_B3
    values = seen * np.array(augment.DEVIATION) + np.array(augment.MEAN)
    assert np.allclose(values, values[:, :1], atol=1e-5)
    assert 0.2 < values.min() < 0.4 < values.max() < 0.6


def test_draws_stay_in_their_ranges_and_can_be_switched_off(tiny: Callable[..., TrainConfig]) -> None:
    rng = np.random.default_rng(0)
    draws = augment.draw(tiny(shift=2, mixup=0.2, blur=True), [32] * 500, rng)
    assert (draws.top_B.min(), draws.top_B.max(), draws.left_B.min(), draws.left_B.max()) == (-2, 2, -2, 2)
    assert draws.flip_B.mean() == pytest.approx(0.5, abs=0.1)
    assert draws.mix_B is not None
    assert ((draws.mix_B > 0) & (draws.mix_B < 1)).all()
    off = augment.draw(tiny(shift=0, flip=False, colour=0.0), [32] * 50, rng)
    assert not off.top_B.any()
    assert not off.flip_B.any()
    assert not off.blur_B.any()
    assert off.mix_B is None
    assert np.array_equal(off.colour_B33, augment.plain_draws([32] * 50, 32).colour_B33)


def test_crops_cover_the_whole_width_of_each_clip(tiny: Callable[..., TrainConfig]) -> None:
    draws = augment.draw(tiny(framing="crop"), [56] * 250 + [32] * 250, np.random.default_rng(0))
    assert (draws.left_B[:250].min(), draws.left_B[:250].max()) == (0, 24)
    assert not draws.left_B[250:].any()
    assert not draws.top_B.any()


def test_a_flip_swaps_mirrored_classes_of_its_window_only() -> None:
    zeros = np.zeros(4, np.int64)
    rows = LabelRows(np.array([0, 0, 1, 1]), zeros, np.array([0, 2, 0, 1]), zeros, zeros)
    mirrored = augment.mirror_labels(
        rows, np.array([True, False]), ("left", "right", "up"), [("left", "right")]
    )
    assert mirrored.class_K.tolist() == [1, 2, 0, 1]


def test_windows_of_different_widths_are_cropped_to_one_size() -> None:
    windows = [pictures(1, 48)[0].numpy(), pictures(1, 40)[0].numpy()]
    cut = augment.crop(windows, augment.plain_draws([48, 40], 32), 32)
    assert np.array_equal(cut[0], windows[0][:, :, 8:40])
    assert np.array_equal(cut[1], windows[1][:, :, 4:36])
