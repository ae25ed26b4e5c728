"""Temporal shift and the nano backbone: what looks where in time."""

import torch

from spotting.backbone import NanoBackbone, TemporalShift, with_differences


def test_the_shift_moves_an_eighth_each_way_within_a_window() -> None:
    x = torch.randn(2 * 5, 16, 2, 3)
    shifted = TemporalShift.apply(x, 5)
    assert isinstance(shifted, torch.Tensor)
    for window in range(2):
        for frame in range(5):
            for channel in range(16):
                source = frame + (-1 if channel < 2 else 1 if channel < 4 else 0)
                expected = x[window * 5 + source, channel] if 0 <= source < 5 else torch.zeros(2, 3)
                assert torch.equal(shifted[window * 5 + frame, channel], expected)


def test_the_shifts_gradient_is_right() -> None:
    x = torch.randn(6, 16, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda features: TemporalShift.apply(features, 3), (x,))


def test_differences_look_one_frame_back_and_ahead() -> None:
    pictures = torch.randn(1, 3, 3, 2, 2)
    widened = with_differences(pictures)
    grey = pictures.mean(2)
    assert torch.equal(widened[:, :, :3], pictures)
    assert torch.allclose(widened[0, 1, 3], 2 * (grey[0, 1] - grey[0, 0]))
    assert torch.allclose(widened[0, 1, 4], 2 * (grey[0, 2] - grey[0, 1]))
    assert not widened[0, 0, 3].any()
    assert not widened[0, 2, 4].any()


def test_a_picture_reaches_no_further_than_the_backbone_says() -> None:
    torch.manual_seed(0)
    backbone = NanoBackbone(32).eval()
    pictures = torch.randn(1, 15, 3, 32, 32)
    changed = pictures.clone()
    changed[0, 7] += 1
    with torch.no_grad():
        moved = (backbone(pictures) - backbone(changed)).abs().amax(-1)[0] > 1e-6
    assert moved.nonzero().flatten().tolist() == list(range(7 - backbone.reach, 7 + backbone.reach + 1))


def test_larger_pictures_give_features_of_the_same_width() -> None:
    backbone = NanoBackbone(32)
    assert backbone(torch.randn(2, 3, 3, 96, 96)).shape == (2, 3, 32)
